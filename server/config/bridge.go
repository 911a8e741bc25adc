package config

import (
	"slices"

	"github.com/bootrig/bootrig/server/dhcp"
)

// A Bridge makes DHCP packets that come by some interfaces count as come by another. The others need no
// address (dnsmasq, bridge-interface).
type Bridge struct {
	Interface string
	Aliases   []string // as Interfaces.Names
	Rule      string
}

// Bridged is the interface that an alias counts as; "" for one that is itself. Of several bridges the last
// counts (dhcp.c, dhcp_packet).
func (i Interfaces) Bridged(name string) string {
	for _, b := range slices.Backward(i.Bridges) {
		if named(b.Aliases, name) {
			if b.Interface == name {
				return ""
			}
			return b.Interface
		}
	}
	return ""
}

// Bridge puts for each alias the links of the interface it counts as, as far as they are there. others are
// the interfaces of the host that are not among links, with or without an address. An alias among links
// stays at its place there, or is left without a network.
func (i Interfaces) Bridge(links, others []dhcp.Link) []dhcp.Link {
	if len(i.Bridges) == 0 {
		return links
	}
	all := slices.Clone(links)
	for at, alias := range slices.Concat(links, others) {
		name := i.Bridged(alias.Name)
		if name == "" {
			continue
		}
		var as []dhcp.Link
		for _, l := range links {
			if l.Name == name {
				as = append(as, dhcp.Link{Name: name, Alias: alias.Name, Index: alias.Index, Prefix: l.Prefix})
			}
		}
		if at < len(links) {
			all[at] = dhcp.Link{Name: name, Alias: alias.Name, Index: alias.Index}
			if len(as) > 0 {
				all[at], as = as[0], as[1:]
			}
		}
		all = append(all, as...)
	}
	return all
}
