package dhcpd_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

func link(name string, index int, prefix string) dhcp.Link {
	return dhcp.Link{Name: name, Index: index, Prefix: netip.MustParsePrefix(prefix)}
}

// written is a service with a configuration, on some links.
func written(t *testing.T, conf string, links ...dhcp.Link) dhcpd.Config {
	t.Helper()
	cfg, err := dnsmasq.Parse("x", []byte(conf))
	must(t, err)
	return dhcpd.Config{PXE: &cfg.DHCP, Lease: &cfg.Leases, Links: links}
}

func TestAnOfferHasTheAddressOfNow(t *testing.T) {
	const conf = "dhcp-range=192.168.9.0,proxy\ndhcp-boot=a.0\npxe-service=x86PC,Boot,a\n"
	discover := readDHCP(t, "A-control.pcap")[0]
	cfg := written(t, conf, link("eth0", 2, "192.168.9.2/24"))
	m := dhcpd.NewMachine(cfg)
	for _, c := range []struct {
		what  string
		links []dhcp.Link
		by    int
		want  string // source, siaddr, option 54
	}{
		{"as it began", cfg.Links, 0, "192.168.9.2:67 192.168.9.2 192.168.9.2"},
		{"another address", []dhcp.Link{link("eth0", 2, "192.168.9.7/24")}, 0, "192.168.9.7:67 192.168.9.7 192.168.9.7"},
		{"another link before it", []dhcp.Link{link("eth1", 3, "10.0.0.1/8"), link("eth0", 2, "192.168.9.7/24")}, 1, "192.168.9.7:67 192.168.9.7 192.168.9.7"},
		{"a number that is none now", []dhcp.Link{link("eth0", 2, "192.168.9.7/24")}, 1, ""},
		{"no link", nil, 0, ""},
		{"back", cfg.Links, 0, "192.168.9.2:67 192.168.9.2 192.168.9.2"},
	} {
		next := cfg
		next.Links = c.links
		m.Change(next)
		d := datagram(discover)
		d.Link = c.by
		m.Receive(noon, d)
		got := ""
		if out, ok := m.Next(); ok {
			p, err := dhcpv4.FromBytes(out.Payload)
			must(t, err)
			got = out.Src.String() + " " + p.ServerIPAddr.String() + " " + p.ServerIdentifier().String()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// Whoever has a lease has it still when the configuration is another; the new network is given at once.
func TestLeasesOutliveAChange(t *testing.T) {
	const one, two = "dhcp-range=192.168.9.100,192.168.9.110\n", "dhcp-range=192.168.20.100,192.168.20.110\n"
	first := written(t, one, eth0())
	m := dhcpd.NewMachine(first)
	had := offered(t, m, 1)
	m.Receive(noon, from(1, dhcpv4.MessageTypeRequest, had))
	if got := answers(t, m); len(got) != 1 {
		t.Fatalf("no lease: %v", got)
	}

	m.Change(written(t, two+one, eth0(), link("eth1", 3, "192.168.20.2/24")))
	if again := offered(t, m, 1); !again.Equal(had) {
		t.Errorf("after a change it is offered %s, and had %s", again, had)
	}
	if other := offered(t, m, 2); other.Equal(had) {
		t.Errorf("%s is offered to another", other)
	}
	d := from(3, dhcpv4.MessageTypeDiscover, nil)
	d.Link = 1
	m.Receive(noon, d)
	if got := answers(t, m); len(got) != 1 || got[0].YourIPAddr.To4()[2] != 20 {
		t.Errorf("in the new network %v was offered", got)
	}
	m.Change(written(t, "dhcp-range=192.168.9.0,proxy\ndhcp-boot=a\n", eth0()))
	m.Change(first)
	if again := offered(t, m, 1); !again.Equal(had) {
		t.Errorf("after a while as a proxy it is offered %s, and had %s", again, had)
	}
}

// What waits for its time goes out by the number that its link has then, or not at all.
func TestWhatWaitsFindsItsLink(t *testing.T) {
	eth1 := link("eth1", 3, "192.168.20.2/24")
	for what, conf := range map[string]string{
		"an answer that is delayed":      "dhcp-reply-delay=2\ndhcp-range=192.168.9.100,192.168.9.110\nno-ping\n",
		"an offer that waits for a ping": "dhcp-range=192.168.9.100,192.168.9.110\n",
	} {
		for where, c := range map[string]struct {
			links []dhcp.Link
			want  []int
		}{
			"the same":          {[]dhcp.Link{eth0()}, []int{0}},
			"one before it":     {[]dhcp.Link{eth1, eth0()}, []int{1}},
			"it is gone":        {[]dhcp.Link{eth1}, nil},
			"all are gone":      {nil, nil},
			"it is another now": {[]dhcp.Link{link("eth0", 2, "192.168.9.7/24")}, nil},
		} {
			cfg := written(t, conf, eth0())
			cfg.Patience = time.Second
			m := dhcpd.NewMachine(cfg)
			m.Receive(noon, from(1, dhcpv4.MessageTypeDiscover, nil))
			if d, early := m.Next(); early {
				t.Fatalf("%s did not wait: %v", what, d)
			}
			cfg.Links = c.links
			m.Change(cfg)
			m.Expire(noon.Add(3 * time.Second))
			var got []int
			for d, ok := m.Next(); ok; d, ok = m.Next() {
				got = append(got, d.Link)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s, %s: sent by (-want +got):\n%s", what, where, diff)
			}
			if p, asked := m.NextProbe(); asked && p.Link >= len(c.links) {
				t.Errorf("%s, %s: link %d is probed", what, where, p.Link)
			}
		}
	}
}

func TestARelayFollowsItsAddress(t *testing.T) {
	cfg := written(t, "dhcp-relay=192.168.20.1,172.16.0.1\n", eth0())
	read, err := dnsmasq.Parse("x", []byte("dhcp-relay=192.168.20.1,172.16.0.1\n"))
	must(t, err)
	var journal event.Journal
	cfg.Relays, cfg.Events = read.Relays, &journal
	m := dhcpd.NewMachine(cfg)
	discover := machine.Datagram{Src: netip.MustParseAddrPort("0.0.0.0:68"), Dst: netip.MustParseAddrPort("255.255.255.255:67"),
		Payload: asked(t, dhcpv4.MessageTypeDiscover, 1, "0.0.0.0", false).ToBytes()}
	m.Receive(noon, discover)
	if d, ok := m.Next(); ok {
		t.Fatalf("relayed from an address that is not there: %v", d)
	}
	cfg.Links = []dhcp.Link{link("eth0", 2, "192.168.20.1/24")}
	m.Change(cfg)
	m.Receive(noon, discover)
	if d, ok := m.Next(); !ok || d.Dst.String() != "172.16.0.1:67" {
		t.Errorf("not relayed when the address is there: %v", d)
	}
}
