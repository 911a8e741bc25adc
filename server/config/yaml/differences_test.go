package yaml

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
)

func TestDifferencesAreAnEntryEach(t *testing.T) {
	const base = "dhcp-range=192.168.9.100,192.168.9.110\ndhcp-host=52:54:00:00:00:01,one\nenable-tftp\ntftp-root=/a\n"
	for name, c := range map[string]struct {
		was, is string
		want    []string
	}{
		"nothing":                     {base, base, nil},
		"the place of a line":         {base, "# a remark\n" + base, nil},
		"a host more":                 {base, base + "dhcp-host=52:54:00:00:00:02,192.168.9.102,two\n", []string{`x:5 new: hosts: {mac: "52:54:00:00:00:02", name: two, address: 192.168.9.102}`}},
		"a host less":                 {base + "dhcp-host=52:54:00:00:00:02,two\n", base, []string{`x:5 gone: hosts: {mac: "52:54:00:00:00:02", name: two}`}},
		"one of two that are alike":   {base + "dhcp-option=42,0.0.0.0\ndhcp-option=42,0.0.0.0\n", base + "dhcp-option=42,0.0.0.0\n", []string{"x:6 gone"}},
		"a value":                     {base, strings.Replace(base, "/a", "/b", 1), []string{"x:4 tftp root: /b, and was /a"}},
		"a value, the other an entry": {base, base + "tftp-max=7\n", []string{" new: tftp max-transfers: 7"}},
		"a switch":                    {base, base + "dhcp-ignore-clid\n", []string{" new: ignore-client-id: true"}},
		"another order":               {base + "dhcp-boot=a\ndhcp-boot=b\n", base + "dhcp-boot=b\ndhcp-boot=a\n", []string{"x:5 boot: the same in another order"}},
		"something else altogether":   {base, "dhcp-range=192.168.9.0,proxy\ndhcp-boot=x\n", []string{"x:1 gone: leases ranges", "x:1 new: networks", "x:2 new: boot: {file: x}", "x:2 gone: hosts", "x:4 gone: tftp root: /a"}},
	} {
		t.Run(name, func(t *testing.T) {
			was, err := dnsmasq.Parse("x", []byte(c.was))
			if err != nil {
				t.Fatal(err)
			}
			is, err := dnsmasq.Parse("x", []byte(c.is))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i, d := range Differences(was, is) {
				line := d.Rule + " " + d.Text
				if i < len(c.want) && strings.HasPrefix(line, c.want[i]) {
					line = c.want[i] // the rest is as yaml prints it
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
