package lease

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// discover answers a DHCPDISCOVER with an offer, or with the lease itself where both sides want that.
func (s *Server) discover(c *client) dhcp.Decision {
	if c.known.Ignore != "" {
		return c.ignored()
	}
	addr, fresh, ok := s.choose(c)
	if !ok {
		return s.nothing(c)
	}
	n, ok := c.scope.narrow(addr, c.known.Tags)
	if !ok {
		return c.silence(c.scope[0].Rule, fmt.Sprintf("%s belongs to no dhcp-range for it", addr))
	}
	if c.Packet.Options.Has(dhcpv4.GenericOptionCode(optRapidCommit)) && s.cfg.RapidCommit {
		return s.rapid(c, addr)
	}
	s.table.offers.make(addr, c.key, c.now)
	a := s.answer(c, &n, dhcpv4.MessageTypeOffer)
	length := s.length(c, n)
	a.packet.YourIPAddr = addr.AsSlice()
	a.seconds(optLeaseTime, length)
	s.fill(a, terms{addr: addr, name: c.names.offer, length: length})
	d := a.decision(event.Offer, c.rule(n, addr), fmt.Sprintf("%s for %s", addr, span(length)))
	if fresh && !s.cfg.NoPing {
		d.Probe = addr
	}
	return d
}

// rapid gives the lease at once (RFC 4039).
func (s *Server) rapid(c *client, addr netip.Addr) dhcp.Decision {
	s.squash(c, addr)
	return s.grant(c, taking{addr: addr, rapid: true})
}

// choose finds the address for a DISCOVER: its own, the one it had, the one it was offered, the one it
// asks for, else a free one (rfc2131.c, dhcp_reply). fresh is one that somebody may have secretly.
func (s *Server) choose(c *client) (addr netip.Addr, fresh, ok bool) {
	if own, fixed := c.fixed(); fixed && s.obstacle(c, own) == "" {
		return own, false, true
	}
	give := func(addr netip.Addr) bool {
		_, in := c.scope.pool(addr, c.known.Tags)
		return in && !s.reserved(addr)
	}
	if c.lease != nil && give(c.lease.Addr) {
		return c.lease.Addr, false, true
	}
	free := func(addr netip.Addr) bool {
		return give(addr) && s.table.at(addr, c.now) == nil && !s.table.resting(addr, c.now) && !s.table.offers.other(addr, c.key, c.now)
	}
	if addr, asks := c.addrOption(pxe.OptRequestedAddress); asks && free(addr) {
		return addr, true, true
	}
	if addr, offered := s.table.offers.mine(c.key, c.now); offered && free(addr) {
		return addr, true, true
	}
	if len(c.unique()) == 0 {
		return netip.Addr{}, false, false
	}
	addr, ok = s.allocate(c)
	return addr, true, ok
}

// obstacle is why a host does not get the address of its line; "" is none.
func (s *Server) obstacle(c *client, own netip.Addr) string {
	held := s.table.at(own, c.now)
	switch {
	case held != nil && held != c.lease && !c.known.Host.Has(int(held.HWType), held.MAC):
		return "it is leased to " + held.MAC.String()
	case c.scope.routes(own):
		return "it is the server's or the relay's"
	case s.table.resting(own, c.now):
		return "it was declined, or somebody has it"
	}
	return ""
}

// nothing says why there is no address.
func (s *Server) nothing(c *client) dhcp.Decision {
	rule := c.scope[0].Rule
	if len(c.unique()) == 0 {
		return c.silence(event.BuiltIn, "neither a hardware address nor a client identifier (option 61)")
	}
	if own, fixed := c.fixed(); fixed {
		return c.silence(c.known.Host.Rule, fmt.Sprintf("its address %s is not free: %s", own, s.obstacle(c, own)))
	}
	var wants []string
	for _, n := range c.scope {
		switch {
		case n.Static:
			wants = append(wants, "it has no address of its own, which the range is for")
		case !n.Tags.Met(c.known.Tags):
			wants, rule = append(wants, "the range is for others: it wants "+n.Tags.Because(c.known.Tags)), n.Rule
		default:
			return c.silence(n.Rule, fmt.Sprintf("all addresses from %s to %s are taken", n.First, n.Last))
		}
	}
	return c.silence(rule, strings.Join(wants, "; "))
}

// shortest is the shortest time a client may ask for (rfc2131.c, calc_time).
const shortest = 2 * time.Minute

// length is how long a lease lasts: as its host's or its range's line says, or shorter if that is asked.
func (s *Server) length(c *client, n subnet) time.Duration {
	length := n.Time
	if length == 0 {
		length = defaultTime
	}
	if c.known.Host.Time != 0 {
		length = c.known.Host.Time
	}
	if value := c.Packet.Options[optLeaseTime]; len(value) >= 4 {
		wanted := max(time.Duration(number(netip.AddrFrom4([4]byte(value[:4]))))*time.Second, shortest)
		if length == Infinite || wanted != Infinite && wanted < length {
			length = wanted
		}
	}
	return length
}

func span(d time.Duration) string {
	if d == Infinite {
		return "ever"
	}
	return d.String()
}
