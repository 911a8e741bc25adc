package lint

import (
	"net/netip"
	"slices"

	"github.com/bootrig/bootrig/server/dhcp"
)

// wires finds networks of which relays and shared wires keep the clients away.
func (s *site) wires() {
	ranges := slices.Concat(s.cfg.DHCP.Networks, s.cfg.Leases.Networks())
	for _, r := range ranges {
		for _, to := range s.cfg.Relays {
			const usual = 24 // of a network whose netmask only the host knows
			if r.On(dhcp.Link{Prefix: netip.PrefixFrom(to.Local, usual)}) {
				s.found("relayed-away", r.Rule, "the range %s is not asked for clients at the interface of %s: %s passes all on that comes there; drop one of the two", r, to.Local, to.Rule)
			}
		}
	}
	for _, shared := range s.cfg.DHCP.Shared {
		holds := func(r dhcp.Network) bool {
			return r.Bits > 0 && netip.PrefixFrom(r.Addr, r.Bits).Contains(shared.Addr)
		}
		if !slices.ContainsFunc(ranges, holds) {
			s.found("shared-in-vain", shared.Rule, "no dhcp-range with a netmask is for the network of %s, so nobody is served from it: add dhcp-range=START,END,NETMASK", shared.Addr)
		}
	}
}
