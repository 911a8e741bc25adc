package qemu

import (
	"runtime"
	"slices"
	"strings"
)

// A firmware is what a machine has instead of an operating system.
type firmware struct {
	name     string
	platform platform
	nic      string   // the card it has a driver for, unless the Spec names another
	card     string   // more of the card's properties
	boot     []string // how it finds the network first
	args     []string
	files    []file // what must be there for it
	set      string // the Debian package whose versions it may be asked for in
}

// A file is one that must be there, by one of its names, and how it comes there.
type file struct {
	names []string
	from  string
}

// A platform is the machine that a firmware is for.
type platform struct {
	board   string
	binary  string
	machine []string // -machine and what belongs to it
	screen  []string
	foreign bool // its processor is another than that of an x86 host: it is emulated
	from    string
}

// Debian's OVMF and AAVMF. The 4M build of OVMF is the one that will stay.
const (
	ovmf  = "/usr/share/OVMF/OVMF"
	aavmf = "/usr/share/AAVMF/AAVMF"
)

// platforms: the PC of the nineties, which everything here began with; the later one, whose firmware has a mode of
// its own (SMM), without which Secure Boot's keys would be anybody's; and the board that exists in QEMU alone.
// graphics=off makes SeaBIOS talk on the serial line; UEFI does anyway.
func pc() platform {
	return platform{
		board: "pc", binary: "qemu-system-x86_64", machine: []string{"-machine", "pc,graphics=off"},
		screen: []string{"-vga", "std"}, from: pcPackages,
	}
}

func q35() platform {
	p := pc()
	p.board = "q35"
	p.machine = []string{"-machine", "q35,smm=on,graphics=off", "-global", "driver=cfi.pflash01,property=secure,value=on"}
	return p
}

func virt(cpu string) platform {
	return platform{
		board: "virt", binary: "qemu-system-aarch64",
		// It has no keyboard of its own, and menus wait for keys.
		machine: []string{"-machine", "virt", "-cpu", cpu, "-device", "qemu-xhci", "-device", "usb-kbd"},
		foreign: runtime.GOARCH != "arm64", from: "qemu-system-arm",
	}
}

// virt32 is the same board before ARM64.
func virt32() platform {
	p := virt("cortex-a15")
	p.binary, p.foreign = "qemu-system-arm", true
	p.machine = slices.Clone(p.machine)
	p.machine[1] = "virt,highmem=off"
	return p
}

// edk2 is UEFI that boots by its own PXE.
//
// SeaBIOS asks the order of devices of -boot, OVMF of bootindex. OVMF boots with the drivers and the PXE
// of EDK2 only if the card has no ROM of its own: QEMU's would bring iPXE. It needs a source of random
// numbers, since without one newer builds have no network; and as its variables must be writable, it
// writes them into a snapshot, which QEMU keeps in a file without a name.
func edk2(name string, p platform, set string, at places, code, vars string) firmware {
	code, vars = at.root(set)+code, at.root(set)+vars
	return firmware{
		name: name, platform: p, nic: "virtio-net-pci", card: ",romfile=,bootindex=1",
		args: []string{
			"-drive", "if=pflash,unit=0,format=raw,readonly=on,file=" + option(code),
			"-drive", "if=pflash,unit=1,format=raw,snapshot=on,file=" + option(vars),
			"-device", "virtio-rng-pci",
		},
		files: []file{{[]string{code}, at.from(set)}, {[]string{vars}, at.from(set)}}, set: set,
	}
}

// option is a value inside of a QEMU option, where a comma begins the next.
func option(value string) string { return strings.ReplaceAll(value, ",", ",,") }

// http is the same firmware without the four PXE attempts of a minute that come before HTTP boot otherwise
// (OvmfPkg, NetworkPkg: opt/org.tianocore/IPv4PXESupport).
func (f firmware) http() firmware {
	f.name += "-http"
	f.args = append(slices.Clone(f.args),
		"-fw_cfg", "name=opt/org.tianocore/IPv4PXESupport,string=no",
		"-fw_cfg", "name=opt/org.tianocore/IPv6PXESupport,string=no")
	return f
}

// firmwares are those a Spec can name; the first is the default. The variables of the secure ones have Microsoft's
// keys, as those of machines that are sold.
func firmwares(at places) []firmware {
	x64 := edk2("ovmf-x64", pc(), "ovmf", at, ovmf+"_CODE_4M.fd", ovmf+"_VARS_4M.fd")
	secure := edk2("ovmf-x64-secure", q35(), "ovmf", at, ovmf+"_CODE_4M.ms.fd", ovmf+"_VARS_4M.ms.fd")
	arm64 := edk2("aavmf-arm64", virt(at.armCPU()), "qemu-efi-aarch64", at, aavmf+"_CODE.fd", aavmf+"_VARS.fd")
	arm := edk2("aavmf-arm", virt32(), "qemu-efi-arm", at, aavmf+"32_CODE.fd", aavmf+"32_VARS.fd")
	// Of this one only the build for Secure Boot is in every version, which wants its chipset; it has no keys.
	ia32 := edk2("ovmf-ia32", q35(), "ovmf-ia32", at, ovmf+"32_CODE_4M.secboot.fd", ovmf+"32_VARS_4M.fd")
	bios := firmware{name: "ipxe-bios", platform: pc(), nic: "e1000", boot: []string{"-boot", "n"}}
	// The iPXE for UEFI that the ROM of QEMU's card holds: this host's EDK2 leaves PXE to it.
	ipxe := edk2("ipxe-efi", pc(), "ovmf", places{}, ovmf+"_CODE_4M.fd", ovmf+"_VARS_4M.fd")
	ipxe.card = ",bootindex=1"
	seabios := bios
	seabios.name = "seabios"
	return append([]firmware{
		bios.roms("ipxe-qemu", at), x64, x64.http(), secure, secure.http(), arm64, arm64.http(),
		ipxe.roms("ipxe-qemu", at), seabios.roms("seabios", at),
		ia32, ia32.http(), arm, arm.http(),
	}, uboots(at)...)
}

func names(all []firmware) []string {
	var list []string
	for _, f := range all {
		list = append(list, f.name)
	}
	return list
}

// Firmware names what a Spec can name.
func Firmware() []string { return names(firmwares(places{})) }
