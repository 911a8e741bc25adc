package header

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The machines of the PE format that firmware runs (COFF header, Machine). EBC is bytecode for any.
const (
	MachineI386        = 0x014c
	MachineARM         = 0x01c2
	MachineEBC         = 0x0ebc
	MachineRISCV64     = 0x5064
	MachineLoongArch64 = 0x6264
	MachineX64         = 0x8664
	MachineARM64       = 0xaa64
)

// Machine is what a PE file is for. A Linux kernel may be one too.
func Machine(p []byte) (machine uint16, ok bool) {
	at := coff(p)
	if at < 0 {
		return 0, false
	}
	return binary.LittleEndian.Uint16(p[at:]), true
}

// CPU is how Linux names a machine; "" for byte code and others.
func CPU(machine uint16) string { return cpus()[machine] }

// Suffix is how UEFI names a CPU at the end of a file's name: "x64" of BOOTX64.EFI (UEFI 2.10, section 3.5.1.1);
// "" for a CPU that it has no name for.
func Suffix(cpu string) string {
	switch cpu {
	case "x86_64":
		return "x64"
	case "aarch64":
		return "aa64"
	case "i386":
		return "ia32"
	case "arm", "riscv64", "loongarch64":
		return cpu
	}
	return ""
}

// coff is where the COFF header begins, -1 for what is no PE file.
func coff(p []byte) int {
	const pointer, headerSize = 0x3c, 20
	if len(p) < 0x40 || !bytes.HasPrefix(p, []byte("MZ")) {
		return -1
	}
	at := uint64(binary.LittleEndian.Uint32(p[pointer:]))
	if at+4+headerSize > uint64(len(p)) || string(p[at:at+4]) != "PE\x00\x00" {
		return -1
	}
	return int(at) + 4
}

// A section is one of a PE file.
type section struct {
	name string
	data []byte // as much as was read of it
}

// sections are those of a PE file, by its section table.
func sections(p []byte) (found []section) {
	at := coff(p)
	if at < 0 {
		return nil
	}
	const entry, most = 40, 96
	count := min(int(binary.LittleEndian.Uint16(p[at+2:])), most)
	table := at + 20 + int(binary.LittleEndian.Uint16(p[at+16:]))
	for i := range count {
		s := table + i*entry
		if s+entry > len(p) {
			break
		}
		size, from := uint64(binary.LittleEndian.Uint32(p[s+16:])), uint64(binary.LittleEndian.Uint32(p[s+20:]))
		begin, end := min(from, uint64(len(p))), min(from+size, uint64(len(p)))
		found = append(found, section{name: name(p, at, p[s:s+8]), data: p[begin:end]})
	}
	return found
}

// name is that of a section: one of more than eight bytes stands in the string table behind the symbols.
func name(p []byte, coff int, short []byte) string {
	const symbol, most = 18, 64
	text := string(bytes.TrimRight(short, "\x00"))
	digits, long := strings.CutPrefix(text, "/")
	offset, err := strconv.ParseUint(digits, 10, 32)
	if !long || err != nil {
		return text
	}
	table := uint64(binary.LittleEndian.Uint32(p[coff+8:])) + symbol*uint64(binary.LittleEndian.Uint32(p[coff+12:]))
	if table+offset >= uint64(len(p)) {
		return text
	}
	written, _, _ := bytes.Cut(p[table+offset:min(uint64(len(p)), table+offset+most)], []byte{0})
	return string(written)
}

// uefi tells the programs of UEFI apart: by the components that .sbat lists (shim, SBAT.md), by the section
// that systemd has for it, and where they are older by their words.
func uefi(p []byte) Program {
	machine, ok := Machine(p)
	if !ok {
		return Program{}
	}
	found := Program{Kind: EFI, UEFI: true, CPU: cpus()[machine]}
	parts := sections(p)
	has := func(name string) bool {
		return slices.ContainsFunc(parts, func(s section) bool { return s.name == name })
	}
	component := func(name string) bool {
		return slices.ContainsFunc(parts, func(s section) bool {
			return s.name == ".sbat" && bytes.Contains(s.data, []byte("\n"+name+","))
		})
	}
	words := func(word string) bool { return bytes.Contains(p, []byte(word)) }
	switch {
	case has(".linux"):
		found.Kind = UKI
	case words("#### LoaderInfo: systemd-boot"):
		found.Kind = SystemdBoot
	case words("#### LoaderInfo: systemd-stub"):
		found.Kind = SystemdStub
	case has(".vendor_cert"): // its fallback and MokManager are shim's too, by .sbat, and have no certificate
		found.Kind = Shim
	case component("grub"), has("mods"):
		found.Kind = GRUB
	case component("ipxe"), words("iPXE/"):
		found.Kind = IPXE
	case component("memtest86+"), words("Memtest86+ v"):
		found.Kind = Memtest
	case words("wimboot v"):
		found.Kind = Wimboot
	case words("ldlinux.e64"), words("ldlinux.e32"):
		found.Kind = SyslinuxEFI
	}
	found.Version = version(found.Kind, p)
	return found
}

func cpus() map[uint16]string {
	return map[uint16]string{
		MachineI386: "i386", MachineX64: "x86_64", MachineARM: "arm", MachineARM64: "aarch64", MachineRISCV64: "riscv64",
		MachineLoongArch64: "loongarch64", MachineEBC: "ebc",
	}
}

// version is the one that a program of the kind has among its words.
func version(kind Kind, p []byte) string {
	pattern := map[Kind]string{
		Memtest: `Memtest86\+ v([0-9][0-9.]*)`, Wimboot: `wimboot v([0-9][0-9.]*)`,
		SystemdBoot: `LoaderInfo: systemd-boot ([^ #]+)`, SystemdStub: `LoaderInfo: systemd-stub ([^ #]+)`,
		GRUB: `\ngrub,[0-9]+,[^,\n]*,grub,([^,\n]+)`,
	}[kind]
	if pattern == "" {
		return ""
	}
	if m := regexp.MustCompile(pattern).FindSubmatch(p); m != nil {
		return string(m[1])
	}
	return ""
}
