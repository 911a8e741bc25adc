package content

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/bootrig/bootrig/server/embedded"
)

// standIn makes a small program that looks like the real one to a boot loader, and is nothing more:
// with these a scenario runs where no Debian package is. The kind is one of
//
//	pxelinux:VERSION   the text by which a PXELINUX tells its version
//	elf[:LIB,LIB...]   a syslinux 5 or 6 module: ELF32 with these DT_NEEDED
//	com32r             a syslinux 4 module: `mov eax,21cd4cff`, its magic number
//	linux:SIZE         a bzImage whose header fits its size
//	multiboot          a gzipped image with a multiboot header, as Xen's
//	bytes:SIZE         bytes that are all different enough to notice a block that is missing
//	uboot[:pxe]        a script of ours for U-Boot, which is no stand-in: real machines run it
//	embedded:NAME      a boot program of our own, which is no stand-in: real machines run it
func standIn(kind string) ([]byte, error) {
	name, arg, _ := strings.Cut(kind, ":")
	var size int
	if name == "linux" || name == "bytes" {
		if _, err := fmt.Sscan(arg, &size); err != nil || size < 1024 {
			return nil, fmt.Errorf("%s needs a size of at least 1024", kind)
		}
	}
	switch name {
	case "pxelinux":
		return append([]byte("\xeb\x3c\r\nPXELINUX "+arg+" stand-in of bootrig, it boots nothing\r\n"), noise(3000)...), nil
	case "elf":
		return elf32(strings.FieldsFunc(arg, func(r rune) bool { return r == ',' })), nil
	case "com32r":
		return append([]byte("\xb8\xff\x4c\xcd\x21"), noise(2000)...), nil
	case "linux":
		return kernel(size), nil
	case "multiboot":
		return multiboot()
	case "bytes":
		return noise(size), nil
	case "uboot":
		return uboot(arg), nil
	case "embedded":
		return embedded.Read(arg)
	}
	return nil, fmt.Errorf("no stand-in is called %q", kind)
}

// noise is a fixed sequence without short repetitions.
func noise(n int) []byte {
	b := make([]byte, n)
	state := uint32(2463534242)
	for i := range b {
		state ^= state << 13
		state ^= state >> 17
		state ^= state << 5
		b[i] = byte(state)
	}
	return b
}

func kernel(size int) []byte {
	data := noise(size)
	clear(data[:0x268])
	data[0x1f1] = 1 // setup_sects
	binary.LittleEndian.PutUint16(data[0x1fe:], 0xaa55)
	copy(data[0x202:], "HdrS")
	binary.LittleEndian.PutUint16(data[0x206:], 0x020f) // boot protocol 2.15
	data[0x211] = 1                                     // loaded high
	return shrinkKernel(append(data, make([]byte, max(0, 0x1000-size))...))
}

// multiboot is a header (Multiboot Specification 0.6.96, 3.1.1) within the first 8 KiB.
func multiboot() ([]byte, error) {
	const magic, flags = 0x1badb002, 0
	plain := noise(8192)
	binary.LittleEndian.PutUint32(plain[64:], magic)
	binary.LittleEndian.PutUint32(plain[68:], flags)
	binary.LittleEndian.PutUint32(plain[72:], 1<<32-magic-flags)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(plain); err != nil {
		return nil, err
	}
	err := z.Close()
	return b.Bytes(), err
}
