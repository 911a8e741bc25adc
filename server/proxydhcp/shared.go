package proxydhcp

import (
	"net/netip"
	"slices"
)

// A Shared is a second network on a wire: the ranges of the network that holds Addr are for the clients of
// an interface, or of a relay, whose own network is another (dnsmasq, shared-network).
type Shared struct {
	Interface string     // by its name, or
	At        netip.Addr // by the address that it has, or that the relay has
	Addr      netip.Addr
	Rule      string
}

// Shares tells whether a range's network is one of those that share the wire of a link. The netmask of the
// range must be written: the link has none for it (dhcp.c, complete_context).
func (c *Config) Shares(link Link, r Range) bool {
	return r.Bits > 0 && slices.ContainsFunc(c.Shared, func(s Shared) bool {
		here := s.Interface == link.Name
		if s.At.IsValid() {
			here = s.At == link.Prefix.Addr()
		}
		return here && r.network(link).Contains(s.Addr)
	})
}

// SharesRelay tells the same of the wire behind a relay (rfc2131.c, dhcp_reply).
func (c *Config) SharesRelay(relay netip.Addr, link Link, r Range) bool {
	return slices.ContainsFunc(c.Shared, func(s Shared) bool { return s.At == relay && r.network(link).Contains(s.Addr) })
}
