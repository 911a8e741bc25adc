package lease

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// The answers to a DHCPLEASEQUERY (RFC 4388, section 6.1).
const (
	messageLeaseUnassigned dhcpv4.MessageType = 11
	messageLeaseUnknown    dhcpv4.MessageType = 12
	messageLeaseActive     dhcpv4.MessageType = 13

	optLastTransaction = 91 // client-last-transaction-time: seconds since then
)

// query tells a relay who has an address, or which one somebody has (RFC 4388), in the way of dnsmasq 2.92 and later:
// the address in ciaddr counts, else the client identifier, else the hardware address.
func (s *Server) query(now time.Time, req dhcp.Request) dhcp.Decision {
	relay, relayed := dhcp.RelayAddr(req.Packet)
	switch {
	case !relayed:
		return dhcp.Silence(event.LeaseQuery, event.BuiltIn, "a DHCPLEASEQUERY names who asks (giaddr), and this one does not")
	case !s.cfg.answersTo(relay):
		return dhcp.Silence(event.LeaseQuery, event.BuiltIn, fmt.Sprintf("no leasequery says that %s may ask about leases", relay))
	}
	addr := dhcp.ClientAddr(req.Packet)
	var l *Lease
	if addr.IsUnspecified() {
		l = s.table.of(now, req.Packet.HWType, req.Packet.ClientHWAddr, req.Packet.Options[pxe.OptClientID])
	} else {
		l = s.table.at(addr, now)
	}
	if l != nil && l.live(now) {
		return s.active(now, req, l)
	}
	at := slices.IndexFunc(s.cfg.Ranges, func(r Range) bool { return !r.Static && r.holds(addr) })
	if at < 0 {
		a := s.begin(&client{Request: req, now: now, asked: event.LeaseQuery}, nil, messageLeaseUnknown)
		a.packet.ClientIPAddr = zero()
		return a.decision(event.LeaseUnknown, event.BuiltIn, "no lease and no range is about that")
	}
	a := s.begin(&client{Request: req, now: now, asked: event.LeaseQuery}, nil, messageLeaseUnassigned)
	return a.decision(event.LeaseUnassigned, s.cfg.Ranges[at].Rule, fmt.Sprintf("nobody has %s", addr))
}

// answersTo tells whether a relay may ask.
func (c *Config) answersTo(relay netip.Addr) bool {
	return slices.ContainsFunc(c.Queries, func(p netip.Prefix) bool { return p.Contains(relay) })
}

// active describes a lease: what it was made of, and what its client would be told if it asked now.
func (s *Server) active(now time.Time, req dhcp.Request, l *Lease) dhcp.Decision {
	packet := *req.Packet
	packet.HWType, packet.ClientHWAddr = l.HWType, l.MAC
	req.Packet = &packet
	c := &client{Request: req, now: now, asked: event.LeaseQuery, scope: s.cfg.holding(req.Link, l.Addr, l.Relay), lease: l, id: l.ClientID}
	c.known = s.pxe.Policy.Evaluate(policy.Client{
		Interface: req.Link.Name, Packet: &packet, In: l.Addr, ID: l.ClientID,
		Here: func(addr netip.Addr) bool {
			return slices.ContainsFunc(c.scope, func(n subnet) bool { return n.prefix.Contains(addr) })
		},
	})
	rule, tags := event.BuiltIn, c.known.Tags
	var near *subnet
	if n, ok := c.scope.narrow(l.Addr, c.known.Tags); ok {
		near, rule, tags = &n, n.Rule, c.known.With(n.Set, n.Rule)
	}
	a := s.begin(c, near, messageLeaseActive)
	a.packet.ClientIPAddr = l.Addr.AsSlice()
	if a.asksFor(pxe.OptRelayAgent) && len(l.Agent) > 0 {
		a.agent = l.Agent
		a.body.room -= len(encode(pxe.OptRelayAgent, l.Agent))
	}
	if a.lists() && !s.cfg.NoOverride {
		a.body.open(true, true)
	}
	a.described(now, l)
	told := told(s.pxe.KnowsPXE(&packet))
	chosen := s.cfg.chosen(c.known.Tags, tags, told)
	a.network(chosen)
	a.called(terms{addr: l.Addr, name: l.Name}, s.cfg.domain(l.Addr), chosen)
	a.configured(chosen, s.cfg)
	a.encapsulated(s.cfg.Options, told, tags)
	a.class(l)
	return a.decision(event.LeaseActive, rule, fmt.Sprintf("%s is the address of %s", l.Addr, l.MAC))
}

// described are the times of a lease, of which those that are over are not told, and whose it is.
func (a *answer) described(now time.Time, l *Lease) {
	if len(l.ClientID) > 0 && a.asksFor(pxe.OptClientID) {
		a.put(pxe.OptClientID, l.ClientID)
	}
	wanted := func(code uint8, d time.Duration) {
		if d >= time.Second && a.asksFor(code) {
			a.seconds(code, d)
		}
	}
	if l.Expires.IsZero() {
		wanted(optLeaseTime, Infinite)
		return
	}
	if l.Since.IsZero() { // it was written by a bootrig that did not note it
		wanted(optLeaseTime, l.Expires.Sub(now))
		return
	}
	length, gone := l.Expires.Sub(l.Since), now.Sub(l.Since).Truncate(time.Second)
	wanted(optLeaseTime, length-gone)
	wanted(optT1, length/2-gone)
	wanted(optT2, length*7/8-gone)
	wanted(optLastTransaction, gone)
}

// class is the vendor class of the client, which belongs to the vendor's options too.
func (a *answer) class(l *Lease) {
	value := l.Class
	if len(value) == 0 {
		value = a.to.Packet.Options[pxe.OptVendorClass]
	}
	if len(value) > 0 && !a.body.sent[pxe.OptVendorClass] && (a.asksFor(pxe.OptVendorClass) || a.asksFor(pxe.OptVendorSpecific)) {
		a.put(pxe.OptVendorClass, value)
	}
}
