package lint

import (
	"bytes"
	"errors"
	"io"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/media/header"
)

// A program is a file of ours: its beginning, and what it was found to be.
type program struct {
	header.Program
	data []byte // nil for a file that cannot be read
	size int64
}

// Bounds on what is read of a file: of one that may load others more than any pxelinux, GRUB or module has, and
// of what is big as the header of an ISO image.
const (
	maxProgram = 6 << 20
	maxHead    = 0x8800
)

// head looks into a file of ours, once; the zero program stands for one that cannot be read.
func (s *site) head(name string) program {
	p, known := s.heads[name]
	if !known {
		p = s.identify(name)
		s.heads[name] = p
	}
	return p
}

func (s *site) identify(name string) (p program) {
	file, err := s.tree.Open(name)
	if err != nil {
		return p
	}
	defer file.Close()
	if p.Program, err = header.Read(file, file.Size); err != nil {
		return program{}
	}
	if p.data, err = beginning(file, maxHead); err == nil && p.loads() {
		p.data, err = beginning(file, maxProgram)
	}
	if err != nil {
		return program{}
	}
	p.size = file.Size
	return p
}

// generation is that of a pxelinux, by its version, and of a syslinux.efi, which there is of 6 alone; 0 for others.
func (p program) generation() int {
	switch p.Kind {
	case header.SyslinuxEFI:
		return 6
	case header.PXELINUX, header.LPXELINUX:
		return int(p.Version[0] - '0')
	}
	return 0
}

// loads tells whether it names other files inside.
func (p program) loads() bool {
	return p.isELF() || p.Kind == header.Shim || p.Kind == header.GRUB || p.Kind == header.EFI
}

func beginning(file *content.File, limit int64) ([]byte, error) {
	data := make([]byte, min(file.Size, limit))
	n, err := file.ReadAt(data, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return data[:n], err
}

// there tells whether the file can be read.
func (p program) there() bool { return p.data != nil }

// isCOM32R tells a module of syslinux 3 and 4.
func (p program) isCOM32R() bool { return header.COM32R(p.data) }

// isELF tells a module of syslinux 5 and 6.
func (p program) isELF() bool { return header.ELF(p.data) }

// libraries are the modules that an ELF module needs, and whether it is one of 32 bits.
func (p program) libraries() (needed []string, narrow bool) { return header.Libraries(p.data) }

// equal tells whether two files begin alike.
func (p program) equal(other program) bool {
	return p.size == other.size && bytes.Equal(p.data, other.data)
}

// is says what a file is, in the words of a person; "" where nothing tells.
func (p program) is() string {
	words := map[header.Kind]string{
		header.IPXE: "iPXE", header.Shim: "a shim", header.GRUB: "GRUB", header.SyslinuxEFI: "syslinux.efi", header.UKI: "a unified kernel image",
		header.SystemdStub: "systemd's stub", header.COM32: "a module of syslinux", header.Memtest: "Memtest86+", header.Multiboot: "a multiboot kernel",
		header.EFI: "an EFI program", header.Linux: "a Linux kernel",
	}
	switch is := words[p.Kind]; {
	case !p.there():
		return ""
	case p.Kind == header.Linux && p.CPU != "":
		return is + " for " + p.CPU
	case is != "":
		return is
	case p.Kind != "":
		return string(p.Kind)
	}
	return header.Format(p.data)
}
