package config

import "testing"

func TestNearest(t *testing.T) {
	known := []string{"dhcp-boot", "dhcp-host", "port", "tftp-root"}
	for word, want := range map[string]string{
		"dhcp-bot":                              "dhcp-boot", // a letter is missing
		"DHCP-Host":                             "dhcp-host", // the case is another
		"tftp-rot":                              "tftp-root",
		"prot":                                  "port",
		"dhcp-bost":                             "dhcp-boot", // of two as near the first of the alphabet
		"menu":                                  "",
		"a-very-long-word-that-is-none-of-them": "",
	} {
		if got := Nearest(word, known); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}
