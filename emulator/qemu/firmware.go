package qemu

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// A firmware is what a machine has instead of an operating system.
type firmware struct {
	name  string
	nic   string   // the card it has a driver for, unless the Spec names another
	card  string   // more of the card's properties
	boot  []string // how it finds the network first
	args  []string
	files []string // what must be there for it
}

// Debian's OVMF. The 4M build is the one that will stay.
const (
	ovmfCode = "/usr/share/OVMF/OVMF_CODE_4M.fd"
	ovmfVars = "/usr/share/OVMF/OVMF_VARS_4M.fd"
)

// firmwares are those a Spec can name; the first is the default.
//
// SeaBIOS asks the order of devices of -boot, OVMF of bootindex. OVMF boots with the drivers and the PXE
// of EDK2 only if the card has no ROM of its own: QEMU's would bring iPXE. It needs a source of random
// numbers, since without one newer builds have no network; and as its variables must be writable, it
// writes them into a snapshot, which QEMU keeps in a file without a name.
func firmwares() []firmware {
	ovmf := firmware{
		name: "ovmf-x64", nic: "virtio-net-pci", card: ",romfile=,bootindex=1",
		args: []string{
			"-drive", "if=pflash,unit=0,format=raw,readonly=on,file=" + ovmfCode,
			"-drive", "if=pflash,unit=1,format=raw,snapshot=on,file=" + ovmfVars,
			"-device", "virtio-rng-pci",
		},
		files: []string{ovmfCode, ovmfVars},
	}
	// The same, without the four PXE attempts of a minute that come before HTTP boot otherwise
	// (OvmfPkg, NetworkPkg: opt/org.tianocore/IPv4PXESupport).
	http := ovmf
	http.name = "ovmf-x64-http"
	http.args = append(slices.Clone(ovmf.args),
		"-fw_cfg", "name=opt/org.tianocore/IPv4PXESupport,string=no",
		"-fw_cfg", "name=opt/org.tianocore/IPv6PXESupport,string=no")
	// The iPXE for UEFI that the ROM of QEMU's card holds: EDK2 leaves PXE to it.
	ipxe := ovmf
	ipxe.name, ipxe.card = "ipxe-efi", ",bootindex=1"
	return []firmware{{name: "ipxe-bios", nic: "e1000", boot: []string{"-boot", "n"}}, ovmf, http, ipxe}
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
	for _, file := range f.files {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("no %s here: apt-get install --no-install-recommends ovmf", file)
		}
	}
	return nil
}
