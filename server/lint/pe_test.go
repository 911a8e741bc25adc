package lint_test

import (
	"encoding/binary"
	"strings"

	"github.com/bootrig/bootrig/server/media/header/headertest"
)

// A part is a section of a program.
type part struct{ name, data string }

// efi is a program for UEFI with sections.
func efi(machine uint16, parts ...part) string {
	const head, rows, row = 0x400, 0x58, 40
	p := make([]byte, head)
	copy(p, "MZ")
	p[0x3c] = 0x40
	copy(p[0x40:], "PE\x00\x00")
	le := binary.LittleEndian
	le.PutUint16(p[0x44:], machine)
	le.PutUint16(p[0x46:], uint16(len(parts)))
	names := "\x00\x00\x00\x00"
	for i, s := range parts {
		at := p[rows+i*row:]
		name := s.name
		if len(name) > 8 { // it stands in the table behind all
			name = "/" + string(rune('0'+len(names)))
			names += s.name + "\x00"
		}
		copy(at[:8], name)
		le.PutUint32(at[16:], uint32(len(s.data)))
		le.PutUint32(at[20:], uint32(len(p)))
		p = append(p, s.data...)
	}
	le.PutUint32(p[0x4c:], uint32(len(p)))
	return string(p) + names
}

// shim is one that loads a file.
func shim(next string) string {
	var wide strings.Builder
	for _, c := range []byte("\\\\" + next + "\x00") {
		wide.WriteString(string([]byte{c, 0}))
	}
	return efi(0x8664, part{".data", wide.String()}, part{".vendor_cert", "x"})
}

// grubEFI is a GRUB with a prefix inside, and commands.
func grubEFI(machine uint16, prefix, config string) string {
	objects := object(3, prefix)
	if config != "" {
		objects += object(2, config)
	}
	return grubOf(machine, objects)
}

// grubWith is one with modules inside.
func grubWith(modules ...string) string {
	objects := object(3, "/grub")
	for _, name := range modules {
		objects += object(0, headertest.GRUBModule(name))
	}
	return grubOf(0x8664, objects)
}

func object(kind uint32, text string) string {
	b := binary.LittleEndian.AppendUint32(nil, kind)
	b = binary.LittleEndian.AppendUint32(b, uint32(8+len(text)+1))
	return string(b) + text + "\x00"
}

func grubOf(machine uint16, objects string) string {
	head := append([]byte("mimg"), make([]byte, 20)...)
	binary.LittleEndian.PutUint64(head[8:], uint64(len(head)))
	binary.LittleEndian.PutUint64(head[16:], uint64(len(head)+len(objects)))
	return efi(machine, part{"mods", string(head) + objects}, part{".sbat", "\ngrub,1,x,grub,2.06,x"})
}
