package image

import (
	"strings"
	"testing"
	"unicode"
)

// FuzzLooks holds any beginning of a file to one line that says what it is taken for.
func FuzzLooks(f *testing.F) {
	for _, l := range known {
		f.Add([]byte(strings.Repeat("\x01", l.offset) + l.magic))
	}
	for _, text := range []string{"", "\x00\x00", "<!DOCTYPE html>", "<?xml", "dhcp-range=x\n", "# x\n---\ntftp:\n", "text", "\xff\xfe", strings.Repeat("ab", 32) + "  x\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, head []byte) {
		text := looks(head).Error()
		if !strings.HasPrefix(text, "is ") && !strings.HasPrefix(text, "looks like ") && !strings.HasPrefix(text, "begins with ") || strings.ContainsFunc(text, unicode.IsControl) || len(text) > 200 {
			t.Errorf("%q is taken for %q", head, text)
		}
		_ = whole(head, int64(len(head)))
	})
}
