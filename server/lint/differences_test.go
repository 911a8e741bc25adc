package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/lint"
)

// Each intended difference is found in a configuration that shows it, and not in one that is almost the same.
// The others say why they cannot be.
func TestDifferences(t *testing.T) {
	const efi = "pxe-service=x86-64_EFI,A,b.efi\n"
	var menu strings.Builder
	for i := range 12 {
		fmt.Fprintf(&menu, "pxe-service=x86PC,\"The number %d of a menu that is far too long\",file%d\n", i, i)
	}
	triggers, spares := map[string]bool{}, map[string]bool{}
	for _, c := range []struct{ id, conf, want string }{
		{"boot-only", proxy + "dhcp-boot=a", "2!"},
		{"boot-only", proxy + "dhcp-boot=a\npxe-prompt=x", ""},
		{"boot-only", leases, ""},
		{"siaddr", proxy + "dhcp-boot=a\n" + efi, "3!"},
		{"siaddr", proxy + "dhcp-boot=a,,192.168.9.2\n" + efi, ""},
		{"siaddr", bios, "3"}, // the menu's line is asked for, and that answer is good
		{"siaddr", proxy + efi, ""},
		{"siaddr", bios + "dhcp-mac=set:us,52:54:*:*:*:*\ndhcp-ignore=tag:us", "3"},
		{"siaddr", bios + "dhcp-mac=set:us,02:54:01:*:*:*\ndhcp-ignore=tag:!us", "3"},
		{"siaddr", proxy + efi + "dhcp-match=set:x,97,00:01\ndhcp-boot=tag:x,a", "5!"},
		{"siaddr", proxy + efi + "dhcp-boot=tag:eth7,a", "4!"},
		{"server-name", "host-record=box,192.168.9.7\n" + bios + "dhcp-boot=a,,box", "5!"},
		{"server-name", "host-record=box,192.168.9.7\n" + strings.TrimPrefix(bios, "port=0\n") + "dhcp-boot=a,,box", ""},
		{"nothing-to-boot", bios, "2"},
		{"nothing-to-boot", bios + "dhcp-boot=a", ""},
		{"long-menu", proxy + menu.String(), "3"},
		{"long-menu", proxy + "pxe-service=x86PC,A,a\npxe-service=x86PC,B,b", ""},
		{"sub-option-twice", bios + "pxe-prompt=x\npxe-prompt=y", "5"},
		{"sub-option-twice", bios + "pxe-prompt=x", ""},
		{"sub-option-twice", bios + "dhcp-option=vendor:PXEClient,6,8b", "4"},
		{"sub-option-twice", bios + "dhcp-option=vendor:PXEClient,77,a\ndhcp-option=vendor:PXEClient,77,b", "5"},
		{"sub-option-twice", bios + "dhcp-option=vendor:PXEClient,77,a", ""},
		{"raspberry-pi", proxy + "dhcp-boot=a\npxe-prompt=x", "3"},
		{"raspberry-pi", bios + "dhcp-boot=a", ""},
		{"relay-alone", bios + "dhcp-relay=192.168.9.2,10.0.0.1", "2"},
		{"relay-alone", bios + "dhcp-relay=192.168.20.1,10.0.0.1", ""},
		{"proxy-range-set", bios + "dhcp-range=set:red,192.168.20.0,proxy", "4"},
		{"proxy-range-set", bios + "dhcp-range=tag:red,192.168.20.0,proxy", ""},
		{"host-ignore", bios + "dhcp-host=52:54:00:12:34:56,ignore", "4"},
		{"host-ignore", bios + "dhcp-mac=set:x,52:54:00:12:34:56\ndhcp-ignore=tag:x", ""},
	} {
		cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte(c.conf))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range lint.Differences(cfg) {
			if n.ID != c.id {
				continue
			}
			line := strings.TrimPrefix(n.Rule, "dnsmasq.conf:")
			if !n.Note {
				line += "!"
			}
			got = append(got, line)
			if d := difference(c.id); !strings.Contains(n.Text, d.Dnsmasq) || !strings.Contains(n.Text, d.Bootrig) {
				t.Errorf("%s: %q is not what the table says", c.id, n.Text)
			}
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s in\n%s(-want +got):\n%s", c.id, c.conf, diff)
		}
		triggers[c.id], spares[c.id] = triggers[c.id] || c.want != "", spares[c.id] || c.want == ""
	}
	for _, d := range dnsmasq.Differences() {
		seen := triggers[d.ID] && spares[d.ID] || slices.ContainsFunc(lint.Rules(), func(r lint.Rule) bool { return r.ID == d.ID })
		if seen == (d.Unseen != "") || d.Dnsmasq == "" || d.Bootrig == "" || d.Why == "" || d.Evidence == "" {
			t.Errorf("%s: wants a case that shows it and one that does not, or the reason why none can", d.ID)
		}
	}
}

func difference(id string) dnsmasq.Difference {
	all := dnsmasq.Differences()
	return all[slices.IndexFunc(all, func(d dnsmasq.Difference) bool { return d.ID == id })]
}
