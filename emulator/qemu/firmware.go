package qemu

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
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
	files    []string // what must be there for it
	from     string   // the Debian package that has them
}

// A platform is the machine that a firmware is for.
type platform struct {
	binary  string
	machine []string // -machine and what belongs to it
	screen  []string
	foreign bool // its processor is another than that of an x86 host: it is emulated
	from    string
}

// Debian's OVMF and AAVMF. The 4M build of OVMF is the one that will stay.
const (
	ovmf  = "/usr/share/OVMF/OVMF_"
	aavmf = "/usr/share/AAVMF/AAVMF_"
)

// platforms: the PC of the nineties, which everything here began with; the later one, whose firmware has a mode of
// its own (SMM), without which Secure Boot's keys would be anybody's; and the board that exists in QEMU alone.
// graphics=off makes SeaBIOS talk on the serial line; UEFI does anyway.
func pc() platform {
	return platform{
		binary: "qemu-system-x86_64", machine: []string{"-machine", "pc,graphics=off"},
		screen: []string{"-vga", "std"}, from: pcPackages,
	}
}

func q35() platform {
	p := pc()
	p.machine = []string{"-machine", "q35,smm=on,graphics=off", "-global", "driver=cfi.pflash01,property=secure,value=on"}
	return p
}

func virt() platform {
	return platform{
		binary: "qemu-system-aarch64",
		// It has no keyboard of its own, and menus wait for keys.
		machine: []string{"-machine", "virt", "-cpu", "cortex-a57", "-device", "qemu-xhci", "-device", "usb-kbd"},
		foreign: runtime.GOARCH != "arm64", from: "qemu-system-arm",
	}
}

// edk2 is UEFI that boots by its own PXE.
//
// SeaBIOS asks the order of devices of -boot, OVMF of bootindex. OVMF boots with the drivers and the PXE
// of EDK2 only if the card has no ROM of its own: QEMU's would bring iPXE. It needs a source of random
// numbers, since without one newer builds have no network; and as its variables must be writable, it
// writes them into a snapshot, which QEMU keeps in a file without a name.
func edk2(name string, p platform, code, vars, from string) firmware {
	return firmware{
		name: name, platform: p, nic: "virtio-net-pci", card: ",romfile=,bootindex=1",
		args: []string{
			"-drive", "if=pflash,unit=0,format=raw,readonly=on,file=" + code,
			"-drive", "if=pflash,unit=1,format=raw,snapshot=on,file=" + vars,
			"-device", "virtio-rng-pci",
		},
		files: []string{code, vars}, from: from,
	}
}

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
func firmwares() []firmware {
	x64 := edk2("ovmf-x64", pc(), ovmf+"CODE_4M.fd", ovmf+"VARS_4M.fd", "ovmf")
	secure := edk2("ovmf-x64-secure", q35(), ovmf+"CODE_4M.ms.fd", ovmf+"VARS_4M.ms.fd", "ovmf")
	arm64 := edk2("aavmf-arm64", virt(), aavmf+"CODE.fd", aavmf+"VARS.fd", "qemu-efi-aarch64")
	// The iPXE for UEFI that the ROM of QEMU's card holds: EDK2 leaves PXE to it.
	ipxe := x64
	ipxe.name, ipxe.card = "ipxe-efi", ",bootindex=1"
	return []firmware{
		{name: "ipxe-bios", platform: pc(), nic: "e1000", boot: []string{"-boot", "n"}},
		x64, x64.http(), secure, secure.http(), arm64, arm64.http(), ipxe,
	}
}

// lookupFirmware finds one by name, "" being the default.
func lookupFirmware(name string) (firmware, error) {
	all := firmwares()
	if name == "" {
		return all[0], nil
	}
	i := slices.IndexFunc(all, func(f firmware) bool { return f.name == name })
	if i < 0 {
		return firmware{}, fmt.Errorf("firmware %q: no real machine has it here; real guests have %s", name, strings.Join(names(all), ", "))
	}
	return all[i], nil
}

func names(all []firmware) []string {
	var list []string
	for _, f := range all {
		list = append(list, f.name)
	}
	return list
}

// Known says whether a real machine can have a firmware.
func Known(name string) error {
	_, err := lookupFirmware(name)
	return err
}

// Firmware names what a Spec can name.
func Firmware() []string { return names(firmwares()) }

// Installed says what is missing on this host for machines with that firmware.
func Installed(name string) error {
	f, err := lookupFirmware(name)
	if err != nil {
		return err
	}
	if _, err := exec.LookPath(f.platform.binary); err != nil {
		return fmt.Errorf("no %s here: %s", f.platform.binary, aptGet+f.platform.from)
	}
	return f.installed()
}

func (f firmware) installed() error {
	for _, file := range f.files {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("no %s here: %s", file, aptGet+f.from)
		}
	}
	return nil
}
