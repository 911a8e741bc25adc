package header

import (
	"strings"
	"testing"

	"github.com/bootrig/bootrig/wire/pxe"
)

// at is a file with a text in a place.
func at(place int, text string) string { return strings.Repeat("\x00", place) + text }

func TestFormatsOfWhatIsNoProgram(t *testing.T) {
	fat := []byte(at(0x1fe, "\x55\xaa"))
	copy(fat[0x52:], "FAT32")
	disk := []byte(at(0x1fe, "\x55\xaa"))
	disk[0x1be], disk[0x1be+4] = 0x80, 0x83
	for name, c := range map[string]struct{ data, want string }{
		"nothing":                      {"", Nothing},
		"zeros":                        {at(600, "x"), ""},
		"startrom.n12":                 {"\xfa\x33\xc0" + at(3000, ""), ""},
		"a page":                       {"\xef\xbb\xbf\n<!DocType HTML>\n<html>", HTML},
		"a script":                     {"#!ipxe\n", Script},
		"a pointer of Git LFS":         {"version https://git-lfs.github.com/spec/v1\n", Pointer},
		"a signature":                  {"\x89\x02\x33\x04\x00\x01", PGP},
		"one that is text":             {"-----BEGIN PGP SIGNATURE-----", PGP},
		"a kernel sent in text mode":   {"\r\n" + at(0x201, "HdrS\x0f\x02"), Mangled},
		"a kernel":                     {"\n\n" + at(0x200, "HdrS\x0f\x02"), ""},
		"an initial RAM disk":          {"\x1f\x8b\x08", Gzip},
		"one that is not packed":       {"070701", CPIO},
		"an ISO image":                 {at(0x8001, "CD001"), ISO},
		"a floppy image":               {string(fat), Disk},
		"a disk with a partition":      {string(disk), Disk},
		"a boot sector":                {at(0x1fe, "\x55\xaa"), Sector},
		"text":                         {"Grüße\r\n", Text},
		"text that is cut in a letter": {strings.Repeat("x", 511) + "ü" + "more", Text},
		"a module":                     {"\x7fELF\x01", Object},
	} {
		if got := Format([]byte(c.data)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAKernelTellsItsSize(t *testing.T) {
	kernel := func(version byte, sectors, paragraphs byte) []byte {
		k := []byte(at(0x1fe, "\x55\xaa\xeb\x6aHdrS") + at(0x300, ""))
		k[0x1f1], k[0x1f4], k[0x206], k[0x207] = sectors, paragraphs, version, 2
		return k
	}
	for name, c := range map[string]struct {
		p    []byte
		want int64
		boot bool
	}{
		"setup and the rest":               {kernel(15, 1, 100), 1024 + 1600 - 15, true},
		"no setup sectors mean four":       {kernel(15, 0, 100), 5*512 + 1600 - 15, true},
		"syssize is short in old ones":     {kernel(3, 1, 100), 0, true},
		"what has no header says nothing":  {[]byte(at(0x1fe, "\x55\xaa") + at(0x300, "")), 0, true},
		"what is shorter is not bootable":  {[]byte(at(0x1fe, "\x55\xaa")), 0, false},
		"a page has no boot sector either": {[]byte(strings.Repeat("<html>", 300)), 0, false},
	} {
		if got := Whole(c.p); got != c.want || Bootable(c.p) != c.boot {
			t.Errorf("%s: %d bytes, bootable %v, want %d", name, got, Bootable(c.p), c.want)
		}
	}
}

func TestPlatformsOfProgramsAndMachines(t *testing.T) {
	efi := func(cpu string) Program { return Program{Kind: EFI, UEFI: true, CPU: cpu} }
	pxelinux := Program{Kind: PXELINUX, BIOS: true, CPU: "i386"}
	for name, c := range map[string]struct {
		p    Program
		arch pxe.Arch
		want bool
	}{
		"pxelinux on BIOS":                     {pxelinux, pxe.ArchX86BIOS, true},
		"pxelinux on x64":                      {pxelinux, pxe.ArchX64, false},
		"an x64 program on x64":                {efi("x86_64"), pxe.ArchX64, true},
		"on x64 that calls itself EBC":         {efi("x86_64"), pxe.ArchEBC, true},
		"on x64 by HTTP":                       {efi("x86_64"), pxe.ArchX64HTTP, true},
		"on IA32":                              {efi("x86_64"), pxe.ArchIA32, false},
		"on ARM64":                             {efi("x86_64"), pxe.ArchARM64, false},
		"on BIOS":                              {efi("x86_64"), pxe.ArchX86BIOS, false},
		"an ARM64 program on ARM64 HTTP":       {efi("aarch64"), pxe.ArchARM64HTTP, true},
		"byte code on ARM64":                   {efi("ebc"), pxe.ArchARM64, true},
		"byte code on BIOS":                    {efi("ebc"), pxe.ArchX86BIOS, false},
		"RISC-V on RISC-V":                     {efi("riscv64"), 27, true},
		"RISC-V on x64":                        {efi("riscv64"), pxe.ArchX64, false},
		"LoongArch on LoongArch":               {efi("loongarch64"), 39, true},
		"ARM32 on ARM32":                       {efi("arm"), pxe.ArchARM32, true},
		"IA32 on IA32 HTTP":                    {efi("i386"), pxe.ArchIA32HTTP, true},
		"a kernel on BIOS":                     {Program{Kind: Linux, BIOS: true, UEFI: true, CPU: "x86_64"}, pxe.ArchX86BIOS, true},
		"memtest86+, which is both, on BIOS":   {Program{Kind: Memtest, BIOS: true, UEFI: true, CPU: "x86_64"}, pxe.ArchX86BIOS, true},
		"an x64 program on a PowerPC":          {efi("x86_64"), 12, true}, // nobody knows
		"what nobody knows on x64":             {Program{}, pxe.ArchX64, true},
		"an x64 program on U-Boot for ARM64":   {efi("x86_64"), 22, true},
		"a program for an unknown CPU on BIOS": {efi(""), pxe.ArchX86BIOS, true},
	} {
		if got := Fits(c.p.Platform(), c.arch); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func FuzzFormat(f *testing.F) {
	f.Add([]byte("<html>"))
	f.Add([]byte(at(0x1fe, "\x55\xaa")))
	f.Fuzz(func(t *testing.T, p []byte) {
		if is := Format(p); is == Nothing && len(p) > 0 {
			t.Error("it is not empty")
		}
		Whole(p)
	})
}
