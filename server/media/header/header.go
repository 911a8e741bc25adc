// Package header answers: what is this boot program, by what it holds?
//
// Names lie: people rename programs, and a mirror's error page is called pxelinux.0. So a program is told by its
// header (PE, the boot sector of Linux, multiboot, ELF) and by the words that its makers put into it.
package header

import (
	"io"
)

// A Kind is what a program is.
type Kind string

// The kinds.
const (
	PXELINUX    Kind = "pxelinux"     // TFTP only
	LPXELINUX   Kind = "lpxelinux"    // a pxelinux that speaks HTTP
	SyslinuxEFI Kind = "syslinux-efi" // pxelinux for UEFI
	COM32       Kind = "com32"        // a module of syslinux: menu.c32, ldlinux.c32
	Mboot       Kind = "mboot.c32"    // the module that starts multiboot kernels
	IPXE        Kind = "ipxe"
	Shim        Kind = "shim"
	GRUB        Kind = "grub"
	SystemdBoot Kind = "systemd-boot"
	SystemdStub Kind = "systemd-stub" // what a UKI is made of
	UKI         Kind = "uki"          // systemd's stub with a kernel
	Wimboot     Kind = "wimboot"
	Memtest     Kind = "memtest"
	Linux       Kind = "linux"     // a kernel
	Multiboot   Kind = "multiboot" // Xen and its like, gzip's cover taken off
	EFI         Kind = "efi"       // some other program of UEFI
)

// Kinds are all of them.
func Kinds() []Kind {
	return []Kind{
		PXELINUX, LPXELINUX, SyslinuxEFI, COM32, Mboot, IPXE, Shim, GRUB, SystemdBoot, SystemdStub, UKI, Wimboot, Memtest, Linux, Multiboot, EFI,
	}
}

// A Program is what was found.
type Program struct {
	Kind    Kind   `json:"kind"`              // "": no program that we know
	CPU     string `json:"cpu,omitempty"`     // x86_64, i386, aarch64, arm, riscv64, loongarch64; "": it does not tell
	BIOS    bool   `json:"bios,omitempty"`    // PC BIOS can run it, or a loader of BIOS
	UEFI    bool   `json:"uefi,omitempty"`    // UEFI can run it
	Version string `json:"version,omitempty"` // "6.04" of a pxelinux; "": it does not tell
}

// looked is how much of a program is searched: more than any pxelinux has, and little enough to read.
const looked = 4 << 20

// Read looks at a program.
func Read(r io.ReaderAt, size int64) (Program, error) {
	head := make([]byte, min(size, sniffed))
	if n, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return Program{}, err
	} else {
		head = head[:n]
	}
	if !program(head) {
		return Of(head), nil
	}
	all := make([]byte, min(size, looked))
	n, err := r.ReadAt(all, 0)
	if err != nil && err != io.EOF {
		return Program{}, err
	}
	return Of(all[:n]), nil
}

// sniffed is the beginning that tells whether the rest is worth reading.
const sniffed = 16 << 10

// program tells whether the words inside matter: a PE file, a module, or the beginning of what BIOS runs.
func program(head []byte) bool {
	_, pe := Machine(head)
	return pe && !BzImage(head) || ELF(head) || COM32R(head) || jumps(head)
}

// Of is what the beginning of a program tells. The words inside a longer one may be missed.
func Of(head []byte) Program {
	for _, look := range []func([]byte) Program{linux, uefi, module, bios, multiboot} {
		if p := look(head); p.Kind != "" {
			return p
		}
	}
	return Program{}
}
