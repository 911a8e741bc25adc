package build

import (
	"fmt"
	"maps"
	"strings"

	"github.com/bootrig/bootrig/server/media/header"
	"github.com/bootrig/bootrig/server/media/pe"
)

// A Disk is what UEFI's HTTP boot takes as one file, and makes a disk in memory of: a volume with a loader, its
// configuration and all that it boots. No DHCP field and no other server can lead the loader astray, and it is
// the one way that was seen to boot unattended under Secure Boot by a distribution's own signed programs.
type Disk struct {
	Shim   Part // signed; without it the GRUB is what the firmware starts
	GRUB   Part // the one that the shim trusts
	Config string
	Files  map[string]Part // kernels and initrds, by the names in Config
}

// Image makes it. Its name has to end in .img: firmware goes by that, or by the type application/vnd.efi-img.
func (d Disk) Image() (Part, error) {
	grub, err := ReadGRUB(d.GRUB)
	if err != nil {
		return Part{}, fmt.Errorf("a disk for HTTP boot: %w", err)
	}
	suffix := header.Suffix(header.CPU(grub.file.Machine))
	if suffix == "" {
		return Part{}, fmt.Errorf("a disk for HTTP boot: its GRUB is for machine %#04x, which firmware has no name for", grub.file.Machine)
	}
	files := maps.Clone(d.Files)
	if files == nil {
		files = map[string]Part{}
	}
	if err := d.loaders(files, grub, suffix); err != nil {
		return Part{}, fmt.Errorf("a disk for HTTP boot: %w", err)
	}
	for _, name := range grub.Configs() {
		files[name] = Text(d.Config)
	}
	return FAT(files)
}

// loaders puts the programs where firmware and shim look for them.
func (d Disk) loaders(files map[string]Part, grub *GRUB, suffix string) (err error) {
	first := "EFI/BOOT/BOOT" + strings.ToUpper(suffix) + ".EFI"
	if d.Shim.Size == 0 {
		files[first] = d.GRUB
		if !strings.HasPrefix(grub.Prefix, "/") { // it looks on a device that is not this disk
			files[first], err = grub.At("/EFI/BOOT", "")
		}
		return err
	}
	shim, err := pe.Read(d.Shim, d.Shim.Size)
	if err != nil {
		return fmt.Errorf("its shim: %w", err)
	}
	if shim.Machine != grub.file.Machine {
		return fmt.Errorf("a shim for machine %#04x and a GRUB for machine %#04x", shim.Machine, grub.file.Machine)
	}
	files[first], files["EFI/BOOT/grub"+suffix+".efi"] = d.Shim, d.GRUB
	return nil
}
