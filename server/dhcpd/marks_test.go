package dhcpd_test

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/machines"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
	"github.com/bootrig/bootrig/wire/pxe"
)

// rom is what a PXE ROM with something to say of it sends, as client 1.
func rom(d machine.Datagram) machine.Datagram {
	return changed(d, func(p *dhcpv4.DHCPv4) {
		p.Options[pxe.OptVendorClass], p.Options[pxe.OptClientArch] = []byte("PXEClient:Arch:00000:UNDI:002001"), []byte{0, 0}
	})
}

// on4011 is a boot item asked for on the boot server's port.
func on4011(d machine.Datagram) machine.Datagram {
	d = changed(rom(d), func(p *dhcpv4.DHCPv4) { p.Options[pxe.OptVendorSpecific] = []byte{71, 4, 0x80, 0, 0, 0, 255} })
	d.Src, d.Dst = netip.MustParseAddrPort("192.168.9.101:68"), netip.MustParseAddrPort("192.168.9.2:4011")
	return d
}

const client1 = "02:00:00:00:00:01"

// Whatever a marked machine asks is answered by its tags, with their reason.
func TestAMarkIsSeenByEveryRequest(t *testing.T) {
	const (
		discover, bootp = dhcpv4.MessageTypeDiscover, dhcpv4.MessageTypeNone
		proxy           = network + "dhcp-boot=tag:install,install.0\ndhcp-boot=disk.0\n"
		menu            = network + "pxe-service=tag:install,x86PC,Install,install\n"
		leases          = "dhcp-range=192.168.9.100,192.168.9.110\nbootp-dynamic\ndhcp-boot=tag:install,install.0\ndhcp-boot=disk.0\n"
	)
	for name, c := range map[string]struct {
		conf  string
		heard []machine.Datagram
		want  string // of the last
	}{
		"a proxy":          {proxy, []machine.Datagram{rom(from(1, discover, nil))}, "offer install.0 (boot file for tag:install (machines once))"},
		"a lease":          {leases, []machine.Datagram{rom(from(1, discover, nil))}, "offer install.0"},
		"BOOTP":            {leases, []machine.Datagram{from(1, bootp, nil)}, "bootp-reply install.0"},
		"another's lease":  {leases, []machine.Datagram{rom(from(2, discover, nil))}, "offer disk.0"},
		"who wants a menu": {menu, []machine.Datagram{rom(from(1, discover, nil))}, "offer  (a menu of 1)"},
		"port 4011":        {menu, []machine.Datagram{rom(from(1, discover, nil)), on4011(having(1, dhcpv4.MessageTypeRequest))}, "boot-ack install.0"},
		"an installer":     {leases, []machine.Datagram{rom(from(1, discover, nil)), from(1, discover, nil)}, "offer install.0"},
		"a system, before": {leases, []machine.Datagram{from(1, discover, nil)}, "offer disk.0"},
	} {
		cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte(c.conf))
		if err != nil {
			t.Fatal(err)
		}
		var book machines.Book
		if err := book.Once(client1, []string{"install"}, "", noon); err != nil {
			t.Fatal(err)
		}
		last := ""
		m := dhcpd.NewMachine(dhcpd.Config{PXE: &cfg.DHCP, Lease: &cfg.Leases, Links: []dhcp.Link{eth0()}, Machines: &book, Events: event.Func(func(e event.Event) {
			book.Record(e)
			last = fmt.Sprintf("%s %s (%s)", e.Kind, e.Path, e.Text)
		})})
		for i, d := range c.heard {
			m.Receive(noon.Add(time.Duration(i)*time.Second), d)
			answers(t, m)
		}
		if !strings.HasPrefix(last, c.want) {
			t.Errorf("%s: %s, want %s", name, last, c.want)
		}
	}
}

// That a boot begins with a mark is kept before the answer leaves; if that cannot be, it leaves all the same.
func TestABootThatBeginsIsKeptBeforeItsAnswer(t *testing.T) {
	for name, broken := range map[string]error{"a disk that works": nil, "one that is full": errors.New("full")} {
		var fails error
		var kept []string
		book := machines.Book{Keep: func(notes []machines.Note) error {
			for _, n := range notes {
				kept = append(kept, string(n.Kind)+" "+n.Text)
			}
			return fails
		}}
		if err := book.Once(client1, []string{"install"}, "", noon); err != nil {
			t.Fatal(err)
		}
		cfg := isolated(t)
		cfg.Machines = &book
		m := dhcpd.NewMachine(cfg)
		kept, fails = nil, broken
		m.Receive(noon, rom(from(1, dhcpv4.MessageTypeDiscover, nil)))
		if d, ok := m.Next(); !ok || len(d.Payload) == 0 {
			t.Errorf("%s: nobody is answered", name)
		}
		if got := strings.Join(kept, "\n"); !strings.Contains(got, `mark {"once":{"tags":["install"]`) || !strings.Contains(got, `"began":"`) {
			t.Errorf("%s: kept before is %s", name, got)
		}
	}
}

// Where a machine is sent elsewhere for its files nobody sees what it fetches: a minute between two boots is enough for
// the mark to be over.
func TestWhoFetchesElsewhereIsInstalledOnce(t *testing.T) {
	for name, c := range map[string]struct {
		conf  string
		other bool // no file is served here
		want  []string
	}{
		"here":            {network + "dhcp-boot=tag:install,a.0\ndhcp-boot=b.0\n", false, []string{"a.0", "a.0", "a.0"}},
		"another server":  {network + "dhcp-boot=tag:install,a.0,,192.168.9.3\ndhcp-boot=b.0\n", false, []string{"a.0", "a.0", "b.0"}},
		"a URL of it":     {network + "dhcp-boot=tag:install,http://192.168.9.3/a.0\ndhcp-boot=b.0\n", false, []string{"http://192.168.9.3/a.0", "http://192.168.9.3/a.0", "b.0"}},
		"a URL of ours":   {network + "dhcp-boot=tag:install,http://192.168.9.2/a.0\ndhcp-boot=b.0\n", false, []string{"http://192.168.9.2/a.0", "http://192.168.9.2/a.0", "http://192.168.9.2/a.0"}},
		"another program": {network + "dhcp-boot=tag:install,a.0\ndhcp-boot=b.0\n", true, []string{"a.0", "a.0", "b.0"}},
	} {
		var book machines.Book
		if err := book.Once(client1, []string{"install"}, "", noon); err != nil {
			t.Fatal(err)
		}
		m := dhcpd.NewMachine(dhcpd.Config{PXE: load(t, c.conf), Links: []dhcp.Link{eth0()}, Machines: &book, Events: &book, Elsewhere: c.other})
		var got []string
		for _, after := range []time.Duration{0, 4 * time.Second, 10 * time.Minute} {
			m.Receive(noon.Add(after), rom(from(1, dhcpv4.MessageTypeDiscover, nil)))
			for _, p := range answers(t, m) {
				got = append(got, p.BootFileName)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
