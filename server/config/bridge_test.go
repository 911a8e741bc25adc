package config_test

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
)

func TestBridge(t *testing.T) {
	link := func(name string, index int, prefix string) dhcp.Link {
		l := dhcp.Link{Name: name, Index: index}
		if prefix != "" {
			l.Prefix = netip.MustParsePrefix(prefix)
		}
		return l
	}
	as := func(l dhcp.Link, alias string, index int) dhcp.Link {
		l.Alias, l.Index = alias, index
		return l
	}
	first, second := link("br0", 2, "192.168.9.2/24"), link("br0", 2, "10.0.0.2/8")
	eth1, vnet0, vnet1 := link("eth1", 3, "172.16.0.2/16"), link("vnet0", 8, ""), link("vnet1", 9, "")
	for name, c := range map[string]struct {
		bridges       []config.Bridge
		links, others []dhcp.Link
		want          []dhcp.Link
	}{
		"no bridge": {nil, []dhcp.Link{first, eth1}, []dhcp.Link{vnet0}, []dhcp.Link{first, eth1}},
		"an alias without an address, of an interface with two": {
			[]config.Bridge{{Interface: "br0", Aliases: []string{"vnet0"}}},
			[]dhcp.Link{first, second}, []dhcp.Link{vnet0, vnet1},
			[]dhcp.Link{first, second, as(first, "vnet0", 8), as(second, "vnet0", 8)},
		},
		"aliases by a pattern": {
			[]config.Bridge{{Interface: "br0", Aliases: []string{"vnet*"}}},
			[]dhcp.Link{first}, []dhcp.Link{vnet0, vnet1},
			[]dhcp.Link{first, as(first, "vnet0", 8), as(first, "vnet1", 9)},
		},
		"an alias with an address of its own keeps its place": {
			[]config.Bridge{{Interface: "br0", Aliases: []string{"eth1"}}},
			[]dhcp.Link{eth1, first, second}, nil,
			[]dhcp.Link{as(first, "eth1", 3), first, second, as(second, "eth1", 3)},
		},
		"of two bridges the last": {
			[]config.Bridge{{Interface: "br0", Aliases: []string{"vnet0"}}, {Interface: "eth1", Aliases: []string{"vnet0"}}},
			[]dhcp.Link{first, eth1}, []dhcp.Link{vnet0},
			[]dhcp.Link{first, eth1, as(eth1, "vnet0", 8)},
		},
		"an interface that is not there": {
			[]config.Bridge{{Interface: "br7", Aliases: []string{"eth1", "vnet0"}}},
			[]dhcp.Link{first, eth1}, []dhcp.Link{vnet0},
			[]dhcp.Link{first, as(link("br7", 3, ""), "eth1", 3)},
		},
		"a pattern that fits the interface itself": {
			[]config.Bridge{{Interface: "eth1", Aliases: []string{"eth*"}}},
			[]dhcp.Link{eth1}, nil, []dhcp.Link{eth1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := config.Interfaces{Bridges: c.bridges}.Bridge(c.links, c.others)
			if diff := cmp.Diff(c.want, got, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
