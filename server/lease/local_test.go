package lease_test

import (
	"strings"
	"testing"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// Who boots its own disk is told so in its lease, as a proxy would tell it.
func TestLocalBootInALease(t *testing.T) {
	boot := &proxydhcp.Config{Boot: []proxydhcp.Boot{{Local: true, Rule: "x:2"}, {File: "http://{server}/x.efi", Archs: []pxe.Arch{pxe.ArchX64HTTP}, Tags: []string{"never"}, Rule: "x:3"}}}
	for who, c := range map[string]struct {
		class string
		file  string
		menu  bool
		says  bool
	}{
		"a PXE client":   {"PXEClient:Arch:00007", "", true, true},
		"UEFI HTTP boot": {"HTTPClient:Arch:00016", "http://192.168.9.2/local-boot", false, true},
		"nobody else":    {"udhcp 1.36", "", false, false},
	} {
		t.Run(who, func(t *testing.T) {
			d := lease.New(pool("192.168.9.50", "192.168.9.50"), boot, nil).Decide(start, said{kind: dhcpv4.MessageTypeDiscover, mac: 1, more: map[uint8][]byte{60: []byte(c.class), 93: {0, 7}}}.request())
			if d.Reply == nil {
				t.Fatal(d.Reason)
			}
			p := d.Reply.Packet
			if p.BootFileName != c.file || strings.Contains(string(p.Options[43]), "Local boot") != c.menu || strings.Contains(d.Reason, "local boot (x:2)") != c.says {
				t.Errorf("it is told %q, %q: %s", p.BootFileName, p.Options[43], d.Reason)
			}
			if class := string(p.Options[60]); c.says && !strings.HasPrefix(c.class, class) || (class != "") != c.says {
				t.Errorf("option 60 is %q", class)
			}
		})
	}
}
