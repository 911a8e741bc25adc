package lease_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/lease"
)

// What PXE clients alone are told, in the answers of a proxy and of a server.
func TestOptionsForPXEClients(t *testing.T) {
	const proxy, pool = "dhcp-range=192.168.9.0,proxy\n", "no-ping\ndhcp-range=192.168.9.50,192.168.9.50\n"
	const menu = "pxe-service=x86PC,Boot,boot\n"
	pxeClient := map[uint8][]byte{60: []byte("PXEClient:Arch:00000"), 93: {0, 0}, 97: append([]byte{0}, make([]byte, 16)...)}
	other := map[uint8][]byte{60: []byte("PXELinux")}
	with := func(m map[uint8][]byte, code uint8, value ...byte) map[uint8][]byte {
		all := map[uint8][]byte{code: value}
		for c, v := range m {
			all[c] = v
		}
		return all
	}
	long := "dhcp-option-pxe=230," + strings.Repeat("x", 200) + "\ndhcp-option-pxe=231," + strings.Repeat("y", 200) + "\ndhcp-option-pxe=232,z\n"
	for name, c := range map[string]struct {
		conf   string
		client map[uint8][]byte
		want   string // the options of these numbers
		code   []uint8
	}{
		"a proxy tells them unasked":                  {proxy + menu + "dhcp-option-pxe=42,192.168.9.4\n", pxeClient, "42=c0a80904", []uint8{42}},
		"0.0.0.0 is ourselves":                        {proxy + menu + "dhcp-option-pxe=42,0.0.0.0\n", pxeClient, "42=c0a80902", []uint8{42}},
		"a proxy tells no others":                     {proxy + menu + "dhcp-option=42,192.168.9.4\n", pxeClient, "", []uint8{42}},
		"of two the last line counts":                 {proxy + menu + "dhcp-option-pxe=230,a\ndhcp-option-pxe=230,c\n", pxeClient, "230=63", []uint8{230}},
		"or the one for its tags":                     {proxy + menu + "dhcp-match=set:x,93\ndhcp-option-pxe=tag:x,230,a\ndhcp-option-pxe=230,c\n", pxeClient, "230=61", []uint8{230}},
		"and for others' tags none":                   {proxy + menu + "dhcp-option-pxe=tag:x,230,a\n", pxeClient, "", []uint8{230}},
		"sub-options go together":                     {proxy + menu + "dhcp-option-pxe=encap:175,1,1b\ndhcp-option-pxe=encap:175,2,2b\n", pxeClient, "175=020102010101ff", []uint8{175}},
		"an enterprise's too":                         {proxy + menu + "dhcp-option-pxe=vi-encap:9,5,hi\n", pxeClient, "125=000000090405026869", []uint8{125}},
		"a text has a NUL for those who have":         {proxy + menu + "dhcp-option-pxe=230,a\n", with(pxeClient, 12, 'p', 'c', 0), "230=6100", []uint8{230}},
		"the answer's own options stay":               {proxy + menu + "dhcp-option-pxe=54,192.168.9.7\n", pxeClient, "54=c0a80902", []uint8{54}},
		"what does not fit is left out, the rest not": {proxy + menu + long, with(pxeClient, 57, 2, 64), "231=yes 232=7a", []uint8{230, 231, 232}},
		"who has a lease is told if he asks":          {pool + menu + "dhcp-option-pxe=42,192.168.9.4\n", with(pxeClient, 55, 42), "42=c0a80904", []uint8{42}},
		"and else is not":                             {pool + menu + "dhcp-option-pxe=42,192.168.9.4\n", with(pxeClient, 55, 3), "", []uint8{42}},
		"no PXE client is told otherwise":             {pool + menu + "dhcp-option=42,192.168.9.3\ndhcp-option-pxe=42,192.168.9.4\n", with(other, 55, 42), "42=c0a80903", []uint8{42}},
		"a PXE client hears the later line":           {pool + menu + "dhcp-option=42,192.168.9.3\ndhcp-option-pxe=42,192.168.9.4\n", with(pxeClient, 55, 42), "42=c0a80904", []uint8{42}},
		"sub-options are for PXE clients too":         {pool + menu + "dhcp-option-pxe=encap:175,1,1b\n", with(pxeClient, 55, 175), "175=010101ff", []uint8{175}},
		"and for nobody else":                         {pool + menu + "dhcp-option-pxe=encap:175,1,1b\n", with(other, 55, 175), "", []uint8{175}},
		"without a menu nobody with a lease is one":   {pool + "dhcp-option-pxe=42,192.168.9.4\n", with(pxeClient, 55, 42), "", []uint8{42}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := dnsmasq.Parse("x", []byte(c.conf))
			if err != nil {
				t.Fatal(err)
			}
			d := lease.New(&cfg.Leases, &cfg.DHCP, nil).Decide(start, said{kind: dhcpv4.MessageTypeDiscover, mac: 1, more: c.client}.request())
			if d.Reply == nil {
				t.Fatal(d.Reason)
			}
			read, err := dhcpv4.FromBytes(d.Reply.Payload)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, code := range c.code {
				switch v := read.Options[code]; {
				case v == nil:
				case len(v) > 100:
					got = append(got, fmt.Sprintf("%d=yes", code))
				default:
					got = append(got, fmt.Sprintf("%d=%x", code, v))
				}
			}
			if got := strings.Join(got, " "); got != c.want {
				t.Errorf("told %s, want %s (%s)", got, c.want, d.Reason)
			}
			for _, code := range c.code {
				mentioned := strings.Contains(d.Reason, fmt.Sprintf("option %d for PXE clients", code))
				if strings.HasPrefix(c.conf, proxy) && code != 54 && mentioned != (read.Options[code] != nil) {
					t.Errorf("the reason is %q", d.Reason)
				}
			}
			if !slices.Equal(d.Reply.Payload, d.Reply.Packet.ToBytes()) && strings.HasPrefix(c.conf, proxy) {
				t.Error("the packet is not what is sent")
			}
		})
	}
}
