package lease

import (
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/policy"
)

// A subnet is a range as one request sees it.
type subnet struct {
	*Range
	prefix    netip.Prefix
	router    netip.Addr // zero: unknown
	broadcast netip.Addr
}

// A scope is the subnets that an address for a request may come from, in the order of their lines.
type scope []subnet

// defaultTime is how long a lease lasts whose range does not say it (dnsmasq config.h, DEFLEASE).
const defaultTime = time.Hour

// scope finds the subnets: those of the subnet that is selected (RFC 3527, RFC 3011), of the relay, of
// the address the client has, else of the link (rfc2131.c, dhcp_reply).
func (s *Server) scope(req dhcp.Request) scope {
	relay, relayed := dhcp.RelayAddr(req.Packet)
	if subnet, ok := dhcp.SelectedSubnet(req.Packet); ok {
		return s.cfg.holding(req.Link, subnet, relay)
	}
	if relayed {
		return s.behind(req.Link, relay)
	}
	link := append(s.cfg.on(req.Link), s.sharing(req.Link)...)
	has := dhcp.ClientAddr(req.Packet)
	if has.IsUnspecified() || slices.ContainsFunc(link, func(n subnet) bool { return n.prefix.Contains(has) }) {
		return link
	}
	if other := s.cfg.holding(req.Link, has, netip.Addr{}); len(other) > 0 {
		return other
	}
	return link
}

// on are the subnets of a link itself, whose router are we.
func (c *Config) on(link dhcp.Link) scope {
	self := link.Prefix.Addr()
	var found scope
	for i := range c.Ranges {
		if n, ok := c.Ranges[i].subnet(link); ok && n.prefix.Contains(self) {
			found = append(found, n.here(link))
		}
	}
	return found
}

// sharing are the subnets of other networks on a link's wire. Who their router is, only the configuration
// can say (dhcp.c, complete_context).
func (s *Server) sharing(link dhcp.Link) scope {
	var found scope
	for i := range s.cfg.Ranges {
		n, ok := s.cfg.Ranges[i].subnet(link)
		if ok && !n.prefix.Contains(link.Prefix.Addr()) && s.pxe.Shared.On(link, n.network()) {
			found = append(found, n.from(link, netip.Addr{}))
		}
	}
	return found
}

// behind are the subnets of a relay, and those that share its wire.
func (s *Server) behind(link dhcp.Link, relay netip.Addr) scope {
	var found scope
	for i := range s.cfg.Ranges {
		n, ok := s.cfg.Ranges[i].subnet(link)
		switch {
		case !ok:
		case n.prefix.Contains(relay):
			found = append(found, n.from(link, relay))
		case s.pxe.Shared.Behind(relay, link, n.network()):
			found = append(found, n.from(link, netip.Addr{}))
		}
	}
	return found
}

// holding are the subnets that addr is in, reached through a relay or a router.
func (c *Config) holding(link dhcp.Link, addr, relay netip.Addr) scope {
	var found scope
	for i := range c.Ranges {
		if n, ok := c.Ranges[i].subnet(link); ok && n.prefix.Contains(addr) {
			found = append(found, n.from(link, relay))
		}
	}
	return found
}

// from is the subnet as those see it who reach us through a router, if it is not the link's own.
func (n subnet) from(link dhcp.Link, router netip.Addr) subnet {
	if n.prefix.Contains(link.Prefix.Addr()) {
		return n.here(link)
	}
	n.router = router
	n.broadcast = n.ownBroadcast(last(n.prefix))
	return n
}

// subnet is the range's network as seen from a link, as it was written, else with the mask of the link
// or of its class (dhcp.c, guess_range_netmask). ok is false where First and Last are not in one network.
func (r *Range) subnet(link dhcp.Link) (n subnet, ok bool) {
	as := dhcp.Network{Addr: r.First, Bits: r.Bits}
	if r.Bits == 0 && link.Prefix.Contains(r.Last) {
		as.Addr = r.Last
	}
	prefix := as.Prefix(link)
	return subnet{Range: r, prefix: prefix}, prefix.Contains(r.First) && prefix.Contains(r.Last)
}

func (n subnet) here(link dhcp.Link) subnet {
	n.router = link.Prefix.Addr()
	n.broadcast = last(n.prefix)
	if all := last(link.Prefix); n.prefix.Contains(all) {
		n.broadcast = all
	}
	n.broadcast = n.ownBroadcast(n.broadcast)
	return n
}

func (r *Range) ownBroadcast(guess netip.Addr) netip.Addr {
	if r.Broadcast.IsValid() {
		return r.Broadcast
	}
	return guess
}

// last is the highest address of a network.
func last(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	return netip.AddrFrom4(b)
}

// pool is the range whose addresses one may be given from (dhcp.c, address_available).
func (sc scope) pool(addr netip.Addr, tags policy.Tags) (subnet, bool) {
	if sc.routes(addr) {
		return subnet{}, false
	}
	for _, n := range sc {
		if !n.Static && n.holds(addr) && n.Tags.Met(tags) {
			return n, true
		}
	}
	return subnet{}, false
}

// narrow is the one subnet of an address: of those it may be given from, else a static one, else any
// (dhcp.c, narrow_context).
func (sc scope) narrow(addr netip.Addr, tags policy.Tags) (subnet, bool) {
	if n, ok := sc.pool(addr, tags); ok {
		return n, true
	}
	for _, static := range []bool{true, false} {
		for _, n := range sc {
			if (n.Static || !static) && n.prefix.Contains(addr) && n.Tags.Met(tags) {
				return n, true
			}
		}
	}
	return subnet{}, false
}

// routes tells whether addr is a router's, ourselves or the relay, and so not to give.
func (sc scope) routes(addr netip.Addr) bool {
	return slices.ContainsFunc(sc, func(n subnet) bool { return n.router == addr })
}

func (r *Range) holds(addr netip.Addr) bool { return !addr.Less(r.First) && !r.Last.Less(addr) }

// Networks are those of the ranges, as a proxy sees them: boot items are asked of us there too.
func (c *Config) Networks() []dhcp.Network {
	var all []dhcp.Network
	for _, r := range c.Ranges {
		all = append(all, r.network())
	}
	return all
}

func (r *Range) network() dhcp.Network {
	return dhcp.Network{Addr: r.First, Bits: r.Bits, Leases: true, Tags: r.Tags, Set: r.Set, Rule: r.Rule}
}
