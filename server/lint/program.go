package lint

import (
	"io"

	"github.com/bootrig/bootrig/server/media/header"
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

// machine is what a program is for. "" for what tells nothing, as a Linux kernel does not: it is a PE file
// too, and a BIOS one.
func (p program) machine() string {
	if p.pxelinux() > 0 {
		return bios
	}
	machine, ok := header.Machine(p)
	if !ok || header.BzImage(p) {
		return ""
	}
	machines := map[uint16]string{
		header.MachineI386: "IA32 UEFI", header.MachineX64: x64, header.MachineARM64: "ARM64 UEFI", header.MachineARM: "ARM32 UEFI",
		header.MachineEBC: anyEFI, header.MachineRISCV64: "RISC-V64 UEFI", header.MachineLoongArch64: "LoongArch64 UEFI",
	}
	return machines[machine]
}

// pxelinux is the generation of a pxelinux, 0 for other programs.
func (p program) pxelinux() int { return header.Pxelinux(p) }
