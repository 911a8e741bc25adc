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
		"a host more":                 {base, base + "dhcp-host=52:54:00:00:00:02,192.168.9.102,two\n", []string{`x:5 hosts: {mac: "52:54:00:00:00:02", name: two, address: 192.168.9.102} is new`}},
		"a host less":                 {base + "dhcp-host=52:54:00:00:00:02,two\n", base, []string{` hosts: {mac: "52:54:00:00:00:02", name: two} is gone`}},
		"one of two that are alike":   {base + "dhcp-option=42,0.0.0.0\ndhcp-option=42,0.0.0.0\n", base + "dhcp-option=42,0.0.0.0\n", []string{" options: {option: ntp-server, addresses: 0.0.0.0} is gone"}},
		"a value":                     {base, strings.Replace(base, "/a", "/b", 1), []string{"x:4 tftp root: /b, and was /a"}},
		"a value, the other an entry": {base, base + "tftp-max=7\n", []string{" tftp max-transfers: 7 is new"}},
		"a switch":                    {base, base + "dhcp-ignore-clid\n", []string{" ignore-client-id: true is new"}},
		"another order":               {base + "dhcp-boot=a\ndhcp-boot=b\n", base + "dhcp-boot=b\ndhcp-boot=a\n", []string{"x:5 boot: the same in another order"}},
		"something else altogether": {base, "dhcp-range=192.168.9.0,proxy\ndhcp-boot=x\n", []string{
			" leases ranges: {from: 192.168.9.100, to: 192.168.9.110} is gone", "x:1 networks: {network: 192.168.9.0} is new", "x:2 boot: {file: x} is new",
			` hosts: {mac: "52:54:00:00:00:01", name: one} is gone`, " tftp root: /a is gone"}},
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
			for _, d := range Differences(was, is) {
				got = append(got, d.Rule+" "+d.Text)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
