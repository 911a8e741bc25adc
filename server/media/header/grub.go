package header

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
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

// Objects behind the core's own code.
const (
	objectELF    = 0
	objectConfig = 2
	objectPrefix = 3
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

// core reads the objects: a header that says where they begin, and each with its type and size.
func core(mods []byte) (c Core) {
	const magic, offset64, size64, header, maxObjects = "mimg", 8, 16, 24, 1000
	if len(mods) < header || string(mods[:len(magic)]) != magic {
		return c
	}
	at, end := binary.LittleEndian.Uint64(mods[offset64:]), binary.LittleEndian.Uint64(mods[size64:])
	if at != header { // 32 bits: no padding
		at, end = uint64(binary.LittleEndian.Uint32(mods[4:])), uint64(binary.LittleEndian.Uint32(mods[8:]))
	}
	if end > uint64(len(mods)) {
		end = uint64(len(mods))
	}
	for n := 0; n < maxObjects && at < end && at+8 <= end; n++ {
		kind, size := binary.LittleEndian.Uint32(mods[at:]), uint64(binary.LittleEndian.Uint32(mods[at+4:]))
		if size < 8 || at+size > end {
			break
		}
		c.object(kind, mods[at+8:at+size])
		at += size
	}
	slices.Sort(c.Modules)
	return c
}

func (c *Core) object(kind uint32, b []byte) {
	text, _, _ := bytes.Cut(b, []byte{0})
	switch kind {
	case objectConfig:
		c.Config = string(text)
	case objectPrefix:
		c.Prefix = string(text)
	case objectELF:
		if name := moduleName(b); name != "" {
			c.Modules = append(c.Modules, name)
		}
	}
}

// moduleName is what a module calls itself.
func moduleName(b []byte) string {
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
