package udf

import (
	"encoding/binary"
	"unicode/utf16"
)

// cs0 is a name in OSTA's compressed Unicode, UDF 2.1.1: the first byte tells how many bits a character has. 254
// and 255 are 8 and 16 bits of what was deleted.
func cs0(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	bits, b := b[0], b[1:]
	switch bits {
	case 8, 254:
		runes := make([]rune, len(b))
		for i, c := range b {
			runes[i] = rune(c)
		}
		return string(runes)
	case 16, 255:
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = binary.BigEndian.Uint16(b[2*i:])
		}
		return string(utf16.Decode(units))
	}
	return ""
}

// dstring is the text of a field of fixed length, whose last byte tells how much of it counts (ECMA-167 1/7.2.12).
func dstring(field []byte) string {
	last := len(field) - 1
	return cs0(field[:min(int(field[last]), last)])
}
