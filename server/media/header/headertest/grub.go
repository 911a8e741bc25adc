// Package headertest makes programs for the tests of whoever reads their headers.
package headertest

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// GRUBModule is the beginning of a module of GRUB's for x64, that is called name.
func GRUBModule(name string) string {
	const strs = "\x00.modname\x00.shstrtab\x00"
	const header = 64
	nameAt := header + len(strs)
	var b bytes.Buffer
	for _, p := range []any{
		elf.Header64{
			Ident: [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
			Type:  uint16(elf.ET_REL), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT),
			Shoff: uint64(nameAt + len(name) + 1), Ehsize: header, Shentsize: 64, Shnum: 3, Shstrndx: 2,
		},
		[]byte(strs), []byte(name + "\x00"), elf.Section64{},
		elf.Section64{Name: 1, Type: uint32(elf.SHT_PROGBITS), Off: uint64(nameAt), Size: uint64(len(name) + 1)},
		elf.Section64{Name: 10, Type: uint32(elf.SHT_STRTAB), Off: header, Size: uint64(len(strs))},
	} {
		if err := binary.Write(&b, binary.LittleEndian, p); err != nil {
			panic(err)
		}
	}
	return b.String()
}
