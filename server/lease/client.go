package lease

import (
	"net/netip"
	"slices"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A client is a request and all that is known of its sender.
type client struct {
	dhcp.Request
	now      time.Time
	asked    event.Kind
	scope    scope
	known    policy.Result
	lease    *Lease // its own, which may be over; nil: none
	id       []byte // option 61, or what it was when the lease was made
	key      string
	serverID netip.Addr // what stands in for our address in option 54
	names    names
}

func (s *Server) client(now time.Time, req dhcp.Request, sc scope) *client {
	c := &client{Request: req, now: now, scope: sc, asked: dhcp.Asked(req.Packet)}
	p := req.Packet
	if !s.pxe.Policy.IgnoreClientID && c.asked != event.BOOTP {
		c.id = p.Options[pxe.OptClientID]
	}
	c.lease = s.table.of(now, p.HWType, p.ClientHWAddr, c.id)
	if c.lease != nil && len(c.id) == 0 {
		c.id = c.lease.ClientID
	}
	c.known = s.pxe.Policy.Evaluate(policy.Client{
		Interface: req.Link.Name, Packet: p, In: req.In(), ID: c.id, Marks: req.Marks,
		Here: func(addr netip.Addr) bool {
			return slices.ContainsFunc(sc, func(n subnet) bool { return n.prefix.Contains(addr) })
		},
	})
	if c.known.Host.NoID {
		c.id = nil
	}
	c.key = hardware(p.HWType, p.ClientHWAddr)
	if len(c.id) > 0 {
		c.key = string(c.id)
	}
	c.serverID = s.cfg.standIn(p)
	c.names = s.cfg.names(c)
	for i := range c.scope {
		n := &c.scope[i]
		if !n.router.IsValid() && c.lease != nil && !s.pxe.Shared.Behind(c.lease.Relay, req.Link, n.network()) {
			n.router = c.lease.Relay // as it was when the lease was made
		}
	}
	return c
}

// standIn is the address that a relay wants clients to take for ours, so that all they say goes through
// it (RFC 5107, 82.11), or that it is to have.
func (c *Config) standIn(p *dhcpv4.DHCPv4) netip.Addr {
	const serverOverride = 11
	agent, _ := pxe.ParseSubOptions(p.Options[pxe.OptRelayAgent])
	if value, _ := agent.Get(serverOverride); len(value) >= 4 && [4]byte(value[:4]) != ([4]byte{}) {
		return netip.AddrFrom4([4]byte(value[:4]))
	}
	relay, relayed := dhcp.RelayAddr(p)
	if relayed && (c.AllRelays || slices.Contains(c.RelayServerID, relay)) {
		return relay
	}
	return netip.Addr{}
}

// self is our address as the client knows it: option 54.
func (c *client) self() netip.Addr {
	if c.serverID.IsValid() {
		return c.serverID
	}
	return c.Link.Prefix.Addr()
}

// unique is what tells one client from another: its hardware address, and where it has none its
// identifier without the type that it may begin with (rfc2131.c, extended_hwaddr).
func (c *client) unique() []byte {
	if p := c.Packet; len(p.ClientHWAddr) > 0 || len(c.id) <= 3 {
		return p.ClientHWAddr
	} else if c.id[0] == byte(p.HWType) {
		return c.id[1:]
	}
	return c.id
}

// owns tells whether a lease is this client's.
func (c *client) owns(l *Lease) bool { return c.lease != nil && c.lease.Addr == l.Addr }

// fixed is the address that the client's line in the configuration gives it.
func (c *client) fixed() (netip.Addr, bool) { return c.known.Host.Addr, c.known.Host.Addr.IsValid() }

func (c *client) silence(rule, reason string) dhcp.Decision {
	return dhcp.Decision{Asked: c.asked, Rule: rule, Reason: reason}
}

// ignored is the silence that a line wants.
func (c *client) ignored() dhcp.Decision {
	return dhcp.Ignored(c.asked, c.known.Ignore, c.known.Reason)
}

// rule is the line that gives the client an address: its own, or a range's.
func (c *client) rule(n subnet, addr netip.Addr) string {
	if own, ok := c.fixed(); ok && own == addr {
		return c.known.Host.Rule
	}
	return n.Rule
}

// addrOption is the address in an option of the request.
func (c *client) addrOption(code uint8) (netip.Addr, bool) {
	value := c.Packet.Options[code]
	if len(value) < 4 {
		return netip.Addr{}, false
	}
	return netip.AddrFrom4([4]byte(value[:4])), true
}
