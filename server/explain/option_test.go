package explain

import "testing"

// The value of an option as its number says it, not as it happens to look.
func TestOptionsAsAPersonReadsThem(t *testing.T) {
	for name, c := range map[string]struct {
		code  uint8
		value string
		want  string
	}{
		"the name of a TFTP server, however short":  {66, "ns1\x00", "ns1"},
		"a TFTP server named by its address":        {66, "192.168.9.3\x00", "192.168.9.3"},
		"two DNS servers":                           {6, "\xc0\xa8\x09\x03\xc0\xa8\x09\x04", "192.168.9.3 192.168.9.4"},
		"a router whose address would be text":      {3, "ABCD", "65.66.67.68"},
		"a netmask":                                 {1, "\xff\xff\xff\x00", "255.255.255.0"},
		"addresses that are cut short":              {6, "\xc0\xa8\x09\x03\xc0", "c0 a8 09 03 c0"},
		"a host name of two letters":                {12, "vm", "vm"},
		"a domain":                                  {15, "lab", "lab"},
		"a list of domains, which is no text":       {119, "\x03lab\x00", "03 6c 61 62 00"},
		"a lease time":                              {51, "\x00\x00\x0e\x10", "1h0m0s"},
		"the lease time of a lease that never ends": {51, "\xff\xff\xff\xff", "for ever"},
		"an MTU":                                {26, "\x05\xdc", "1500"},
		"an option without a name that is text": {210, "/tftpboot/", "/tftpboot/"},
		"an option without a name that is not":  {209, "\x01\x02", "01 02"},
		"an option of no bytes":                 {80, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := said(c.code, []byte(c.value)); got != c.want {
				t.Errorf("option %d is %q, want %q", c.code, got, c.want)
			}
		})
	}
}
