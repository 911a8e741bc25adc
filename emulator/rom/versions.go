package rom

import (
	"bytes"
	"slices"
)

// ipxeBIOSOf is a newer iPXE ROM of the same card, from Debian 13 (1.21.1) or sid (2.0.0).
func ipxeBIOSOf(version string) Profile {
	p := ipxeBIOS()
	p.Name += "@" + version
	p.Citation = "testdata/captures ipxe-bios-" + version[:len(version)-2] + " and the same -http; iPXE src/net/udp/dhcp.c, src/config/general.h"
	p.HTTP.Request = ipxeRequest("1.21.1+git20250501.dad20602+dfsg-1")
	p.Params = insert(p.Params, 26, 42) // NTP's servers
	// The same bus id; of 1.21.1 the version says 1.0.0 still. VLAN (0x26) and HTTPS (0x14) are built in now.
	p.Features = []byte{0xb1, 5, 1, 0x80, 0x86, 0x10, 0x0e, 0xeb, 3, 1, 0, 0,
		0x26, 1, 1, 0x17, 1, 1, 0x27, 1, 1, 0x22, 1, 1, 0x13, 1, 1, 0x14, 1, 1, 0x11, 1, 1, 0x19, 1, 1, 0x29, 1, 1,
		0x10, 1, 2, 0x21, 1, 1, 0x15, 1, 1, 0x12, 1, 1, 0x18, 1, 1}
	if version == "2.0.0" {
		p.Params = insert(p.Params, 119, 121) // routes
		p.Features[9] = 2
		p.HTTP.Request = ipxeRequest("2.0.0+dfsg-5")
	}
	return p
}

// insert puts a code behind another.
func insert(codes []byte, behind, code byte) []byte {
	at := bytes.IndexByte(codes, behind) + 1
	return slices.Insert(slices.Clone(codes), at, code)
}

// ipxeDriverOf is a newer iPXE ROM for UEFI: it is a driver of the card alone, so EDK2's PXE asks, and takes the version
// of the card's interface (option 94) from it.
func ipxeDriverOf(version string) Profile {
	p := edk2X64()
	p.Name = "ipxe-efi@" + version
	p.Citation = "testdata/captures ipxe-efi-" + version[:len(version)-2] + "; " + p.Citation
	p.Class, p.UNDI = "PXEClient:Arch:00007:UNDI:003001", [3]byte{1, 3, 1}
	return p
}

// edk2X64Of is a newer OVMF. Nothing that it sends is another.
func edk2X64Of(version string) Profile {
	p := edk2X64()
	p.Name += "@" + version
	p.Citation = "testdata/captures ovmf-" + version[:4] + "; " + p.Citation
	return p
}
