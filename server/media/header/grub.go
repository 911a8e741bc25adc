package header

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"slices"
)

// A Core is what was put into a GRUB when it was made (grub, include/grub/kernel.h).
type Core struct {
	Prefix  string   // where its modules and its grub.cfg are: "/grub", "(tftp,192.168.9.2)/grub"
	Config  string   // what it runs before its grub.cfg
	Modules []string // that are inside, sorted
}

// Has tells whether a module is inside.
func (c Core) Has(module string) bool { return slices.Contains(c.Modules, module) }

// A CoreObject is one of the things that grub-mkimage put behind the core's own code.
type CoreObject struct {
	Kind uint32
	Data []byte // what follows its own header, with the zeros at its end
}

// Kinds of objects.
const (
	CoreELF     = 0 // a module
	CoreMemdisk = 1 // a file system
	CoreConfig  = 2
	CorePrefix  = 3
)

// CoreOf reads what was put into a GRUB for UEFI; the zero Core stands for what is none.
func CoreOf(p []byte) Core {
	for _, s := range sections(p) {
		if s.name == "mods" {
			return core(s.data)
		}
	}
	return Core{}
}

// core is what the objects say, as far as they can be read.
func core(mods []byte) (c Core) {
	objects, _ := CoreObjects(mods)
	for _, o := range objects {
		c.object(o.Kind, o.Data)
	}
	slices.Sort(c.Modules)
	return c
}

// CoreObjects reads the section mods of a GRUB: a header that says where the objects begin and end, and each with its
// type and size. Beside an error it yields those before.
func CoreObjects(mods []byte) (objects []CoreObject, err error) {
	const magic, offset64, size64, header32, header64 = "mimg", 8, 16, 12, 24
	broken := fmt.Errorf("the %d bytes of modules of a GRUB are no list of objects", len(mods))
	if len(mods) < header32 || string(mods[:len(magic)]) != magic {
		return nil, broken
	}
	at, end := uint64(binary.LittleEndian.Uint32(mods[4:])), uint64(binary.LittleEndian.Uint32(mods[8:]))
	if at != header32 && len(mods) >= header64 { // 64 bits, behind padding
		at, end = binary.LittleEndian.Uint64(mods[offset64:]), binary.LittleEndian.Uint64(mods[size64:])
	}
	cut := end > uint64(len(mods))
	end = min(end, uint64(len(mods)))
	for at < end {
		if end-at < 8 {
			return objects, broken
		}
		kind, size := binary.LittleEndian.Uint32(mods[at:]), uint64(binary.LittleEndian.Uint32(mods[at+4:]))
		if size < 8 || size > end-at {
			return objects, broken
		}
		objects = append(objects, CoreObject{kind, mods[at+8 : at+size]})
		at += size
	}
	if cut || at > end {
		return objects, broken
	}
	return objects, nil
}

func (c *Core) object(kind uint32, b []byte) {
	text, _, _ := bytes.Cut(b, []byte{0})
	switch kind {
	case CoreConfig:
		c.Config = string(text)
	case CorePrefix:
		c.Prefix = string(text)
	case CoreELF:
		if name := Module(b); name != "" {
			c.Modules = append(c.Modules, name)
		}
	}
}

// Module is what a module of GRUB calls itself; "" for what is none.
func Module(b []byte) string {
	f, err := elf.NewFile(bytes.NewReader(b))
	if err != nil {
		return ""
	}
	s := f.Section(".modname")
	if s == nil || s.Size > 100 {
		return ""
	}
	data, err := s.Data()
	if err != nil {
		return ""
	}
	name, _, _ := bytes.Cut(data, []byte{0})
	return string(name)
}
