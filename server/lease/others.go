package lease

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// decline hears that somebody else has an address. Only the client it was given or offered to is
// believed, so that nobody can make all addresses rest.
func (s *Server) decline(c *client) dhcp.Decision {
	server, named := c.addrOption(pxe.OptServerID)
	addr, says := c.addrOption(pxe.OptRequestedAddress)
	switch {
	case !named || server != c.self():
		return c.silence(event.BuiltIn, "a DHCPDECLINE for another server")
	case !says:
		return c.silence(event.BuiltIn, "a DHCPDECLINE without an address (option 50)")
	}
	offered, mine := s.table.offers.mine(c.key, c.now)
	switch own, fixed := c.fixed(); {
	case c.lease != nil && c.lease.Addr == addr:
		s.table.release(addr)
	case fixed && own == addr, mine && offered == addr:
	default:
		return c.silence(event.BuiltIn, fmt.Sprintf("%s is not its address", addr))
	}
	s.table.declined(addr, c.now)
	return c.silence(c.ruleOf(addr), fmt.Sprintf("declined: somebody has %s, which rests for %s", addr, rest))
}

// ruleOf is the line of the range that an address is of.
func (c *client) ruleOf(addr netip.Addr) string {
	n, ok := c.scope.narrow(addr, c.known.Tags)
	if !ok {
		n = c.scope[0]
	}
	return c.rule(n, addr)
}

// giveBack hears that a client needs its address no more.
func (s *Server) giveBack(c *client) dhcp.Decision {
	addr := dhcp.ClientAddr(c.Packet)
	_, ours := c.scope.narrow(addr, c.known.Tags)
	server, named := c.addrOption(pxe.OptServerID)
	switch {
	case !ours || !named || server != c.self():
		return c.silence(event.BuiltIn, "a DHCPRELEASE for another server")
	case c.lease == nil || c.lease.Addr != addr:
		return c.silence(c.ruleOf(addr), fmt.Sprintf("%s is not its address", addr))
	}
	s.table.release(addr)
	return c.silence(c.ruleOf(addr), fmt.Sprintf("released: %s is free", addr))
}

// inform answers a client that has an address and wants the options (RFC 2131, section 4.3.5).
func (s *Server) inform(c *client) dhcp.Decision {
	addr := dhcp.ClientAddr(c.Packet)
	switch {
	case c.known.Ignore != "":
		return c.ignored()
	case addr.IsUnspecified():
		return c.silence(event.BuiltIn, "a DHCPINFORM without an address (ciaddr)")
	}
	var near *subnet
	rule := c.scope[0].Rule
	if n, ok := c.scope.narrow(addr, c.known.Tags); ok {
		near, rule = &n, c.rule(n, addr)
	}
	name := c.names.name
	if c.lease == nil {
		if c.lease = s.table.at(addr, c.now); c.lease != nil && c.lease.Name != "" {
			name = c.lease.Name
		}
	}
	if c.lease != nil && !c.serverID.IsValid() {
		c.serverID = c.lease.ServerID
	}
	a := s.answer(c, near, dhcpv4.MessageTypeAck)
	if c.lease != nil && a.asksFor(optLeaseTime) {
		left := Infinite
		if !c.lease.Expires.IsZero() {
			left = max(c.lease.Expires.Sub(c.now).Round(time.Second), 0)
		}
		a.seconds(optLeaseTime, left)
	}
	s.fill(a, terms{addr: addr, name: name, length: Infinite})
	return a.decision(event.Ack, rule, "the options, without a lease")
}
