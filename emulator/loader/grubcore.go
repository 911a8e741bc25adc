package loader

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"strings"
)

// A core is what grub-mkimage put into a GRUB for UEFI (include/grub/kernel.h, struct grub_module_info64).
type core struct {
	prefix  string
	config  string // embedded
	modules map[string]bool
	agent   string // what it tells HTTP servers; "": it has no HTTP
}

// readCore finds the modules' header in a GRUB; ok is false for another program.
func readCore(program []byte) (c core, ok bool) {
	const header = 24
	for at := bytes.Index(program, []byte("mimg")); at >= 0; {
		if at+header <= len(program) {
			offset, size := binary.LittleEndian.Uint64(program[at+8:]), binary.LittleEndian.Uint64(program[at+16:])
			if rest := program[at:]; offset == header && size > header && size <= uint64(len(rest)) {
				c = readObjects(rest[header:size])
				c.agent = userAgent(rest[header:size])
				return c, true
			}
		}
		next := bytes.Index(program[at+4:], []byte("mimg"))
		if next < 0 {
			break
		}
		at += 4 + next
	}
	return c, false
}

func isGRUB(program []byte) bool {
	_, ok := readCore(program)
	return ok
}

// readObjects reads the objects behind the header: a type, a size with these eight bytes, and the rest.
func readObjects(b []byte) core {
	const module, config, prefix = 0, 2, 3
	c := core{modules: map[string]bool{}}
	for len(b) >= 8 {
		typ, size := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
		if size < 8 || uint64(size) > uint64(len(b)) {
			break
		}
		body := b[8:size]
		text, _, _ := strings.Cut(string(body), "\x00")
		switch typ {
		case module:
			name, _ := readModule(body)
			c.modules[name] = true
		case config:
			c.config = text
		case prefix:
			c.prefix = text
		}
		b = b[size:]
	}
	return c
}

// readModule is the name of a module, and of those it needs.
func readModule(object []byte) (name string, needs []string) {
	f, err := elf.NewFile(bytes.NewReader(object))
	if err != nil {
		return "", nil
	}
	words := func(section string) []string {
		s := f.Section(section)
		if s == nil || s.Type == elf.SHT_NOBITS {
			return nil
		}
		data, err := s.Data()
		if err != nil {
			return nil
		}
		return strings.FieldsFunc(string(data), func(r rune) bool { return r == 0 })
	}
	if names := words(".modname"); len(names) > 0 {
		name = names[0]
	}
	return name, words(".moddeps")
}
