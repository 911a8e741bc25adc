package content

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// elf32 sizes of the parts that elf writes, in the order of the file.
const (
	headerSize  = 52
	progSize    = 32
	sectionSize = 40
	dynSize     = 8
)

// elf32 makes a 32-bit shared object that needs libs: what syslinux 5 and 6 look at in a module.
func elf32(libs []string) []byte {
	strtab := []byte{0}
	var dyn []elf.Dyn32
	for _, lib := range libs {
		dyn = append(dyn, elf.Dyn32{Tag: int32(elf.DT_NEEDED), Val: uint32(len(strtab))})
		strtab = append(append(strtab, lib...), 0)
	}
	names := []byte("\x00.dynstr\x00.dynamic\x00.shstrtab\x00")
	strAt := uint32(headerSize + progSize)
	dynAt := strAt + uint32(len(strtab))
	dyn = append(dyn,
		elf.Dyn32{Tag: int32(elf.DT_STRTAB), Val: strAt},
		elf.Dyn32{Tag: int32(elf.DT_STRSZ), Val: uint32(len(strtab))},
		elf.Dyn32{Tag: int32(elf.DT_NULL)})
	dynLen := uint32(len(dyn) * dynSize)
	namesAt := dynAt + dynLen
	sectionsAt := namesAt + uint32(len(names))

	var b bytes.Buffer
	put := func(v any) { binary.Write(&b, binary.LittleEndian, v) } //nolint:errcheck // a Buffer takes everything
	put(elf.Header32{
		Ident: [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS32), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_DYN), Machine: uint16(elf.EM_386), Version: uint32(elf.EV_CURRENT),
		Phoff: headerSize, Shoff: sectionsAt, Ehsize: headerSize,
		Phentsize: progSize, Phnum: 1, Shentsize: sectionSize, Shnum: 4, Shstrndx: 3,
	})
	put(elf.Prog32{Type: uint32(elf.PT_DYNAMIC), Off: dynAt, Vaddr: dynAt, Paddr: dynAt, Filesz: dynLen, Memsz: dynLen, Flags: uint32(elf.PF_R)})
	b.Write(strtab)
	put(dyn)
	b.Write(names)
	put(elf.Section32{})
	put(elf.Section32{Name: 1, Type: uint32(elf.SHT_STRTAB), Flags: uint32(elf.SHF_ALLOC), Addr: strAt, Off: strAt, Size: uint32(len(strtab))})
	put(elf.Section32{Name: 9, Type: uint32(elf.SHT_DYNAMIC), Flags: uint32(elf.SHF_ALLOC), Addr: dynAt, Off: dynAt, Size: dynLen, Link: 1, Entsize: dynSize})
	put(elf.Section32{Name: 18, Type: uint32(elf.SHT_STRTAB), Off: namesAt, Size: uint32(len(names))})
	return b.Bytes()
}
