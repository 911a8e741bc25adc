package lint

import (
	"bytes"
	"encoding/binary"
	"io"
)

// A program is the beginning of a boot file.
type program []byte

// maxProgram is more than any pxelinux has, and little enough to read.
const maxProgram = 4 << 20

// head reads a file of ours, once; nil if it cannot be read.
func (s *site) head(name string) program {
	p, known := s.heads[name]
	if !known {
		p = s.beginning(name)
		s.heads[name] = p
	}
	return p
}

func (s *site) beginning(name string) program {
	file, err := s.tree.Open(name)
	if err != nil {
		return nil
	}
	defer file.Close()
	data, err := io.ReadAll(io.NewSectionReader(file, 0, min(file.Size, maxProgram)))
	if err != nil {
		return nil
	}
	return data
}

// machine is what a program is for: PE files say so (PE format, COFF header); pxelinux is known by its
// text. "" for what tells nothing. A Linux kernel is a PE file too, and a BIOS one.
func (p program) machine() string {
	const peOffset, setupMagic = 0x3c, 0x202
	if p.pxelinux() > 0 {
		return bios
	}
	if len(p) < 0x40 || !bytes.HasPrefix(p, []byte("MZ")) || len(p) > setupMagic+4 && string(p[setupMagic:setupMagic+4]) == "HdrS" {
		return ""
	}
	at := uint64(binary.LittleEndian.Uint32(p[peOffset:]))
	if at+6 > uint64(len(p)) || string(p[at:at+4]) != "PE\x00\x00" {
		return ""
	}
	machines := map[uint16]string{
		0x014c: "IA32 UEFI", 0x8664: x64, 0xaa64: "ARM64 UEFI", 0x01c2: "ARM32 UEFI", 0x0ebc: anyEFI,
		0x5064: "RISC-V64 UEFI", 0x6264: "LoongArch64 UEFI",
	}
	return machines[binary.LittleEndian.Uint16(p[at+4:])]
}

// pxelinux is the generation of a pxelinux, 0 for other programs.
func (p program) pxelinux() int {
	const banner = "PXELINUX "
	for rest := p; ; {
		i := bytes.Index(rest, []byte(banner))
		if i < 0 || i+len(banner)+1 >= len(rest) {
			return 0
		}
		rest = rest[i+len(banner):]
		if rest[0] >= '3' && rest[0] <= '6' && rest[1] == '.' {
			return int(rest[0] - '0')
		}
	}
}
