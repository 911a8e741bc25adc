package lint

import (
	"net/netip"
	"slices"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/relay"
)

// beside tells whether a range is for the network of a relay.
func beside(r dhcp.Network, to relay.Relay) bool {
	const usual = 24 // of a network whose netmask only the host knows
	return r.On(dhcp.Link{Prefix: netip.PrefixFrom(to.Local, usual)})
}

// relayAlone finds the ranges that dnsmasqs before 2.91 do not ask.
func (s *site) relayAlone() []shown {
	var all []shown
	for _, r := range slices.Concat(s.cfg.DHCP.Networks, s.cfg.Leases.Networks()) {
		if slices.ContainsFunc(s.cfg.Relays, func(to relay.Relay) bool { return beside(r, to) }) {
			all = append(all, shown{rule: r.Rule})
		}
	}
	return all
}

// wires finds networks of which relays and shared wires keep the clients away.
func (s *site) wires() {
	ranges := slices.Concat(s.cfg.DHCP.Networks, s.cfg.Leases.Networks())
	for _, r := range s.cfg.Leases.Networks() {
		for _, to := range s.cfg.Relays {
			if beside(r, to) {
				s.found("two-servers", r.Rule, "clients at the interface of %s are offered addresses of the range %s and, since %s passes on what they ask, of %s; drop one of the two", to.Local, r, to.Rule, to.To())
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
