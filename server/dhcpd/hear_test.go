package dhcpd_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// In the capture a house and a boot server answer one machine. Each of them hears the other, and not itself.
func TestOthersAnswersAreHeard(t *testing.T) {
	const mac = "52:54:00:12:34:56"
	for name, c := range map[string]struct {
		own  string
		want []string
	}{
		"the boot server hears the house": {"192.168.9.2/24", []string{
			"heard " + mac + "   |  | of=offer link=eth0 server=192.168.9.1 yiaddr=192.168.9.111 siaddr=192.168.9.1",
			"heard " + mac + "   |  | of=ack link=eth0 server=192.168.9.1 yiaddr=192.168.9.111 siaddr=192.168.9.1",
		}},
		"the house hears the boot server": {"192.168.9.1/24", []string{
			"heard " + mac + " pxelinux.0  |  | of=offer link=eth0 server=192.168.9.2 class=PXEClient siaddr=0.0.0.0",
		}},
	} {
		var journal event.Journal
		link := dhcp.Link{Name: "eth0", Index: 2, Prefix: netip.MustParsePrefix(c.own)}
		m := dhcpd.NewMachine(dhcpd.Config{PXE: note(t), Links: []dhcp.Link{link}, Events: &journal})
		for _, f := range readDHCP(t, "A-control.pcap") {
			if f.Dst.Port() == 68 && f.Src.Port() == 67 {
				m.Receive(time.Unix(0, 0), datagram(f))
			}
		}
		m.Receive(time.Unix(0, 0), machine.Datagram{Src: netip.MustParseAddrPort("192.168.9.9:67"), Dst: netip.MustParseAddrPort("255.255.255.255:68"), Payload: []byte("rubbish")})
		if _, sent := m.Next(); sent {
			t.Errorf("%s: it answers", name)
		}
		got := facts(&journal)
		if diff := cmp.Diff(c.want, unique(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// unique leaves out what was said before.
func unique(lines []string) (all []string) {
	said := map[string]bool{}
	for _, line := range lines {
		if !said[line] {
			all = append(all, line)
		}
		said[line] = true
	}
	return all
}
