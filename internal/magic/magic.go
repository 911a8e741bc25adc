// Package magic answers: what is a file, as far as its first bytes and its size say?
//
// It looks at what crosses the wire, where the first block of a file is all that there is of it. So it knows less
// than who has the whole file, and says nothing where that is not enough.
package magic

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

// Enough is how much of a file is wanted: what a Linux kernel says of itself lies there, and PE headers mostly.
const Enough = 1024

// The words of Of. A PE image is called by its processor, and by whether it is signed if its beginning says so: "pe x64
// unsigned".
const (
	HTML   = "html"      // a page of a web server
	Linux  = "linux"     // an x86 kernel that is whole
	ELF    = "elf"       // a module of syslinux 5 and later, or a multiboot kernel
	COM32R = "com32r"    // a module of syslinux 3 and 4
	GZIP   = "gzip"      // a kernel or a RAM disk
	Script = "ipxe"      // an iPXE script
	LFS    = "git-lfs"   // a pointer to a file that was never fetched
	Text   = "text"      // lines that people read
	Empty  = "empty"     // no byte
	Cut    = "linux cut" // followed by what it has and what it should have
	PE     = "pe "

	Signed   = " signed" // how the word of a PE image ends
	Unsigned = " unsigned"
)

// processors are those of PE images (PE format, section 3.3.1).
var processors = map[uint16]string{
	0x14c: "ia32", 0x8664: "x64", 0xaa64: "arm64", 0x1c2: "arm32", 0x1c4: "arm32", 0x5032: "riscv32", 0x5064: "riscv64", 0x6264: "loongarch64",
}

// Of says what a file is that begins so and is so large; "" if that cannot be told.
func Of(first []byte, size int64) string {
	lower := strings.ToLower(string(bytes.TrimLeft(first[:min(len(first), 64)], " \t\r\n\ufeff")))
	switch {
	case size == 0:
		return Empty
	case strings.HasPrefix(lower, "<!doctype html"), strings.HasPrefix(lower, "<html"), strings.HasPrefix(lower, "<?xml version"):
		return HTML
	case bytes.HasPrefix(first, []byte("#!ipxe")):
		return Script
	case bytes.HasPrefix(first, []byte("version https://git-lfs")):
		return LFS
	case bytes.HasPrefix(first, []byte{0x7f, 'E', 'L', 'F'}):
		return ELF
	case bytes.HasPrefix(first, []byte{0xb8, 0xff, 0x4c, 0xcd, 0x21}): // mov eax, 0x21cd4cff
		return COM32R
	case bytes.HasPrefix(first, []byte{0x1f, 0x8b}):
		return GZIP
	}
	if is := linux(first, size); is != "" {
		return is
	}
	if cpu := processor(first); cpu != "" {
		return PE + cpu + signed(first)
	}
	if text(first) {
		return Text
	}
	return ""
}

// text tells whether all is printable ASCII, or white space.
func text(b []byte) bool {
	return !bytes.ContainsFunc(b, func(r rune) bool { return r > '~' || r < ' ' && r != '\n' && r != '\r' && r != '\t' })
}

// linux reads the header of a bzImage (Documentation/arch/x86/boot.rst: setup_sects, syssize).
func linux(b []byte, size int64) string {
	if len(b) < 0x210 || string(b[0x202:0x206]) != "HdrS" || binary.LittleEndian.Uint16(b[0x1fe:]) != 0xaa55 {
		return ""
	}
	sectors := int64(b[0x1f1])
	if sectors == 0 {
		sectors = 4
	}
	want := (sectors+1)*512 + int64(binary.LittleEndian.Uint32(b[0x1f4:]))*16
	if binary.LittleEndian.Uint16(b[0x206:]) >= 0x204 && size < want { // before, syssize had 16 bits
		return fmt.Sprintf("%s %d %d", Cut, size, want)
	}
	return Linux
}

// signed tells whether a PE image has a table of certificates (PE format, section 3.4.3: the fifth data directory); "" if
// its beginning does not say.
func signed(b []byte) string {
	const file, rows, row = 24, 112, 8 // what comes before the optional header, and before its directories in PE32+
	opt := b[min(binary.LittleEndian.Uint32(b[0x3c:])+file, uint32(len(b))):]
	if len(opt) < rows || binary.LittleEndian.Uint16(opt) != 0x20b {
		return ""
	}
	switch n := binary.LittleEndian.Uint32(opt[rows-4:]); {
	case n <= 4:
		return Unsigned
	case len(opt) < rows+5*row:
		return ""
	}
	if at := opt[rows+4*row:]; binary.LittleEndian.Uint32(at) == 0 || binary.LittleEndian.Uint32(at[4:]) == 0 {
		return Unsigned
	}
	return Signed
}

// processor is that of a PE image (PE format, sections 3.1 to 3.3), "" if it is none.
func processor(b []byte) string {
	const offset = 0x3c // of the PE header
	if len(b) < offset+4 || !bytes.HasPrefix(b, []byte("MZ")) {
		return ""
	}
	at := uint64(binary.LittleEndian.Uint32(b[offset:]))
	if at+6 > uint64(len(b)) || !bytes.HasPrefix(b[at:], []byte("PE\x00\x00")) {
		return ""
	}
	machine := binary.LittleEndian.Uint16(b[at+4:])
	if name, known := processors[machine]; known {
		return name
	}
	return fmt.Sprintf("%#x", machine)
}
