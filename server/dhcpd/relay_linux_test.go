package dhcpd_test

import (
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
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// A host with clients at eth0, others at eth1, and a way out by eth2.
var (
	twoLinks = []dhcp.Link{eth0(), {Name: "eth1", Index: 3, Prefix: netip.MustParsePrefix("192.168.20.1/24")}}
	wayOut   = []dhcp.Link{{Name: "eth2", Index: 4, Prefix: netip.MustParsePrefix("172.16.0.2/16")}}
)

// said is what a machine makes of one packet: what it sends, and its facts.
func said(t *testing.T, conf string, links []dhcp.Link, d machine.Datagram) []string {
	t.Helper()
	cfg, err := dnsmasq.Parse("x", []byte(conf))
	must(t, err)
	var journal event.Journal
	m := dhcpd.NewMachine(dhcpd.Config{
		PXE: &cfg.DHCP, Lease: &cfg.Leases, Relays: cfg.Relays, Links: links, Uplinks: wayOut, Events: &journal,
	})
	m.Receive(time.Unix(0, 0), d)
	var out []string
	for d, ok := m.Next(); ok; d, ok = m.Next() {
		out = append(out, fmt.Sprintf("%d %s>%s giaddr %d.%d.%d.%d", d.Link, d.Src, d.Dst, d.Payload[24], d.Payload[25], d.Payload[26], d.Payload[27]))
	}
	all, _ := journal.After(0)
	for _, e := range all {
		out = append(out, fmt.Sprintf("%s %s | %s | %s", e.Kind, e.Rule, e.Text, e.Attr("of")))
	}
	return out
}

// answerTo is what a server answers through the relay at 192.168.20.1.
func answerTo(t *testing.T, broadcast bool) []byte {
	p := asked(t, dhcpv4.MessageTypeOffer, 1, "0.0.0.0", false)
	p.OpCode, p.GatewayIPAddr, p.YourIPAddr = dhcpv4.OpcodeBootReply, []byte{192, 168, 20, 1}, []byte{192, 168, 20, 50}
	if !broadcast {
		p.SetUnicast()
	}
	return p.ToBytes()
}

func TestARelayTakesWhatComesByItsInterface(t *testing.T) {
	const conf = "dhcp-range=192.168.9.0,proxy\ndhcp-boot=a.0\ndhcp-relay=192.168.20.1,172.16.0.1\n"
	const menu = conf + "pxe-prompt=Boot\n"
	discover := asked(t, dhcpv4.MessageTypeDiscover, 1, "0.0.0.0", false).ToBytes()
	item := asked(t, dhcpv4.MessageTypeRequest, 1, "192.168.20.50", true).ToBytes()
	for name, c := range map[string]struct {
		conf     string
		link     int
		from, to string
		payload  []byte
		want     []string
	}{
		"a request of its clients": {conf, 1, "0.0.0.0:68", "255.255.255.255:67", discover,
			[]string{"2 192.168.20.1:67>172.16.0.1:67 giaddr 192.168.20.1", "relay x:3 | relayed to 172.16.0.1:67 | discover"}},
		"a request of the proxy's clients": {conf, 0, "0.0.0.0:68", "255.255.255.255:67", discover,
			[]string{"0 192.168.9.2:67>255.255.255.255:68 giaddr 0.0.0.0", "discover  |  | ", "offer x:2 | boot file | "}},
		"a request where the relay has a proxy beside it": {conf + "dhcp-range=192.168.20.0,proxy\n", 1, "0.0.0.0:68", "255.255.255.255:67", discover,
			[]string{"2 192.168.20.1:67>172.16.0.1:67 giaddr 192.168.20.1", "1 192.168.20.1:67>255.255.255.255:68 giaddr 0.0.0.0",
				"relay x:3 | relayed to 172.16.0.1:67 | discover", "discover  |  | ", "offer x:2 | boot file | "}},
		"an answer where the relay has a proxy beside it": {conf + "dhcp-range=192.168.20.0,proxy\n", 2, "172.16.0.1:67", "192.168.20.1:67", answerTo(t, true),
			[]string{"1 192.168.20.1:67>255.255.255.255:68 giaddr 192.168.20.1", "relay x:3 | the answer of 172.16.0.1:67, relayed to 255.255.255.255:68 | offer"}},
		"a request by the uplink is nobody's": {conf, 2, "0.0.0.0:68", "255.255.255.255:67", discover, nil},
		"an answer by the uplink": {conf, 2, "172.16.0.1:67", "192.168.20.1:67", answerTo(t, true),
			[]string{"1 192.168.20.1:67>255.255.255.255:68 giaddr 192.168.20.1", "relay x:3 | the answer of 172.16.0.1:67, relayed to 255.255.255.255:68 | offer"}},
		"an answer for a client that hears unicast": {conf, 2, "172.16.0.1:67", "192.168.20.1:67", answerTo(t, false),
			[]string{"1 192.168.20.1:67>192.168.20.50:68 giaddr 192.168.20.1", "relay x:3 | the answer of 172.16.0.1:67, relayed to 192.168.20.50:68 | offer"}},
		"an answer to port 4011 is nobody's": {menu, 1, "172.16.0.1:67", "192.168.20.1:4011", answerTo(t, true),
			[]string{"ignore built-in | an answer of another server | "}},
		"a request to port 4011, with a menu": {menu, 1, "192.168.20.50:68", "192.168.20.1:4011", item,
			[]string{"2 192.168.20.1:67>172.16.0.1:67 giaddr 192.168.20.1", "relay x:3 | relayed to 172.16.0.1:67 | request"}},
		"a request to port 4011, without a menu": {conf, 1, "192.168.20.50:68", "192.168.20.1:4011", item,
			[]string{"ignore x:1 | no dhcp-range for eth1 192.168.20.1/24 | boot-request"}},
		"with other ports": {conf + "dhcp-alternate-port\n", 1, "0.0.0.0:1068", "255.255.255.255:1067", discover,
			[]string{"2 192.168.20.1:1067>172.16.0.1:67 giaddr 192.168.20.1", "relay x:3 | relayed to 172.16.0.1:67 | discover"}},
		"two servers, the last line first": {conf + "dhcp-relay=192.168.20.1,172.16.0.9", 1, "0.0.0.0:68", "255.255.255.255:67", discover,
			[]string{"2 192.168.20.1:67>172.16.0.9:67 giaddr 192.168.20.1", "2 192.168.20.1:67>172.16.0.1:67 giaddr 192.168.20.1",
				"relay x:4 | relayed to 172.16.0.9:67 | discover", "relay x:3 | relayed to 172.16.0.1:67 | discover"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := said(t, c.conf, twoLinks, machine.Datagram{
				Link: c.link, Src: netip.MustParseAddrPort(c.from), Dst: netip.MustParseAddrPort(c.to), Payload: c.payload,
			})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A relay passes what our own codec cannot read too: only its header counts.
func TestARelayPassesWhatItCannotRead(t *testing.T) {
	bootp := asked(t, dhcpv4.MessageTypeDiscover, 1, "0.0.0.0", false).ToBytes()[:236]
	got := said(t, "dhcp-relay=192.168.20.1,172.16.0.1", twoLinks, machine.Datagram{
		Link: 1, Src: netip.MustParseAddrPort("0.0.0.0:68"), Dst: netip.MustParseAddrPort("255.255.255.255:67"), Payload: bootp,
	})
	want := []string{"2 192.168.20.1:67>172.16.0.1:67 giaddr 192.168.20.1", "relay x:1 | relayed to 172.16.0.1:67 | "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOtherPorts(t *testing.T) {
	links := []dhcp.Link{eth0()}
	discover := asked(t, dhcpv4.MessageTypeDiscover, 1, "0.0.0.0", false)
	relayed := asked(t, dhcpv4.MessageTypeDiscover, 1, "0.0.0.0", false)
	relayed.GatewayIPAddr = []byte{192, 168, 9, 250}
	renewal := asked(t, dhcpv4.MessageTypeRequest, 1, "192.168.9.50", false)
	for name, c := range map[string]struct {
		conf, from, to string
		packet         *dhcpv4.DHCPv4
		want           string
	}{
		"a proxy":                    {"dhcp-range=192.168.9.0,proxy\n", "0.0.0.0:1068", "255.255.255.255:1067", discover, "192.168.9.2:1067>255.255.255.255:1068"},
		"a proxy, by relay":          {"dhcp-range=192.168.9.0,proxy\n", "192.168.9.250:1067", "192.168.9.2:1067", relayed, "192.168.9.2:1067>192.168.9.250:1067"},
		"a proxy on port 4011":       {"dhcp-range=192.168.9.0,proxy\n", "192.168.9.50:68", "192.168.9.2:4011", renewal, "192.168.9.2:4011>192.168.9.50:68"},
		"a lease":                    {"dhcp-range=192.168.9.50,192.168.9.60\n", "0.0.0.0:1068", "255.255.255.255:1067", discover, "192.168.9.2:1067>255.255.255.255:1068"},
		"a lease, by relay":          {"dhcp-range=192.168.9.50,192.168.9.60\n", "192.168.9.250:1067", "192.168.9.2:1067", relayed, "192.168.9.2:1067>192.168.9.250:1067"},
		"a renewal from another one": {"dhcp-authoritative\ndhcp-range=192.168.9.50,192.168.9.60\n", "192.168.9.51:68", "192.168.9.2:1067", renewal, "192.168.9.2:1067>192.168.9.50:1068"},
	} {
		t.Run(name, func(t *testing.T) {
			got := said(t, c.conf+"dhcp-boot=a.0\ndhcp-alternate-port\n", links, machine.Datagram{
				Src: netip.MustParseAddrPort(c.from), Dst: netip.MustParseAddrPort(c.to), Payload: c.packet.ToBytes(),
			})
			if len(got) == 0 || !strings.HasPrefix(got[0], "0 "+c.want+" ") {
				t.Errorf("got %q, want %s", got, c.want)
			}
		})
	}
}

// An alias has no address: clients behind it are answered by it while they have none, and then by the
// routes of the interface that it counts as.
func TestWhatComesByAnAliasIsAnsweredAsIfByItsInterface(t *testing.T) {
	alias := eth0()
	alias.Alias, alias.Index = "vnet0", 9
	got := said(t, "dhcp-range=192.168.9.0,proxy\ndhcp-boot=a.0,,192.168.9.7\ndhcp-boot=tag:eth0,b.0\n", []dhcp.Link{alias}, machine.Datagram{
		Src: netip.MustParseAddrPort("0.0.0.0:68"), Dst: netip.MustParseAddrPort("255.255.255.255:67"),
		Payload: asked(t, dhcpv4.MessageTypeDiscover, 1, "0.0.0.0", false).ToBytes(),
	})
	want := []string{"0 192.168.9.2:67>255.255.255.255:68 giaddr 0.0.0.0", "discover  |  | ", "offer x:3 | boot file for tag:eth0 | "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A range of another network is for clients of a wire that it shares, and for no others.
func TestSharedWires(t *testing.T) {
	const range30 = "dhcp-sequential-ip\ndhcp-range=192.168.30.100,192.168.30.110,255.255.255.0\n"
	const proxy30 = "dhcp-range=192.168.30.0,proxy,255.255.255.0\ndhcp-boot=a.0\n"
	direct := asked(t, dhcpv4.MessageTypeDiscover, 1, "0.0.0.0", false)
	relayed := asked(t, dhcpv4.MessageTypeDiscover, 1, "0.0.0.0", false)
	relayed.GatewayIPAddr = []byte{192, 168, 40, 1}
	for name, c := range map[string]struct {
		conf   string
		packet *dhcpv4.DHCPv4
		want   string // the last fact
	}{
		"a lease, by the interface":                     {range30 + "shared-network=eth0,192.168.30.0", direct, "offer x:2 | 192.168.30.100 for 1h0m0s | "},
		"a lease, by its address":                       {range30 + "shared-network=192.168.9.2,192.168.30.77", direct, "offer x:2 | 192.168.30.100 for 1h0m0s | "},
		"a lease, by the relay":                         {range30 + "shared-network=192.168.40.1,192.168.30.0", relayed, "offer x:2 | 192.168.30.100 for 1h0m0s | "},
		"the own network's range first":                 {range30 + "shared-network=eth0,192.168.30.0\ndhcp-range=192.168.9.50,192.168.9.60", direct, "offer x:4 | 192.168.9.50 for 1h0m0s | "},
		"a proxy, by the interface":                     {proxy30 + "shared-network=eth0,192.168.30.0", direct, "offer x:2 | boot file | "},
		"a proxy, by the relay":                         {proxy30 + "shared-network=192.168.40.1,192.168.30.0", relayed, "offer x:2 | boot file | "},
		"another interface":                             {range30 + "shared-network=eth7,192.168.30.0", direct, "ignore x:2 | no dhcp-range for eth0 192.168.9.2/24 | discover"},
		"another address":                               {range30 + "shared-network=192.168.9.3,192.168.30.0", direct, "ignore x:2 | no dhcp-range for eth0 192.168.9.2/24 | discover"},
		"another relay":                                 {range30 + "shared-network=192.168.40.2,192.168.30.0", relayed, "ignore x:2 | no dhcp-range for relay 192.168.40.1 | discover"},
		"the interface, for who comes by a relay":       {range30 + "shared-network=eth0,192.168.30.0", relayed, "ignore x:2 | no dhcp-range for relay 192.168.40.1 | discover"},
		"a network that no range is for":                {range30 + "shared-network=eth0,192.168.31.0", direct, "ignore x:2 | no dhcp-range for eth0 192.168.9.2/24 | discover"},
		"a range without a netmask, of which none says": {"dhcp-range=192.168.30.100,192.168.30.110\nshared-network=eth0,192.168.30.0", direct, "ignore x:1 | no dhcp-range for eth0 192.168.9.2/24 | discover"},
	} {
		t.Run(name, func(t *testing.T) {
			got := said(t, c.conf, []dhcp.Link{eth0()}, machine.Datagram{
				Src: netip.MustParseAddrPort("0.0.0.0:68"), Dst: netip.MustParseAddrPort("255.255.255.255:67"), Payload: c.packet.ToBytes(),
			})
			if diff := cmp.Diff(c.want, got[len(got)-1]); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
