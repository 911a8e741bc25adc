package program

import (
	"errors"
	"fmt"
	"slices"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/media/header"
)

// maxProgram is more than any boot program has: GRUB with all its modules and fonts has 4 MiB.
const maxProgram = 16 << 20

// check opens the file and says what is wrong with it.
func (f File) check() error {
	file, err := f.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	if file.Size > maxProgram {
		return fmt.Errorf("%s of %s: %d bytes are more than a boot program has", f.Path, f.Place.Name, file.Size)
	}
	is, err := header.Read(file, file.Size)
	switch {
	case err != nil:
		return fmt.Errorf("%s of %s: %w", f.Path, f.Place.Name, err)
	case !slices.Contains(f.Kind.kinds(), is.Kind):
		return fmt.Errorf("%s of %s is no %s", f.Path, f.Place.Name, f.name())
	case !f.Kind.efi() && !is.BIOS:
		return fmt.Errorf("%s of %s is for UEFI, not for BIOS", f.Path, f.Place.Name)
	case f.Kind.efi() && (is.CPU != f.CPU || !is.UEFI):
		return fmt.Errorf("%s of %s is for %s, not for %s", f.Path, f.Place.Name, machine(is), f.CPU)
	case f.Kind == IPXESB:
		return f.signed(file)
	}
	return nil
}

func machine(p header.Program) string {
	switch {
	case !p.UEFI:
		return "BIOS"
	case p.CPU == "":
		return "another CPU"
	}
	return p.CPU
}

// signed says what is wrong with a program that has to carry a signature. Whether it is good only the shim can tell.
func (f File) signed(file *content.File) error {
	signed, _, err := header.Signers(file, file.Size)
	if err == nil && !signed {
		err = errors.New("it is not signed")
	}
	if err != nil {
		return fmt.Errorf("%s of %s: %w", f.Path, f.Place.Name, err)
	}
	return nil
}

// kinds are what the header of such a program says.
func (k Kind) kinds() []header.Kind {
	switch k {
	case PXELINUX:
		return []header.Kind{header.PXELINUX}
	case LPXELINUX:
		return []header.Kind{header.LPXELINUX}
	case Module:
		return []header.Kind{header.COM32, header.Mboot}
	case Syslinux:
		return []header.Kind{header.SyslinuxEFI}
	case Shim, IPXEShim:
		return []header.Kind{header.Shim}
	case GRUB, GRUBCD, GRUBNet:
		return []header.Kind{header.GRUB}
	case Stub:
		return []header.Kind{header.SystemdStub}
	case Wimboot:
		return []header.Kind{header.Wimboot}
	}
	return []header.Kind{header.IPXE}
}
