package header

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// Formats of files that are no boot programs, as Format tells them: by the words of a person.
const (
	Nothing = "an empty file"
	HTML    = "an HTML page"
	Script  = "an iPXE script"
	Text    = "text"
	Gzip    = "gzip data"
	CPIO    = "a cpio archive"
	ISO     = "an ISO image"
	Disk    = "a disk image"
	Object  = "an ELF file"
	Mangled = "a Linux kernel with carriage returns in it, as FTP puts them there in text mode"
	Sector  = "a boot sector" // 55 AA at its end, and nothing that says more
	Pointer = "a Git LFS pointer, not the file itself"
	PGP     = "a PGP signature"
)

// Format is what the beginning of a file that is no boot program tells; "" for what tells nothing.
func Format(p []byte) string {
	if len(p) == 0 {
		return Nothing
	}
	for _, m := range magics() {
		if len(p) >= m.at && bytes.HasPrefix(p[m.at:], []byte(m.text)) {
			return m.is
		}
	}
	switch {
	case signature(p):
		return PGP
	case mangled(p):
		return Mangled
	}
	if is := text(p); is != "" {
		return is
	}
	return sector(p)
}

// A magic is the bytes by which a format calls itself, and where.
type magic struct {
	is   string
	at   int
	text string
}

func magics() []magic {
	return []magic{
		{Gzip, 0, "\x1f\x8b"},
		{"xz data", 0, "\xfd7zXZ\x00"},
		{"zstd data", 0, "\x28\xb5\x2f\xfd"},
		{"bzip2 data", 0, "BZh"},
		{"lz4 data", 0, "\x02\x21\x4c\x18"}, // the legacy frame, which the kernel knows
		{"lz4 data", 0, "\x04\x22\x4d\x18"},
		{CPIO, 0, "070701"},
		{CPIO, 0, "070702"},
		{CPIO, 0, "070707"},
		{CPIO, 0, "\xc7\x71"},
		{"a zip archive", 0, "PK\x03\x04"},
		{"a WIM image", 0, "MSWIM\x00\x00\x00"},
		{"a squashfs image", 0, "hsqs"},
		{ISO, 0x8001, "CD001"}, // ECMA-119, 8.1.2
		{"a tar archive", 257, "ustar"},
		{Disk, 0x200, "EFI PART"},
		{Object, 0, "\x7fELF"},
		{Pointer, 0, "version https://git-lfs"},
		{PGP, 0, "-----BEGIN PGP"},
		{Script, 0, "#!ipxe"},
		{Script, 0, "#!gpxe"},
	}
}

// signature tells a PGP signature that is not text: a packet with two bytes of length, of version 4, of a
// binary document (RFC 4880, sections 4.2 and 5.2.3).
func signature(p []byte) bool {
	const packet, version, document = 0x89, 4, 0
	return len(p) > 4 && p[0] == packet && p[3] == version && p[4] == document
}

// mangled tells a kernel whose header has slipped: a CR before each LF.
func mangled(p []byte) bool {
	const magic, reach = 0x202, 0x800
	at := bytes.Index(p[:min(len(p), reach)], []byte("HdrS"))
	return at > magic && bytes.Contains(p[:at], []byte("\r\n"))
}

// sector tells what ends its first 512 bytes with 55 AA: a disk with a file system or partitions, or no more.
func sector(p []byte) string {
	const end, fat, fat32, table, entry, entries = 0x1fe, 0x36, 0x52, 0x1be, 16, 4
	if len(p) < end+2 || p[end] != 0x55 || p[end+1] != 0xaa {
		return ""
	}
	if bytes.HasPrefix(p[fat:], []byte("FAT")) || bytes.HasPrefix(p[fat32:], []byte("FAT")) {
		return Disk
	}
	used := 0
	for i := range entries {
		switch active, kind := p[table+i*entry], p[table+i*entry+4]; {
		case active&0x7f != 0: // no partition table
			return Sector
		case kind != 0:
			used++
		}
	}
	if used > 0 {
		return Disk
	}
	return Sector
}

// text tells a page, and other texts.
func text(p []byte) string {
	const enough = 512
	b := bytes.TrimPrefix(p[:min(len(p), enough)], []byte("\xef\xbb\xbf"))
	lower := bytes.ToLower(bytes.TrimSpace(b))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<?xml"} {
		if bytes.HasPrefix(lower, []byte(tag)) {
			return HTML
		}
	}
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			if len(p) > enough && len(b) < utf8.UTFMax { // cut in two
				break
			}
			return ""
		}
		if !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return ""
		}
		b = b[n:]
	}
	return Text
}
