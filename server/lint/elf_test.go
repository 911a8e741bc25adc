package lint_test

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// module is a module of syslinux 5 or 6 for BIOS machines that needs libraries, as far as anybody looks at it:
// an ELF header, strings, and a dynamic section that names some of them.
func module(libs ...string) string {
	strs := []byte{0}
	var dyn []elf.Dyn32
	for _, lib := range libs {
		dyn = append(dyn, elf.Dyn32{Tag: int32(elf.DT_NEEDED), Val: uint32(len(strs))})
		strs = append(append(strs, lib...), 0)
	}
	dyn = append(dyn, elf.Dyn32{Tag: int32(elf.DT_NULL)})
	const header, section, entry = 52, 40, 8
	strsAt := uint32(header)
	dynAt := strsAt + uint32(len(strs))
	dynLen := uint32(len(dyn) * entry)
	var b bytes.Buffer
	for _, part := range []any{
		elf.Header32{
			Ident: [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS32), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
			Type:  uint16(elf.ET_DYN), Machine: uint16(elf.EM_386), Version: uint32(elf.EV_CURRENT),
			Shoff: dynAt + dynLen, Ehsize: header, Shentsize: section, Shnum: 3, Shstrndx: 1,
		},
		strs, dyn, elf.Section32{},
		elf.Section32{Type: uint32(elf.SHT_STRTAB), Off: strsAt, Size: uint32(len(strs))},
		elf.Section32{Type: uint32(elf.SHT_DYNAMIC), Off: dynAt, Size: dynLen, Link: 1, Entsize: entry},
	} {
		if err := binary.Write(&b, binary.LittleEndian, part); err != nil {
			panic(err)
		}
	}
	return b.String()
}

// module64 is the beginning of one for 64-bit UEFI machines.
func module64() string {
	var b bytes.Buffer
	err := binary.Write(&b, binary.LittleEndian, elf.Header64{
		Ident: [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_DYN), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT),
	})
	if err != nil {
		panic(err)
	}
	return b.String()
}

// com32r is a module of syslinux 4.
const com32r = "\xb8\xff\x4c\xcd\x21"

// kernel is a Linux kernel of a size that says it has another.
func kernel(size, says int) string {
	k := make([]byte, max(size, 0x264))
	k[0x1fe], k[0x1ff] = 0x55, 0xaa
	copy(k[0x202:], "HdrS")
	k[0x1f1] = 1 // setup_sects
	binary.LittleEndian.PutUint16(k[0x206:], 0x20f)
	binary.LittleEndian.PutUint32(k[0x1f4:], uint32(says-1024)/16)
	return string(k[:size])
}

// arm64Kernel is the beginning of one.
func arm64Kernel() string {
	k := make([]byte, 2000)
	copy(k, "MZ\x40\xfa")
	copy(k[0x38:], "ARM\x64")
	return string(k)
}
