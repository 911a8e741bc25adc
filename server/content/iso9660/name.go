package iso9660

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// plainName is a name without its version, and without the dot that a name without an extension has (ECMA-119
// 7.5.1): README.TXT;1 is README.TXT, and VMLINUZ.;1 is VMLINUZ.
func plainName(s string) string { return strings.TrimSuffix(withoutVersion(s), ".") }

// jolietName is a name in UCS-2, or as some write it, UTF-16, the high byte first (Joliet Specification).
func jolietName(s string) string {
	units := make([]uint16, len(s)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16([]byte(s[2*i:]))
	}
	return withoutVersion(string(utf16.Decode(units)))
}

// withoutVersion drops the number that ECMA-119 7.5.1 puts behind a semicolon.
func withoutVersion(s string) string {
	i := strings.LastIndexByte(s, ';')
	if i < 0 || i == len(s)-1 || strings.Trim(s[i+1:], "0123456789") != "" {
		return s
	}
	return s[:i]
}
