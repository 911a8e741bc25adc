package lease

import (
	"fmt"
	"net/netip"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
)

// bootp answers a client from before DHCP: with the address of its line, or where that is allowed with
// one from a range, for ever.
func (s *Server) bootp(c *client) dhcp.Decision {
	p := c.Packet
	switch {
	case p.HWType == 0 || len(p.ClientHWAddr) == 0:
		return c.silence(event.BuiltIn, "BOOTP without a hardware address")
	case c.known.Ignore != "":
		return c.ignored()
	}
	addr, silence, ok := s.bootpAddr(c)
	if !ok {
		return silence
	}
	n, ok := c.scope.narrow(addr, c.known.Tags)
	if !ok {
		return c.silence(c.scope[0].Rule, "wrong network")
	}
	tags := c.known.With(n.Set, n.Rule)
	switch _, fixed := c.fixed(); {
	case !fixed && !someone(s.cfg.DynamicBOOTP, tags):
		return c.silence(n.Rule, "BOOTP clients get no address from a range, which they would keep for ever; bootp-dynamic allows it")
	case s.table.leases[addr] == nil && !s.table.room(c.now):
		return c.silence(n.Rule, "no leases left")
	}
	s.squash(c, addr)
	length := Infinite
	if c.known.Host.Time != 0 {
		length = c.known.Host.Time
	}
	s.keep(c, addr, c.known.Host.Name, length)
	a := s.answer(c, &n, dhcpv4.MessageTypeNone)
	a.packet.YourIPAddr = addr.AsSlice()
	s.fill(a, terms{addr: addr, name: c.known.Host.Name, length: Infinite})
	d := a.decision(event.BOOTPReply, c.rule(n, addr), fmt.Sprintf("%s is its own for %s", addr, span(length)))
	d.Lease = true
	return d
}

// bootpAddr is the address for one: that of its line, that of its lease, else a free one.
func (s *Server) bootpAddr(c *client) (addr netip.Addr, silence dhcp.Decision, ok bool) {
	own, fixed := c.fixed()
	held := s.table.at(own, c.now)
	switch {
	case fixed && held != nil && !c.owns(held) && !sameHardware(held, c.Packet):
		return own, c.silence(c.known.Host.Rule, fmt.Sprintf("its address %s is leased to %s", own, held.MAC)), false
	case fixed:
		return own, silence, true
	case c.lease != nil && c.pooled(c.lease.Addr):
		return c.lease.Addr, silence, true
	}
	if addr, ok = s.allocate(c); !ok {
		silence = s.nothing(c)
	}
	return addr, silence, ok
}

func (c *client) pooled(addr netip.Addr) bool {
	_, ok := c.scope.pool(addr, c.known.Tags)
	return ok
}

func sameHardware(l *Lease, p *dhcpv4.DHCPv4) bool {
	return hardware(l.HWType, l.MAC) == hardware(p.HWType, p.ClientHWAddr)
}
