package textfile

import "testing"

func TestWhatIsNoText(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"a dnsmasq.conf":       {"port=0\nenable-tftp\n", ""},
		"an empty file":        {"", ""},
		"Latin-1, as it comes": {"# caf\xe9\n", ""},
		"a kernel":             {"MZ\xea\x07\x00\xc0\x07\x8c\xc8", "a UEFI or Windows program"},
		"bootrig itself":       {"\x7fELF\x02\x01\x01\x00", "an ELF program"},
		"a short gzip":         {"\x1f\x8b\x08", "a gzip archive"},
		"a capture":            {"\xd4\xc3\xb2\xa1\x02\x00", "a packet capture"},
		"one NUL in a line":    {"dhcp-boot=pxe\x00linux.0,,192.168.9.2\n", ""},
		"zeros":                {string(make([]byte, 100)), "a binary file"},
	} {
		if got := Not([]byte(c.data)); got != c.want {
			t.Errorf("%s is %q, want %q", name, got, c.want)
		}
	}
}
