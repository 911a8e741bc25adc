package magic

import (
	"encoding/binary"
	"strings"
	"testing"
)

// kernel is the beginning of a bzImage of version 2.15 that says it has so many bytes.
func kernel(size uint32) []byte {
	b := make([]byte, Enough)
	b[0x1f1] = 1
	binary.LittleEndian.PutUint32(b[0x1f4:], (size-1024)/16)
	copy(b[0x1fe:], "\x55\xaa\xeb\x00HdrS\x0f\x02")
	return b
}

// image is the beginning of a PE image for a processor.
func image(machine uint16) []byte {
	b := make([]byte, 512)
	copy(b, "MZ")
	b[0x3c] = 0x80
	copy(b[0x80:], "PE\x00\x00")
	binary.LittleEndian.PutUint16(b[0x84:], machine)
	return b
}

// directories is a PE32+ image with so many data directories, of which that of certificates is so large.
func directories(b []byte, rows, size uint32) []byte {
	opt := b[0x80+24:]
	binary.LittleEndian.PutUint16(opt, 0x20b)
	binary.LittleEndian.PutUint32(opt[108:], rows)
	binary.LittleEndian.PutUint32(opt[112+4*8:], size)
	binary.LittleEndian.PutUint32(opt[112+4*8+4:], size)
	return b
}

func TestWhatAFileIs(t *testing.T) {
	stub := kernel(1 << 20) // a kernel that is a UEFI program too
	copy(stub, image(0x8664)[:0x100])
	for name, c := range map[string]struct {
		first []byte
		size  int64
		want  string
	}{
		"a page of a mirror":            {[]byte("\n <!DOCTYPE HTML PUBLIC"), 500, HTML},
		"another":                       {[]byte("<html>"), 500, HTML},
		"a kernel":                      {kernel(8 << 20), 8 << 20, Linux},
		"one with something behind it":  {kernel(8 << 20), 9 << 20, Linux},
		"one with a UEFI stub":          {stub, 1 << 20, Linux},
		"one that was cut":              {kernel(8 << 20), 20000, "linux cut 20000 8388608"},
		"a UEFI program":                {image(0x8664), 1 << 20, "pe x64"},
		"one that is signed":            {directories(image(0x8664), 16, 4096), 1 << 20, "pe x64 signed"},
		"one that nobody signed":        {directories(image(0x8664), 16, 0), 1 << 20, "pe x64 unsigned"},
		"one without a place for it":    {directories(image(0x8664), 4, 4096), 1 << 20, "pe x64 unsigned"},
		"one that is cut before it":     {directories(image(0x8664), 16, 4096)[:0x100], 1 << 20, "pe x64"},
		"one for arm64":                 {image(0xaa64), 1 << 20, "pe arm64"},
		"one for who knows":             {image(0x1234), 1 << 20, "pe 0x1234"},
		"a module of syslinux 6":        {[]byte("\x7fELF\x01"), 9000, ELF},
		"a module of syslinux 4":        {[]byte("\xb8\xff\x4c\xcd\x21\x00"), 9000, COM32R},
		"a RAM disk":                    {[]byte("\x1f\x8b\x08"), 9000, GZIP},
		"an iPXE script":                {[]byte("#!ipxe\nboot\n"), 12, Script},
		"a pointer of git-lfs":          {[]byte("version https://git-lfs.github.com/spec/v1\n"), 130, LFS},
		"a configuration":               {[]byte("default linux\r\n\tkernel vmlinuz\n"), 30, Text},
		"nothing":                       {nil, 0, Empty},
		"a BIOS program":                {[]byte("\xea\x05\x00\xc0\x07"), 42000, ""},
		"a PE header that is not there": {[]byte("MZ" + strings.Repeat("\xff", 100)), 42000, ""},
		"the beginning of a kernel":     {kernel(8 << 20)[:512], 8 << 20, ""},
	} {
		if got := Of(c.first, c.size); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add(image(0x8664), int64(1))
	f.Add(kernel(1<<20), int64(1))
	f.Fuzz(func(_ *testing.T, first []byte, size int64) { Of(first, size) })
}
