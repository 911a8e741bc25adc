package server_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// Every answer and every silence of TFTP names the line that decided it.
func TestTFTPNamesItsRule(t *testing.T) {
	const (
		conf  = "port=0\nenable-tftp\ntftp-root=ROOT\ntftp-root=ROOT,eth1\ntftp-max=1\n"
		file  = "\x00\x01menu\x00octet\x00"
		tsize = "tsize\x000\x00"
		other = "\x00\x01nosuch\x00octet\x00"
	)
	for name, c := range map[string]struct {
		conf     string
		link     int
		requests []string
		want     []string
	}{
		"a file by its root":                 {conf, 0, []string{file}, []string{"rrq dnsmasq.conf:3"}},
		"a file by the root of an interface": {conf, 1, []string{file}, []string{"rrq dnsmasq.conf:4"}},
		"a miss":                             {conf, 0, []string{other}, []string{"rrq dnsmasq.conf:3", "miss dnsmasq.conf:3"}},
		"a refusal":                          {conf, 0, []string{"\x00\x01../x\x00octet\x00"}, []string{"rrq dnsmasq.conf:3", "tftp-error dnsmasq.conf:3"}},
		"no root here":                       {"enable-tftp\ntftp-root=ROOT,eth1\n", 0, []string{file}, []string{"rrq dnsmasq.conf:2", "tftp-error dnsmasq.conf:2"}},
		"what is no request":                 {conf, 0, []string{"\x00\x02menu\x00octet\x00"}, []string{"tftp-error built-in"}},
		"what is never answered":             {conf, 0, []string{"\x00\x05\x00\x00no\x00"}, []string{"ignore built-in"}},
		"one too many at a time":             {conf, 0, []string{file + tsize, file}, []string{"rrq dnsmasq.conf:3", "oack dnsmasq.conf:3", "fault dnsmasq.conf:5"}},
		"one that gives way":                 {conf, 0, []string{file, file}, []string{"rrq dnsmasq.conf:3", "rrq dnsmasq.conf:3", "abort dnsmasq.conf:3"}},
		"an interface without TFTP":          {conf + "no-dhcp-interface=eth1\n", 1, []string{file}, []string{"ignore dnsmasq.conf:6"}},
		"an interface that is not named":     {conf + "enable-tftp=eth0\n", 1, []string{file}, []string{"ignore dnsmasq.conf:6"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "menu"), []byte("hello"), 0o644); err != nil {
				t.Fatal(err)
			}
			var got []string
			s, err := server.New(server.Config{
				Links: []dhcp.Link{{Name: "eth0", Index: 2, Prefix: netip.MustParsePrefix("192.168.9.2/24")},
					{Name: "eth1", Index: 3, Prefix: netip.MustParsePrefix("192.168.9.3/24")}},
				Settings: parse(t, strings.ReplaceAll(c.conf, "ROOT", dir)),
				Events:   event.Func(func(e event.Event) { got = append(got, string(e.Kind)+" "+e.Rule) }),
			})
			if err != nil {
				t.Fatal(err)
			}
			m := s.Machine()
			for i, request := range c.requests {
				m.Receive(time.Unix(0, 0), machine.Datagram{Link: c.link, Src: netip.AddrPortFrom(netip.MustParseAddr("192.168.9.50"), uint16(2000+i)),
					Dst: netip.MustParseAddrPort("192.168.9.2:69"), Payload: []byte(request)})
				for d, ok := m.Next(); ok; d, ok = m.Next() {
					if d.Payload[1] == 6 { // who has acknowledged the OACK does not give way
						m.Receive(time.Unix(0, 0), machine.Datagram{Link: c.link, Src: d.Dst, Dst: d.Src, Payload: []byte("\x00\x04\x00\x00")})
					}
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
