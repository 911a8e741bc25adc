package build

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/media/header"
	"github.com/bootrig/bootrig/server/media/pe"
)

// A GRUB is a program of GRUB for UEFI, taken apart. grub-mkimage puts modules, settings and files into a section
// that it calls mods, one behind the other (GRUB, include/grub/kernel.h); GRUB looks for the section by its
// name when it starts, wherever it lies.
type GRUB struct {
	// Prefix is where it looks for grub.cfg and its modules: "/EFI/debian", "(tftp,192.168.9.2)/grub". Without
	// a device it is the one that it was loaded from, by PXE the server that the DHCP server's own answer
	// names, whatever a proxy says.
	Prefix string
	// Config is run at the start, before grub.cfg is looked for; "" for none.
	Config string
	// Modules are the names of those inside: "tftp", "multiboot2".
	Modules []string

	file    *pe.File
	program Part
	objects []header.CoreObject
}

const (
	grubMagic   = "mimg"
	grubMaxMods = 16 << 20
	grubAlign   = 8
)

// wide says that the head of mods has fields of 64 bits, and zeros before them.
func wide(f *pe.File) bool { return f.Machine != header.MachineI386 && f.Machine != header.MachineARM }

// ReadGRUB takes a GRUB apart.
func ReadGRUB(program Part) (*GRUB, error) {
	file, err := pe.Read(program, program.Size)
	if err != nil {
		return nil, err
	}
	mods := file.Section("mods")
	if mods == nil || mods.Size > grubMaxMods {
		return nil, errors.New("a program without the modules of a GRUB")
	}
	data := make([]byte, mods.Size)
	if n, err := program.ReadAt(data, int64(mods.Offset)); n < len(data) {
		return nil, fmt.Errorf("read the modules of a GRUB: %w", err)
	}
	g := &GRUB{file: file, program: program}
	if g.objects, err = header.CoreObjects(data); err != nil {
		return nil, err
	}
	for _, o := range g.objects {
		switch text, _, _ := bytes.Cut(o.Data, []byte{0}); o.Kind {
		case header.CorePrefix:
			g.Prefix = string(text)
		case header.CoreConfig:
			g.Config = string(text)
		case header.CoreELF:
			if name := header.Module(o.Data); name != "" {
				g.Modules = append(g.Modules, name)
			}
		}
	}
	return g, nil
}

// Has says that all these modules are inside.
func (g *GRUB) Has(modules ...string) bool {
	return !slices.ContainsFunc(modules, func(m string) bool { return !slices.Contains(g.Modules, m) })
}

// At is the same GRUB with another prefix and another configuration, and with more modules of its own version behind
// those it has; they load in that order. Files that were packed into it are left out, and so is its signature:
// under Secure Boot nobody starts it.
func (g *GRUB) At(prefix, config string, modules ...Part) (Part, error) {
	var objects []header.CoreObject
	for _, o := range g.objects {
		if o.Kind != header.CoreMemdisk && o.Kind != header.CoreConfig && o.Kind != header.CorePrefix {
			objects = append(objects, o)
		}
	}
	has := slices.Clone(g.Modules)
	for _, m := range modules {
		data, err := io.ReadAll(io.NewSectionReader(m, 0, min(m.Size, grubMaxMods)))
		if err != nil {
			return Part{}, fmt.Errorf("a module of GRUB: %w", err)
		}
		name := header.Module(data)
		if name == "" {
			return Part{}, errors.New("a module of GRUB that has no name")
		}
		if !slices.Contains(has, name) { // GRUB stops at one that it has
			objects, has = append(objects, header.CoreObject{Kind: header.CoreELF, Data: data}), append(has, name)
		}
	}
	if config != "" {
		objects = append(objects, header.CoreObject{Kind: header.CoreConfig, Data: []byte(config + "\x00")})
	}
	objects = append(objects, header.CoreObject{Kind: header.CorePrefix, Data: []byte(prefix + "\x00")})
	return g.with(grubMods(objects, wide(g.file)))
}

// grubMods is the section again.
func grubMods(objects []header.CoreObject, wide bool) []byte {
	le := binary.LittleEndian
	head := 12
	if wide {
		head = 24
	}
	data := append([]byte(grubMagic), make([]byte, head-len(grubMagic))...)
	for _, o := range objects {
		size := up(int64(8+len(o.Data)), grubAlign)
		data = le.AppendUint32(data, o.Kind)
		data = le.AppendUint32(data, uint32(size))
		data = append(data, o.Data...)
		data = append(data, make([]byte, size-8-int64(len(o.Data)))...)
	}
	if wide {
		le.PutUint64(data[8:], uint64(head))
		le.PutUint64(data[16:], uint64(len(data)))
	} else {
		le.PutUint32(data[4:], uint32(head))
		le.PutUint32(data[8:], uint32(len(data)))
	}
	return data
}

// with is the program with another mods, behind all other sections: it may be longer than the old one.
func (g *GRUB) with(mods []byte) (Part, error) {
	var sections []pe.Section
	var parts []Part
	old := *g.file.Section("mods")
	at := up(int64(g.file.SizeOfHeaders), int64(g.file.FileAlignment))
	for _, s := range g.file.Sections {
		if s == old {
			continue
		}
		data := padded(int64(g.file.FileAlignment), Slice(g.program, int64(s.Offset), int64(s.Size)))
		if s.Offset, s.Size = uint32(at), uint32(data.Size); s.Size == 0 {
			s.Offset = 0
		}
		sections, parts = append(sections, s), append(parts, data)
		at += data.Size
	}
	data := padded(int64(g.file.FileAlignment), Bytes(mods))
	old.VirtualAddress = uint32(up(int64(g.file.End()), int64(g.file.SectionAlignment)))
	old.VirtualSize, old.Offset, old.Size = uint32(len(mods)), uint32(at), uint32(data.Size)
	head, err := g.file.Head(append(sections, old))
	if err != nil {
		return Part{}, err
	}
	headers := padded(int64(g.file.FileAlignment), Bytes(head))
	return Join(append(append([]Part{headers}, parts...), data)...), nil
}

// Configs are the names below the root of a volume under which this GRUB finds its grub.cfg there.
func (g *GRUB) Configs() []string {
	names := []string{"EFI/BOOT/grub.cfg"} // beside itself: Debian's and Fedora's look there at last
	prefix := strings.Trim(g.Prefix, "/")
	if strings.HasPrefix(g.Prefix, "/") && prefix != "" && !strings.EqualFold(prefix+"/grub.cfg", names[0]) {
		names = append(names, prefix+"/grub.cfg")
	}
	return names
}
