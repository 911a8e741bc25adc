package dnsmasq

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/server/relay"
)

// What is accepted here, dnsmasq must accept too, if it is here.
func TestLinesAboutWires(t *testing.T) {
	at := netip.MustParseAddr
	relays := func(local, server, name string) config.Config {
		to := relay.Relay{Local: at(local), Interface: name, Rule: "x:1"}
		if to.Server = netip.AddrPortFrom(netip.Addr{}, 67); server != "" {
			to.Server = netip.MustParseAddrPort(server)
		}
		return config.Config{Relays: relay.Relays{to}}
	}
	ports := func(server, client uint16) config.Config {
		return config.Config{DHCP: proxydhcp.Config{Ports: dhcp.Ports{Server: server, Client: client, Rule: "x:1"}}}
	}
	shared := func(s dhcp.SharedNetwork) config.Config {
		s.Rule = "x:1"
		return config.Config{DHCP: proxydhcp.Config{Shared: dhcp.SharedNetworks{s}}}
	}
	bridges := func(b ...config.Bridge) config.Config {
		return config.Config{Interfaces: config.Interfaces{Bridges: b}}
	}
	for name, c := range map[string]struct {
		line string
		want config.Config
	}{
		"a relay":                                     {"dhcp-relay=192.168.20.1,192.168.9.1", relays("192.168.20.1", "192.168.9.1:67", "")},
		"a relay to a server on another port":         {"dhcp-relay=192.168.20.1 , 192.168.9.1#1067", relays("192.168.20.1", "192.168.9.1:1067", "")},
		"a relay that hears answers on one interface": {"dhcp-relay=192.168.20.1,192.168.9.1,vlan*", relays("192.168.20.1", "192.168.9.1:67", "vlan*")},
		"a relay that broadcasts":                     {"dhcp-relay=192.168.20.1,eth1", relays("192.168.20.1", "", "eth1")},
		"a relay that broadcasts, said in full":       {"dhcp-relay=192.168.20.1,0.0.0.0,eth1", relays("192.168.20.1", "", "eth1")},
		"relays of DHCPv6 are not ours":               {"dhcp-relay=fe80::1,ff05::3", config.Config{}},

		"the alternate ports":                     {"dhcp-alternate-port", ports(1067, 1068)},
		"the alternate ports, with an equal sign": {"dhcp-alternate-port=", ports(1067, 1068)},
		"a server's port, and the client's next":  {"dhcp-alternate-port=2000", ports(2000, 2001)},
		"both ports":                              {"dhcp-alternate-port=2000, 3000", ports(2000, 3000)},

		"a network on the wire of an interface": {"shared-network=lo,10.0.0.0", shared(dhcp.SharedNetwork{Interface: "lo", Addr: at("10.0.0.0")})},
		"a network on the wire of an address":   {"shared-network=192.168.9.2,10.0.0.0", shared(dhcp.SharedNetwork{At: at("192.168.9.2"), Addr: at("10.0.0.0")})},
		"shared networks of DHCPv6 are not ours": {
			"shared-network=lo,fd00::", config.Config{},
		},

		"an alias": {"bridge-interface=br0,vnet0", bridges(config.Bridge{Interface: "br0", Aliases: []string{"vnet0"}, Rule: "x:1"})},
		"aliases of one interface in several lines": {
			"bridge-interface=br0,vnet*,tap0\nbridge-interface=br1,eth1\nbridge-interface=br0,eth2",
			bridges(config.Bridge{Interface: "br0", Aliases: []string{"vnet*", "tap0", "eth2"}, Rule: "x:1"}, config.Bridge{Interface: "br1", Aliases: []string{"eth1"}, Rule: "x:2"}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse("x", []byte(c.line+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			ignored := cmpopts.IgnoreFields(config.Config{}, "Files", "Sought", "Watched", "Notices")
			if diff := cmp.Diff(&c.want, got, addrs, ignored); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.line, diff)
			}
			accepted(t, c.line)
		})
	}
}

// Lines marked vain are accepted by dnsmasq, which does nothing for them.
func TestMistakesAboutWires(t *testing.T) {
	for name, c := range map[string]struct {
		conf, want string
		vain       bool
	}{
		"a relay without a server":            {"dhcp-relay=192.168.20.1", "x:1: dhcp-relay=192.168.20.1: the server is missing: LOCAL,SERVER or LOCAL,INTERFACE", false},
		"a relay with an empty server":        {"dhcp-relay=192.168.20.1,", "x:1: dhcp-relay=192.168.20.1,: the server is missing: LOCAL,SERVER or LOCAL,INTERFACE", true},
		"a relay of a name":                   {"dhcp-relay=eth0,192.168.9.1", `x:1: dhcp-relay=eth0,192.168.9.1: "eth0" is not an IP address`, false},
		"a relay to a name":                   {"dhcp-relay=192.168.20.1,srv,eth1", `x:1: dhcp-relay=192.168.20.1,srv,eth1: "srv" is not an IP address`, false},
		"a relay to nowhere":                  {"dhcp-relay=192.168.20.1,0.0.0.0", "x:1: dhcp-relay=192.168.20.1,0.0.0.0: 0.0.0.0 is no server; to broadcast, name the interface in its place", true},
		"a relay to a server of another kind": {"dhcp-relay=192.168.20.1,fe80::1", "x:1: dhcp-relay=192.168.20.1,fe80::1: fe80::1 is no IPv4 address, and 192.168.20.1 is", true},
		"a relay to a port that is none":      {"dhcp-relay=192.168.20.1,192.168.9.1#dhcp", `x:1: dhcp-relay=192.168.20.1,192.168.9.1#dhcp: "dhcp" is no port`, true},
		"a broadcast on several interfaces":   {"dhcp-relay=192.168.20.1,eth*", "x:1: dhcp-relay=192.168.20.1,eth*: a broadcast goes out by one interface; name it in full", false},
		"a relay with too many words":         {"dhcp-relay=192.168.20.1,192.168.9.1,eth1,eth2", "x:1: dhcp-relay=192.168.20.1,192.168.9.1,eth1,eth2: more than LOCAL,SERVER,INTERFACE", true},

		"ports that are none":    {"dhcp-alternate-port=dhcp", "x:1: dhcp-alternate-port=dhcp: the ports of server and client are numbers from 1 to 65535, SERVER[,CLIENT]", false},
		"three ports":            {"dhcp-alternate-port=1,2,3", "x:1: dhcp-alternate-port=1,2,3: the ports of server and client are numbers from 1 to 65535, SERVER[,CLIENT]", false},
		"no port for clients":    {"dhcp-alternate-port=65535", "x:1: dhcp-alternate-port=65535: the ports of server and client are numbers from 1 to 65535, SERVER[,CLIENT]", true},
		"the boot servers' port": {"dhcp-alternate-port=4011", "x:1: dhcp-alternate-port=4011: port 4011 is that of boot servers", true},
		"other ports, twice":     {"dhcp-alternate-port\ndhcp-alternate-port=5", "x:2: dhcp-alternate-port stands here a second time, which dnsmasq refuses", false},

		"a shared network without an address": {"shared-network=lo", "x:1: shared-network=lo: it takes two words, INTERFACE,ADDRESS or ADDRESS,ADDRESS", false},
		"a shared network with a mask":        {"shared-network=lo,10.0.0.0/8", `x:1: shared-network=lo,10.0.0.0/8: "10.0.0.0/8" is not an IP address of the second network`, false},
		"a shared network of another kind":    {"shared-network=192.168.9.2,fd00::", "x:1: shared-network=192.168.9.2,fd00::: 192.168.9.2 and fd00:: are not of one kind", false},
		"a shared network that is none":       {"shared-network=lo,0.0.0.0", "x:1: shared-network=lo,0.0.0.0: 0.0.0.0 is in no network", true},

		"a bridge without aliases":   {"bridge-interface=br0", "x:1: bridge-interface=br0: its aliases are missing: INTERFACE,ALIAS", false},
		"a bridge with an empty one": {"bridge-interface=br0,", "x:1: bridge-interface=br0,: its aliases are missing: INTERFACE,ALIAS", true},
		"a bridge with a long name":  {"bridge-interface=sixteencharsxyzw,a", "x:1: bridge-interface=sixteencharsxyzw,a: the name sixteencharsxyzw is longer than 15 bytes, so no interface has it", false},
	} {
		t.Run(name, func(t *testing.T) {
			mistakes(t, c.conf, c.want)
			switch {
			case c.vain:
				accepted(t, c.conf)
			case name != "a relay of a name": // which dnsmasq 2.90 accepts in vain, and later ones refuse
				refused(t, c.conf)
			}
		})
	}
}
