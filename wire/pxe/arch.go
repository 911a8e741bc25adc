package pxe

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
)

// An Arch is a client system architecture, DHCP option 93.
type Arch uint16

// The architectures that this code names; the whole table is IANA's "Processor Architecture Types".
// RFC 4578 as first printed had 7 and 9 swapped (erratum 2016).
const (
	ArchX86BIOS Arch = 0
	ArchIA32    Arch = 6
	ArchX64     Arch = 7
	ArchEBC     Arch = 9
	ArchARM32   Arch = 10
	ArchARM64   Arch = 11

	ArchIA32HTTP        Arch = 15
	ArchX64HTTP         Arch = 16
	ArchEBCHTTP         Arch = 17
	ArchARM32HTTP       Arch = 18
	ArchARM64HTTP       Arch = 19
	ArchX86BIOSHTTP     Arch = 20
	ArchARM32UBootHTTP  Arch = 23
	ArchARM64UBootHTTP  Arch = 24
	ArchRISCV32HTTP     Arch = 26
	ArchRISCV64HTTP     Arch = 28
	ArchRISCV128HTTP    Arch = 30
	ArchLoongArch32HTTP Arch = 38
	ArchLoongArch64HTTP Arch = 40
)

// HTTPArchs are the architectures of clients that fetch their boot file by HTTP (UEFI 2.10, section
// 24.7; IANA).
func HTTPArchs() []Arch {
	return []Arch{
		ArchIA32HTTP, ArchX64HTTP, ArchEBCHTTP, ArchARM32HTTP, ArchARM64HTTP, ArchX86BIOSHTTP, ArchARM32UBootHTTP, ArchARM64UBootHTTP,
		ArchRISCV32HTTP, ArchRISCV64HTTP, ArchRISCV128HTTP, ArchLoongArch32HTTP, ArchLoongArch64HTTP,
	}
}

// HTTP tells whether clients of the architecture fetch their boot file by HTTP.
func (a Arch) HTTP() bool { return slices.Contains(HTTPArchs(), a) }

// archNames has what people call an architecture. The first twelve are dnsmasq's names for
// pxe-service (option.c, CSA), which users know.
var archNames = []string{
	"x86PC", "PC98", "IA64_EFI", "Alpha", "Arc_x86", "Intel_Lean_Client", "IA32_EFI", "x86-64_EFI",
	"Xscale_EFI", "BC_EFI", "ARM32_EFI", "ARM64_EFI",
	"PPC_OF", "PPC_ePAPR", "POWER_OPAL", "IA32_HTTP", "x86-64_HTTP", "BC_HTTP", "ARM32_HTTP", "ARM64_HTTP",
	"x86PC_HTTP", "ARM32_U-Boot", "ARM64_U-Boot", "ARM32_U-Boot_HTTP", "ARM64_U-Boot_HTTP",
	"RISC-V32_EFI", "RISC-V32_HTTP", "RISC-V64_EFI", "RISC-V64_HTTP", "RISC-V128_EFI", "RISC-V128_HTTP",
	"s390_Basic", "s390_Extended", "MIPS32_EFI", "MIPS64_EFI", "Sunway32_EFI", "Sunway64_EFI",
	"LoongArch32_EFI", "LoongArch32_HTTP", "LoongArch64_EFI", "LoongArch64_HTTP", "ARM_rpiboot",
}

// dnsmasqArchs is how many of archNames dnsmasq knows.
const dnsmasqArchs = 12

// String is the architecture's name and number: "x86PC (0)".
func (a Arch) String() string {
	name := "unknown"
	if int(a) < len(archNames) {
		name = archNames[a]
	}
	return name + " (" + strconv.Itoa(int(a)) + ")"
}

// ParseArchName reads one of dnsmasq's names for an architecture, in any case.
func ParseArchName(name string) (Arch, bool) {
	for i, known := range archNames[:dnsmasqArchs] {
		if strings.EqualFold(known, name) {
			return Arch(i), true
		}
	}
	return 0, false
}

// DnsmasqArchNames are the names that ParseArchName knows.
func DnsmasqArchNames() []string { return archNames[:dnsmasqArchs] }

// Word is the architecture's name as bootrig.yaml writes it: "x86-bios", "x64-uefi", "arm64-uefi-http". It
// is "" for a number that nobody has been given.
func (a Arch) Word() string {
	if words := archWords(); int(a) < len(words) {
		return words[a]
	}
	return ""
}

func archWords() []string {
	words := strings.NewReplacer(
		"x86PC_HTTP", "x86-bios-http", "x86PC", "x86-bios", "x86-64", "x64", "BC_EFI", "ebc-uefi", "BC_HTTP", "ebc-uefi-http", "RISC-V", "riscv",
		"_U-Boot_HTTP", "-uboot-http", "_U-Boot", "-uboot", "_EFI", "-uefi", "_HTTP", "-uefi-http", "_", "-",
	).Replace(strings.Join(archNames, " "))
	return strings.Fields(strings.ToLower(words))
}

// ArchWords are the names that ParseArch knows: each architecture's Word, and those of String.
func ArchWords() []string { return append(archWords(), archNames...) }

// ParseArch reads one of ArchWords.
func ParseArch(word string) (Arch, bool) {
	i := slices.Index(ArchWords(), word)
	return Arch(max(i, 0) % len(archNames)), i >= 0
}

// UEFI tells firmware that follows EDK2's rules for PXE, as dnsmasq does: from 6 up.
func (a Arch) UEFI() bool { return a >= ArchIA32 }

// FirstArch is the architecture that a client lists first, if any: dnsmasq compares no other.
func FirstArch(option []byte) (first Arch, some bool) {
	if len(option) < 2 {
		return 0, false
	}
	return Arch(binary.BigEndian.Uint16(option)), true
}

// ParseArchs reads option 93: one or more numbers of two bytes. An odd byte at the end is not one.
func ParseArchs(option []byte) []Arch {
	var archs []Arch
	for ; len(option) >= 2; option = option[2:] {
		archs = append(archs, Arch(binary.BigEndian.Uint16(option)))
	}
	return archs
}
