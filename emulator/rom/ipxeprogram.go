package rom

import "slices"

// A build is what one iPXE was made with.
type build struct {
	version string
	uefi    bool
	drivers bool // its own for many cards: ipxe.pxe and ipxe.efi, not undionly.kpxe and snponly.efi
}

// IPXEProgram is iPXE as a boot program: it asks for a lease as the ROM of that version does, but that its features,
// which the linker puts in an order of its own for each program, are others.
func IPXEProgram(version string, uefi, drivers bool) Profile {
	b := build{version, uefi, drivers}
	p := ipxeBIOS()
	if version != "1.0.0" {
		p = ipxeBIOSOf(version)
	}
	if uefi {
		p = p.forUEFI()
	}
	if features := b.features(); features != nil {
		p.Features = append(slices.Clone(p.Features[:busAndVersion]), features...)
	}
	p.Name, p.Evidence, p.Citation = b.name(), Capture, "testdata/captures "+b.name()+"; iPXE src/net/udp/dhcp.c, src/core/dhcppkt.c"
	return p
}

// busAndVersion are the first bytes of option 175.
const busAndVersion = 12

// forUEFI is the same version of it for UEFI, where the card is QEMU's virtio-net-pci.
func (p Profile) forUEFI() Profile {
	u := ipxeEFI()
	u.Params, u.HTTP.Request = p.Params, p.HTTP.Request
	copy(u.Features[busAndVersion-3:], p.Features[busAndVersion-3:busAndVersion])
	return u
}

func (b build) name() string {
	return map[bool]map[bool]string{false: {false: "undionly", true: "ipxe-pxe"}, true: {false: "snponly", true: "ipxe-efi-program"}}[b.uefi][b.drivers] + "-" + b.version[:len(b.version)-2]
}

// features are the flags that captures show; nil: those of the ROM.
func (b build) features() []byte {
	codes := map[build]string{
		{"1.0.0", false, true}:   "\x17\x22\x13\x11\x27\x19\x29\x10\x21\x15\x18\x1b\x12",
		{"1.21.1", false, false}: "\x26\x17\x27\x22\x13\x14\x11\x19\x29\x10\x21\x15\x18\x12",
		{"1.21.1", false, true}:  "\x26\x17\x1b\x12\x27\x22\x13\x14\x11\x19\x29\x10\x21\x15\x18",
		{"1.21.1", true, false}:  "\x26\x17\x27\x24\x13\x14\x11\x29\x15\x12",
		{"1.0.0", true, true}:    "\x17\x24\x13\x11\x27\x29\x15\x1b\x12",
		{"1.21.1", true, true}:   "\x26\x17\x27\x24\x13\x14\x11\x29\x1b\x15\x12",
		{"2.0.0", true, true}:    "\x26\x17\x27\x24\x13\x14\x11\x29\x1b\x15\x12",
		{"2.0.0", true, false}:   "\x26\x17\x27\x24\x13\x14\x11\x29\x15\x12",
		{"2.0.0", false, false}:  "\x17\x27\x22\x13\x14\x11\x19\x29\x10\x21\x15\x26\x18\x12",
		{"2.0.0", false, true}:   "\x26\x1b\x12\x17\x27\x22\x13\x14\x11\x19\x29\x10\x21\x15\x18",
	}[b]
	const pxext = 0x10
	var all []byte
	for _, code := range []byte(codes) {
		level := byte(1)
		if code == pxext {
			level = 2
		}
		all = append(all, code, 1, level)
	}
	return all
}
