package program

import (
	"io"
	"path"
	"slices"

	"github.com/bootrig/bootrig/server/media/header"
)

// Modules finds a pxelinux (PXELINUX or LPXELINUX) with modules of syslinux, those they need, and ldlinux.c32,
// all in one place: a module of another release freezes the machine or is refused. The pxelinux is the first
// of what it yields. One of syslinux 4 or older has no ldlinux.c32 and needs none.
func Modules(core Kind, names []string, places ...Place) ([]File, error) {
	_, failed := Find(Want{Kind: core}, places...)
	for _, place := range places {
		files, err := modules(core, names, place)
		if err == nil {
			return files, nil
		}
		if len(files) > 0 { // what is lacking beside a pxelinux says more than that another place has none
			failed = err
		}
	}
	return nil, failed
}

func modules(core Kind, names []string, place Place) ([]File, error) {
	pxelinux, err := Find(Want{Kind: core}, place)
	if err != nil {
		return nil, err
	}
	data, err := pxelinux.read()
	if err != nil {
		return nil, err
	}
	files, todo := []File{pxelinux}, names
	if header.Pxelinux(data) >= 5 {
		todo = append([]string{"ldlinux.c32"}, names...)
	}
	for seen := map[string]bool{}; len(todo) > 0; todo = todo[1:] {
		if seen[todo[0]] {
			continue
		}
		seen[todo[0]] = true
		module, err := Find(Want{Kind: Module, Name: todo[0]}, place)
		if err != nil {
			return files, err
		}
		data, err := module.read()
		if err != nil {
			return files, err
		}
		files = append(files, module)
		libraries, _ := header.Libraries(data)
		for _, library := range libraries {
			todo = append(todo, path.Base(library))
		}
	}
	return files, nil
}

func (f File) read() ([]byte, error) {
	file, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.NewSectionReader(file, 0, min(file.Size, maxProgram)))
}

// Shimmed finds a shim with what it loads, both in one place: a shim knows the key of its own distribution, and
// no other's. second is GRUB, GRUBCD or GRUBNet for a distribution's shim, IPXESB for iPXE's.
func Shimmed(second Kind, cpu string, places ...Place) (shim, loads File, err error) {
	first := Shim
	if second == IPXESB {
		first = IPXEShim
	}
	_, err = Find(Want{Kind: first, CPU: cpu}, places...)
	for _, place := range places {
		shims, _ := place.all(Want{Kind: first, CPU: cpu})
		if len(shims) == 0 {
			continue
		}
		seconds, wrong := place.all(Want{Kind: second, CPU: cpu})
		if len(seconds) == 0 {
			err = &MissingError{Want{Kind: second, CPU: cpu}, wrong}
			continue
		}
		for _, shim := range shims { // a medium may have several pairs
			if i := slices.IndexFunc(seconds, func(f File) bool { return path.Dir(f.Path) == path.Dir(shim.Path) }); i >= 0 {
				return shim, seconds[i], nil
			}
		}
		return shims[0], seconds[0], nil
	}
	return File{}, File{}, err
}

// SecondStage is the name by which such a shim asks for what it loads, in its own directory. iPXE's shim of 2.0.0
// asks for ipxe.efi whatever its own name is, and at the top of the TFTP server (ipxe issue 1684).
func SecondStage(shim File) string {
	if shim.Kind == IPXEShim {
		return "ipxe.efi"
	}
	return "grub" + header.Suffix(shim.CPU) + ".efi"
}
