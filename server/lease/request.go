package lease

import (
	"bytes"
	"fmt"
	"net/netip"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// taking is a client's wish to have an address for its own.
type taking struct {
	addr      netip.Addr
	selecting bool // it was offered, by us
	rapid     bool // it answers a DISCOVER, so there is no refusing it
	renewing  bool
}

// request answers a DHCPREQUEST, in whichever state the client is (RFC 2131, section 4.3.2; rfc2131.c).
func (s *Server) request(c *client) dhcp.Decision {
	if c.known.Ignore != "" {
		return c.ignored()
	}
	addr, asks := c.addrOption(pxe.OptRequestedAddress)
	server, selecting := c.addrOption(pxe.OptServerID)
	switch {
	case asks && selecting && server != c.self():
		// The client took another server's offer.
		if ours, ok := s.table.offers.mine(c.key, c.now); ok {
			s.table.offers.drop(ours)
		}
		if c.serverID.IsValid() || !s.cfg.Authoritative {
			return c.silence(event.BuiltIn, fmt.Sprintf("it takes the offer of the server %s", server))
		}
		return s.refuse(c, nil, "wrong server-ID")
	case asks && selecting:
		s.squash(c, addr)
		return s.grant(c, taking{addr: addr, selecting: true})
	case asks && c.lease == nil && !s.cfg.Authoritative:
		return c.silence(event.BuiltIn, fmt.Sprintf("the lease of %s is unknown here; it may be another server's", addr))
	case asks && c.lease != nil && c.lease.Addr != addr:
		return s.refuse(c, nil, "wrong address")
	case asks:
		return s.grant(c, taking{addr: addr})
	}
	return s.renew(c)
}

// renew answers a client that has its address already.
func (s *Server) renew(c *client) dhcp.Decision {
	addr := dhcp.ClientAddr(c.Packet)
	other := c.lease != nil && c.lease.Addr != addr
	switch {
	case !other && (c.lease != nil || s.cfg.Authoritative):
		return s.grant(c, taking{addr: addr, renewing: true})
	case !c.unicast():
		// Who rebinds asks everybody, and another server may know it.
		return c.silence(event.BuiltIn, fmt.Sprintf("the lease of %s is unknown here; it may be another server's", addr))
	}
	return s.refuseAll(c, nil, "lease not found")
}

// unicast tells whether the request was sent to us alone.
func (c *client) unicast() bool {
	return c.To.IsValid() && c.To != netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// squash takes the client's lease of another address away.
func (s *Server) squash(c *client, addr netip.Addr) {
	if c.lease != nil && c.lease.Addr != addr {
		s.table.release(c.lease.Addr)
		c.lease = nil
	}
}

// grant gives the lease, unless something is in the way.
func (s *Server) grant(c *client, want taking) dhcp.Decision {
	n, ok := c.scope.narrow(want.addr, c.known.Tags)
	if !ok {
		return s.refuseAll(c, nil, "wrong network", want)
	}
	if why := s.unavailable(c, n, want); why != "" {
		return s.refuse(c, &n, why, want)
	}
	if len(c.unique()) == 0 {
		return s.refuse(c, &n, "no unique-id", want)
	}
	if s.table.leases[want.addr] == nil && !s.table.room(c.now) {
		return s.refuse(c, &n, "no leases left", want)
	}
	tags := c.known.With(n.Set, n.Rule)
	name, length := s.cfg.granted(c, tags), s.length(c, n)
	s.keep(c, want.addr, name, length)
	a := s.answer(c, &n, dhcpv4.MessageTypeAck)
	a.packet.YourIPAddr = want.addr.AsSlice()
	a.seconds(optLeaseTime, length)
	if want.rapid {
		a.put(optRapidCommit, nil)
	}
	s.fill(a, terms{addr: want.addr, name: name, length: length, renewing: want.renewing})
	d := a.decision(event.Ack, c.rule(n, want.addr), fmt.Sprintf("%s is its own for %s", want.addr, span(length)))
	d.Lease = true
	return d
}

// unavailable is why the client cannot have the address; the words are dnsmasq's, which people search for.
func (s *Server) unavailable(c *client, n subnet, want taking) string {
	own, fixed := c.fixed()
	held := s.table.at(want.addr, c.now)
	_, pooled := scope{n}.pool(want.addr, c.known.Tags)
	switch {
	case !pooled && (!fixed || own != want.addr):
		return "address not available"
	case fixed && own != want.addr && !want.selecting && s.ready(c, own):
		return "static lease available"
	case s.reserved(want.addr) && (!fixed || own != want.addr):
		return "address reserved"
	case held != nil && !c.owns(held) && !c.known.Host.Has(int(held.HWType), held.MAC):
		return "address in use"
	}
	return ""
}

// ready tells whether a host that asks anew will get the address of its line.
func (s *Server) ready(c *client, own netip.Addr) bool {
	held := s.table.at(own, c.now)
	return !c.scope.routes(own) && !s.table.resting(own, c.now) && (held == nil || c.owns(held))
}

// keep makes or renews the lease of the client.
func (s *Server) keep(c *client, addr netip.Addr, name string, length time.Duration) {
	l := Lease{Addr: addr, ClientID: bytes.Clone(c.id), HWType: c.Packet.HWType, MAC: c.Packet.ClientHWAddr, Name: name, ServerID: c.serverID}
	if c.asked == event.BOOTP {
		l.ClientID = nil
	}
	l.Since = c.now
	if c.asked != event.BOOTP {
		l.Class, l.Agent = c.Packet.Options[pxe.OptVendorClass], c.Packet.Options[pxe.OptRelayAgent]
	}
	if length != Infinite {
		l.Expires = c.now.Add(length)
	}
	if relay, relayed := dhcp.RelayAddr(c.Packet); relayed {
		l.Relay = relay
	}
	if old := c.lease; old != nil && old.Addr == addr {
		if !l.Relay.IsValid() {
			l.Relay = old.Relay
		}
		if len(l.ClientID) == 0 {
			l.ClientID = old.ClientID
		}
		if l.Name == "" {
			l.Name = old.Name
		}
		if len(l.Class) == 0 {
			l.Class = old.Class
		}
		if len(l.Agent) == 0 {
			l.Agent = old.Agent
		}
		if !l.ServerID.IsValid() {
			l.ServerID, c.serverID = old.ServerID, old.ServerID
		}
	}
	c.lease = s.table.put(l)
}

// refuse sends a DHCPNAK. n is the subnet of the address, if that far was come.
func (s *Server) refuse(c *client, n *subnet, why string, want ...taking) dhcp.Decision {
	return s.nak(c, n, why, c.unicast(), want)
}

// refuseAll sends one that everybody hears: the client may be on another network than it thinks.
func (s *Server) refuseAll(c *client, n *subnet, why string, want ...taking) dhcp.Decision {
	return s.nak(c, n, why, false, want)
}

func (s *Server) nak(c *client, n *subnet, why string, unicast bool, want []taking) dhcp.Decision {
	near := c.scope[0]
	if n != nil {
		near = *n
	}
	if len(want) > 0 && want[0].rapid {
		return c.silence(near.Rule, why)
	}
	a := s.answer(c, nil, dhcpv4.MessageTypeNak)
	text := why
	if c.names.nul {
		text += "\x00"
	}
	a.put(optMessage, []byte(text))
	_, relayed := dhcp.RelayAddr(c.Packet)
	has := dhcp.ClientAddr(c.Packet)
	local := near.prefix.Contains(has) && near.prefix.Contains(c.Link.Prefix.Addr())
	if !unicast || relayed || has.IsUnspecified() || local {
		a.packet.Flags |= pxe.BroadcastFlag
		a.packet.ClientIPAddr = zero()
	}
	return a.decision(event.Nak, near.Rule, "refused: "+why)
}
