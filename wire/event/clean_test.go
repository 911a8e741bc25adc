package event

import (
	"strings"
	"testing"
)

func TestCleanStaysOnItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"pxelinux.0 in 0.01s":        "pxelinux.0 in 0.01s",
		"a\n06:00:00 - fault: b":     `a\n06:00:00 - fault: b`,
		"\x1b]0;T\x07":               `\x1b]0;T\a`,
		"\u009b2J":                   `\u009b2J`, // CSI in one character
		"caf\u00e9 \u6771":           "caf\u00e9 \u6771",
		"bad \xff\x9b":               `bad \xff\x9b`,
		"right to left \u202e":       `right to left \u202e`,
		"a \"quotation\" and a \\":   "a \"quotation\" and a \\",
		"":                           "",
		"line \u2028 and \r\t\x00":   `line \u2028 and \r\t\x00`,
		"replacement \ufffd is fine": "replacement \ufffd is fine",
	} {
		if got := Clean(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\x1b\n\xff\u009b")
	f.Fuzz(func(t *testing.T, text string) {
		got := Clean(text)
		if strings.ContainsFunc(got, unprintable) || !clean(got) {
			t.Errorf("%q is not clean", got)
		}
		if Clean(got) != got {
			t.Errorf("%q is cleaned again", got)
		}
	})
}
