package relay

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/bootrig/bootrig/internal/machine"
	"github.com/bootrig/bootrig/internal/pxe"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// A Relay carries the requests of one network to one server.
type Relay struct {
	Local     netip.Addr     // our address in the clients' network
	Server    netip.AddrPort // with a zero Addr: whoever hears a broadcast on Interface
	Interface string         // where the answers must come in, `*` at its end for any rest; "": anywhere
	Rule      string
}

// Config are the relays of a host, in the order of their lines.
type Config []Relay

// Passed is a packet on its way.
type Passed struct {
	machine.Datagram
	MAC          net.HardwareAddr // of a receiver that has no address yet, so that ARP could not find it
	Rule, Reason string
}

// The fields of a packet that a relay looks at (RFC 951, RFC 2131 section 2).
const (
	opField     = 0
	htypeField  = 1
	hlenField   = 2
	hopsField   = 3
	flagsField  = 10
	ciaddrField = 12
	yiaddrField = 16
	giaddrField = 24
	chaddrField = 28
	headerSize  = 236

	bootRequest = 1
	bootReply   = 2

	broadcastFlag = 0x8000
	longestARP    = 14 // bytes of a hardware address that the kernel's ARP table takes
	maxHops       = 20 // dnsmasq's; RFC 1542 section 4.1.1 has 16 at most
)

// Takes tells whether a packet is a relay's to handle, and so nobody else's on this host. What is to be
// sent for it, which may be nothing, is in passed (dhcp.c, relay_upstream4 and relay_reply4).
func (c Config) Takes(links []proxydhcp.Link, d machine.Datagram) (passed []Passed, ours bool) {
	if len(c) == 0 || len(d.Payload) < headerSize || d.Link < 0 || d.Link >= len(links) {
		return nil, false
	}
	switch d.Payload[opField] {
	case bootRequest:
		return c.upstream(links, d)
	case bootReply:
		return c.downstream(links, d)
	}
	return nil, false
}

// upstream sends a request to the server of every relay whose address is of the interface it came by.
func (c Config) upstream(links []proxydhcp.Link, d machine.Datagram) (passed []Passed, ours bool) {
	for i := len(c) - 1; i >= 0; i-- { // dnsmasq's list has the last line first
		r := c[i]
		if !has(links, links[d.Link].Name, r.Local) {
			continue
		}
		ours = true
		hops, giaddr := d.Payload[hopsField], addr(d.Payload, giaddrField)
		server, link, ok := r.server(links, d.Link)
		if hops > maxHops || giaddr == r.Local || !ok { // it went in a circle, or cannot go on
			continue
		}
		packet := append([]byte(nil), d.Payload...)
		packet[hopsField]++
		if giaddr.IsUnspecified() {
			copy(packet[giaddrField:], r.Local.AsSlice())
		}
		passed = append(passed, Passed{
			Datagram: machine.Datagram{Link: link, Src: netip.AddrPortFrom(r.Local, pxe.PortDHCPServer), Dst: server, Payload: packet},
			Rule:     r.Rule,
			Reason:   fmt.Sprintf("relayed to %s", server),
		})
	}
	return passed, ours
}

// server is where requests go, and the link it is on as far as that is known: routes are not.
func (r Relay) server(links []proxydhcp.Link, from int) (server netip.AddrPort, link int, ok bool) {
	for i, l := range links {
		switch {
		case !r.Server.Addr().IsValid() && l.Name == r.Interface:
			return netip.AddrPortFrom(lastOf(l.Prefix), r.Server.Port()), i, true
		case r.Server.Addr().IsValid() && l.Prefix.Contains(r.Server.Addr()):
			return r.Server, i, true
		}
	}
	return r.Server, from, r.Server.Addr().IsValid()
}

// downstream sends the answer of a server to the client, by the interface that has the relay's address.
func (c Config) downstream(links []proxydhcp.Link, d machine.Datagram) ([]Passed, bool) {
	giaddr := addr(d.Payload, giaddrField)
	for i := len(c) - 1; i >= 0; i-- {
		r := c[i]
		if r.Local != giaddr || r.Interface != "" && !matches(r.Interface, links[d.Link].Name) {
			continue
		}
		for at, link := range links {
			if link.Prefix.Addr() != r.Local {
				continue
			}
			to, mac := client(d.Payload)
			return []Passed{{
				Datagram: machine.Datagram{
					Link: at, Payload: append([]byte(nil), d.Payload...),
					Src: netip.AddrPortFrom(r.Local, pxe.PortDHCPServer), Dst: to,
				},
				MAC:    mac,
				Rule:   r.Rule,
				Reason: fmt.Sprintf("the answer of %s, relayed to %s", d.Src, to),
			}}, true
		}
		return nil, false
	}
	return nil, false
}

// client is where a client hears an answer (RFC 2131, section 4.1).
func client(packet []byte) (to netip.AddrPort, mac net.HardwareAddr) {
	at := func(addr netip.Addr) netip.AddrPort { return netip.AddrPortFrom(addr, pxe.PortDHCPClient) }
	has, gets := addr(packet, ciaddrField), addr(packet, yiaddrField)
	flags, hlen := binary.BigEndian.Uint16(packet[flagsField:]), packet[hlenField]
	switch {
	case !has.IsUnspecified():
		return at(has), nil
	case flags&broadcastFlag != 0, packet[htypeField] == 0, hlen == 0, hlen > longestARP:
		return at(netip.AddrFrom4([4]byte{255, 255, 255, 255})), nil
	}
	return at(gets), append(net.HardwareAddr(nil), packet[chaddrField:chaddrField+int(hlen)]...)
}

func addr(packet []byte, field int) netip.Addr {
	return netip.AddrFrom4([4]byte(packet[field : field+4]))
}

// has tells whether an interface has an address.
func has(links []proxydhcp.Link, name string, addr netip.Addr) bool {
	for _, l := range links {
		if l.Name == name && l.Prefix.Addr() == addr {
			return true
		}
	}
	return false
}

// matches compares as the names of interfaces are compared (util.c, wildcard_match).
func matches(pattern, name string) bool {
	begin, wild := strings.CutSuffix(pattern, "*")
	return name == pattern || wild && strings.HasPrefix(name, begin)
}

// lastOf is a network's broadcast address.
func lastOf(network netip.Prefix) netip.Addr {
	b := network.Addr().As4()
	all := ^uint32(0) >> network.Bits()
	if network.Bits() == 32 {
		all = 0
	}
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, binary.BigEndian.Uint32(b[:])|all)))
}
