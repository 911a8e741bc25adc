// Package textfile tells a text that people write from a file that was named by mistake: a kernel, an
// archive, a picture. Read line by line, each would be hundreds of mistakes.
package textfile

import "bytes"

// sniffed is how much of a file is looked at.
const sniffed = 8 << 10

// magics are the beginnings of files that people have beside a configuration.
var magics = []struct{ begin, what string }{
	{"\x7fELF", "an ELF program"},
	{"\x1f\x8b", "a gzip archive"},
	{"\xfd7zXZ\x00", "an xz archive"},
	{"\x28\xb5\x2f\xfd", "a zstd archive"},
	{"PK\x03\x04", "a zip archive"},
	{"MZ", "a UEFI or Windows program"},
	{"\xd4\xc3\xb2\xa1", "a packet capture"},
	{"\x0a\x0d\x0d\x0a", "a packet capture"},
	{"SQLite format 3\x00", "a database"},
	{"\x89PNG", "a picture"},
	{"\xff\xd8\xff", "a picture"},
}

// Not says what data is if it is no text: "a gzip archive". A text is "", also one with a few odd bytes.
func Not(data []byte) string {
	const few, share = 4, 20 // so many, and one byte in so many
	head := data[:min(len(data), sniffed)]
	odd := 0
	for _, c := range head {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			odd++
		}
	}
	for _, m := range magics {
		if odd > 0 && bytes.HasPrefix(head, []byte(m.begin)) {
			return m.what
		}
	}
	if odd < few || odd*share < len(head) {
		return ""
	}
	return "a binary file"
}
