package dhcp

import (
	"net/netip"
	"slices"
)

// A SharedNetwork is a second network on a wire: what the network that holds Addr gives is for the clients
// of an interface, or of a relay, whose own network is another (dnsmasq, shared-network).
type SharedNetwork struct {
	Interface string     // by its name, or
	At        netip.Addr // by the address that it has, or that the relay has
	Addr      netip.Addr
	Rule      string
}

// SharedNetworks are those of a configuration.
type SharedNetworks []SharedNetwork

// On tells whether a network is one of those that share the wire of a link. Its netmask must be written: the
// link has none for it (dhcp.c, complete_context).
func (all SharedNetworks) On(link Link, n Network) bool {
	return n.Bits > 0 && slices.ContainsFunc(all, func(s SharedNetwork) bool {
		here := s.Interface == link.Name
		if s.At.IsValid() {
			here = s.At == link.Prefix.Addr()
		}
		return here && n.Prefix(link).Contains(s.Addr)
	})
}

// Behind tells the same of the wire behind a relay (rfc2131.c, dhcp_reply).
func (all SharedNetworks) Behind(relay netip.Addr, link Link, n Network) bool {
	return slices.ContainsFunc(all, func(s SharedNetwork) bool { return s.At == relay && n.Prefix(link).Contains(s.Addr) })
}
