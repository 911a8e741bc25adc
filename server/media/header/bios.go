package header

import (
	"bytes"
	"debug/elf"
	"regexp"
)

// Pxelinux is the generation of a pxelinux, 3 to 6, and 0 for other programs. Its name stands in it with a
// version, and in others without.
func Pxelinux(p []byte) int {
	if m := banner().FindSubmatch(p); m != nil {
		return int(m[1][0] - '0')
	}
	return 0
}

// banner is what a pxelinux says when it starts (core/pxelinux.asm); one with the TCP of lwIP names it.
func banner() *regexp.Regexp { return regexp.MustCompile(`PXELINUX (([3-6])\.[0-9]+)[^\x00\n]{0,8}`) }

// bios tells the programs that PC BIOS runs.
func bios(p []byte) Program {
	found := Program{BIOS: true, CPU: "i386"}
	switch m := banner().FindSubmatch(p); {
	case m != nil:
		found.Kind, found.Version = pxelinux(m[0]), string(m[1])
	case !jumps(p), isImage(p), sector(p) == Disk:
		return Program{}
	case bytes.Contains(p, []byte("PXE->EB:")), bytes.Contains(p, []byte("iPXE initialising")):
		found.Kind = IPXE // ipxe/src/arch/x86/prefix/pxeprefix.S; the rest of it is compressed
	case bytes.Contains(p, []byte("Memtest86+")):
		found.Kind = Memtest
	case bytes.Contains(p, []byte("grub_")) || bytes.Contains(p, []byte("GRUB")):
		found.Kind = GRUB
	default:
		return Program{}
	}
	return found
}

// jumps tells whether 16-bit code begins as boot programs do: a far or near jump, or as GRUB's do.
func jumps(p []byte) bool {
	return len(p) > 0x40 && (p[0] == 0xea || p[0] == 0xe9 || p[0] == 0xeb || p[0] == 0xfa)
}

// isImage tells a hybrid image of a CD: it has a boot sector, and a program somewhere (ECMA-119, 8.1.2).
func isImage(p []byte) bool {
	const descriptors = 16 << 11
	return len(p) > descriptors+6 && string(p[descriptors+1:descriptors+6]) == "CD001"
}

// COM32R tells a module of syslinux 3 and 4: it begins with mov eax,21cd4cff.
func COM32R(p []byte) bool { return bytes.HasPrefix(p, []byte{0xb8, 0xff, 0x4c, 0xcd, 0x21}) }

// ELF tells a module of syslinux 5 and 6, if it is one.
func ELF(p []byte) bool { return bytes.HasPrefix(p, []byte(elf.ELFMAG)) }

// Libraries are the modules of syslinux that an ELF module needs, and whether it is one for BIOS machines. One
// that cannot be read needs none.
func Libraries(p []byte) (needed []string, bios bool) {
	f, err := elf.NewFile(bytes.NewReader(p))
	if err != nil {
		return nil, true
	}
	needed, _ = f.ImportedLibraries()
	return needed, f.Class == elf.ELFCLASS32
}

// module tells the modules of syslinux: COM32R of 3 and 4, shared ELF objects of 5 and 6, which pull in its C
// library or are it.
func module(p []byte) Program {
	found := Program{Kind: COM32, CPU: "i386", BIOS: true}
	switch {
	case COM32R(p):
		found.Version = "4"
	case ELF(p) && bytes.Contains(p, []byte(".c32\x00")) && len(p) > 17 && elf.Type(p[16]) == elf.ET_DYN:
		found.Version = "6"
		if _, bios := Libraries(p); !bios {
			found.CPU, found.BIOS, found.UEFI = "x86_64", false, true
		}
	default:
		return Program{}
	}
	if bytes.Contains(p, []byte("mboot_run")) || COM32R(p) && bytes.Contains(p, []byte("ultiboot")) {
		found.Kind = Mboot
	}
	return found
}

func pxelinux(banner []byte) Kind {
	if bytes.Contains(banner, []byte("lwIP")) {
		return LPXELINUX
	}
	return PXELINUX
}
