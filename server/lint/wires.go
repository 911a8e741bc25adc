package lint

import (
	"net/netip"
	"slices"

	"github.com/bootrig/bootrig/server/proxydhcp"
)

// wires finds networks of which relays and shared wires keep the clients away.
func (s *site) wires() {
	var ranges []proxydhcp.Range
	ranges = append(ranges, s.cfg.DHCP.Ranges...)
	for _, r := range s.cfg.Leases.Ranges {
		ranges = append(ranges, proxydhcp.Range{Addr: r.First, Bits: r.Bits, Rule: r.Rule})
	}
	for _, r := range ranges {
		for _, to := range s.cfg.Relays {
			const usual = 24 // of a network whose netmask only the host knows
			if r.On(proxydhcp.Link{Prefix: netip.PrefixFrom(to.Local, usual)}) {
				s.found("relayed-away", r.Rule, "the range %s is not asked for clients at the interface of %s: %s passes all on that comes there; drop one of the two", r, to.Local, to.Rule)
			}
		}
	}
	for _, shared := range s.cfg.DHCP.Shared {
		holds := func(r proxydhcp.Range) bool {
			return r.Bits > 0 && netip.PrefixFrom(r.Addr, r.Bits).Contains(shared.Addr)
		}
		if !slices.ContainsFunc(ranges, holds) {
			s.found("shared-in-vain", shared.Rule, "no dhcp-range with a netmask is for the network of %s, so nobody is served from it: add dhcp-range=START,END,NETMASK", shared.Addr)
		}
	}
}
