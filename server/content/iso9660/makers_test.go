package iso9660_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"testing"

	"github.com/bootrig/bootrig/server/content/iso9660"
)

// tf is the times of a file, in their order: one for each bit of the flags.
func tf(flags byte, times ...string) []byte {
	b := []byte{flags}
	for _, t := range times {
		b = append(b, t...)
	}
	return use("TF", b)
}

// TestWhatMakersWrite is of what neither xorriso nor genisoimage writes, and other programs do.
func TestWhatMakersWrite(t *testing.T) {
	const early, late = "\x64\x02\x03\x04\x05\x06\x00", "\x7d\x0b\x1a\x0d\x0e\x0f\x00"
	xa := []byte("\x00\x00\x00\x00\x0d\x55XA\x00\x00\x00\x00\x00\x00")
	one := func(systemUse ...[]byte) func(small) {
		return func(s small) {
			s.directory(atRoot, atRoot, newRecord("X.;1", atFile, 5, 0, join(append(systemUse, nm("x"))...)))
		}
	}
	for name, c := range map[string]struct {
		spoil func(small)
		want  string
	}{
		"a time, west of Greenwich": {func(s small) {
			r := newRecord("X.;1", atFile, 5, 0, nm("x"))
			copy(r[18:], "\x7d\x0b\x1a\x17\x0e\x0f\xec") // 23:14:15, 20 quarters
			s.directory(atRoot, atRoot, r)
		}, "-r--r--r-- 2025-11-27 04:14:15 +0000 UTC 12345"},
		"no time": {func(s small) {
			r := newRecord("X.;1", atFile, 5, 0, nm("x"))
			clear(r[18:25])
			s.directory(atRoot, atRoot, r)
		}, "-r--r--r-- 0001-01-01 00:00:00 +0000 UTC 12345"},
		"the time that it was changed alone":  {one(tf(2, late)), "-r--r--r-- 2025-11-26 13:14:15 +0000 UTC 12345"},
		"behind the time that it was made":    {one(tf(7, early, late, early)), "-r--r--r-- 2025-11-26 13:14:15 +0000 UTC 12345"},
		"times of 17 bytes":                   {one(tf(0x83, "1999010203040500\x00", "2025112613141550\x04")), "-r--r--r-- 2025-11-26 12:14:15.5 +0000 UTC 12345"},
		"a time of 17 bytes that is not told": {one(tf(0x82, "0000000000000000\x00")), "-r--r--r-- 2026-11-26 00:00:00 +0000 UTC 12345"},
		"a time that is cut off":              {one(tf(2, late[:3])), "-r--r--r-- 2026-11-26 00:00:00 +0000 UTC 12345"},
		"all bits of a mode":                  {one(px(0o107751)), "ugtrwxr-x--x 2026-11-26 00:00:00 +0000 UTC 12345"},
		"extended attributes before a file": {func(s small) {
			r := newRecord("X.;1", atFile-1, 5, 0, nm("x"))
			r[1] = 1
			s.directory(atRoot, atRoot, r)
		}, "-r--r--r-- 2026-11-26 00:00:00 +0000 UTC 12345"},
		"CD-ROM XA before each system use area": {func(s small) {
			clear(s.at(atRoot))
			copy(s.at(atRoot), join(newRecord("\x00", atRoot, sector, directoryFlag, join(xa, use("SP", []byte{0xbe, 0xef, 14}), px(0o040755))),
				newRecord("\x01", atRoot, sector, directoryFlag, xa), newRecord("X.;1", atFile, 5, 0, join(xa, nm("x")))))
		}, "-r--r--r-- 2026-11-26 00:00:00 +0000 UTC 12345"},
		"blocks of 512 bytes": {func(s small) {
			s.directory(atRoot, atRoot, newRecord("X.;1", 4*atFile, 5, 0, nm("x")))
			binary.LittleEndian.PutUint16(s.at(atPrimary)[128:], 512)
			binary.LittleEndian.PutUint32(s.at(atPrimary)[156+2:], 4*atRoot)
		}, "-r--r--r-- 2026-11-26 00:00:00 +0000 UTC 12345"},
		"no terminator": {func(s small) { one()(s); clear(s.at(atTerminator)) }, "-r--r--r-- 2026-11-26 00:00:00 +0000 UTC 12345"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSmall()
			c.spoil(s)
			image, err := iso9660.Open(bytes.NewReader(s), int64(len(s)))
			if err != nil {
				t.Fatal(err)
			}
			info, err := image.Stat("x")
			if err != nil {
				t.Fatal(err)
			}
			b, err := fs.ReadFile(image, "x")
			if got := fmt.Sprintf("%s %s %s", info.Mode(), info.ModTime(), b); err != nil || got != c.want {
				t.Errorf("%q, and not %q: %v", got, c.want, err)
			}
		})
	}
}

func TestHowLargeABootImageIs(t *testing.T) {
	for name, c := range map[string]struct {
		platform, media byte
		sectors         uint16
		want            int64
	}{
		"as many sectors as are loaded":       {0, 0, 4, 2048},
		"a floppy of 1.44 MB, cut":            {0, 2, 1, (smallSectors - atMore) * sector},
		"all that is left, for EFI":           {0xef, 0, 0, (smallSectors - atMore) * sector},
		"not so for a BIOS":                   {0, 0, 0, 0},
		"an EFI system partition by its size": {0xef, 0, 65535, (smallSectors - atMore) * sector},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSmall()
			s.directory(atRoot, atRoot)
			copy(s.at(atJoliet), append([]byte{0}, "CD001\x01EL TORITO SPECIFICATION"...))
			binary.LittleEndian.PutUint32(s.at(atJoliet)[71:], atSub)
			clear(s.at(atSub))
			catalog := s.at(atSub)
			catalog[0], catalog[1], catalog[30], catalog[31] = 1, c.platform, 0x55, 0xaa
			catalog[32], catalog[33], catalog[40] = 0x88, c.media, atMore
			binary.LittleEndian.PutUint16(catalog[38:], c.sectors)
			image, err := iso9660.Open(bytes.NewReader(s), int64(len(s)))
			if err != nil {
				t.Fatal(err)
			}
			images, err := image.Boot()
			if err != nil || len(images) != 1 {
				t.Fatal(images, err)
			}
			if got := images[0].Size(); got != c.want {
				t.Errorf("%d bytes, and not %d", got, c.want)
			}
		})
	}
}
