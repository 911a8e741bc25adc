package relay

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/machine"
)

// A Relay carries the requests of one network to one server.
type Relay struct {
	Local     netip.Addr     // our address in the clients' network
	Server    netip.AddrPort // with a zero Addr: whoever hears a broadcast on Interface
	Interface string         // where the answers must come in, `*` at its end for any rest; "": anywhere
	Split     bool           // the server sees an address of ours on its own side, and agent information says the rest
	Uplink    netip.Addr     // of a Split: that address; zero: the first of Interface
	Rule      string
}

// To is where its requests go, in words.
func (r Relay) To() string {
	if r.Server.Addr().IsValid() {
		return r.Server.String()
	}
	return fmt.Sprintf("whoever listens to port %d on %s", r.Server.Port(), r.Interface)
}

// Relays are those of a configuration, in the order of their lines.
type Relays []Relay

// Hears tells whether answers for some relay may come by an interface.
func (all Relays) Hears(name string) bool {
	return slices.ContainsFunc(all, func(r Relay) bool { return r.Interface == "" || matches(r.Interface, name) })
}

// An Agent is the relays of this host, and where they are.
type Agent struct {
	Relays  Relays
	Links   []dhcp.Link
	Uplinks []dhcp.Link // by which answers come too, but requests are nobody's; they are numbered on from Links
	Ports   dhcp.Ports
}

// Passed is a packet on its way, or without a Payload one that goes no further.
type Passed struct {
	machine.Datagram
	MAC          net.HardwareAddr // of a receiver that has no address yet, so that ARP could not find it
	Rule, Reason string
}

// Routed tells whether a packet goes the way that the kernel knows, by whatever link.
func (p Passed) Routed() bool { return p.MAC == nil && p.Dst.Addr() != everybody() }

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

// Takes tells whether a packet is a relay's to handle, and so nobody else's on this host. What becomes of
// it, once for each relay, is in passed (dhcp.c, relay_upstream4 and relay_reply4).
func (a Agent) Takes(d machine.Datagram) (passed []Passed, ours bool) {
	if len(a.Relays) == 0 || len(d.Payload) < headerSize || d.Link < 0 || d.Link >= len(a.Links)+len(a.Uplinks) {
		return nil, false
	}
	switch d.Payload[opField] {
	case bootRequest:
		return a.upstream(d)
	case bootReply:
		return a.downstream(d)
	}
	return nil, false
}

// Answer tells whether a packet is a server's.
func Answer(packet []byte) bool { return len(packet) > opField && packet[opField] == bootReply }

// Link is the link of a number.
func (a Agent) Link(number int) dhcp.Link { return a.all()[number] }

func (a Agent) all() []dhcp.Link { return slices.Concat(a.Links, a.Uplinks) }

// upstream sends a request to the server of every relay whose address is of the interface it came by.
func (a Agent) upstream(d machine.Datagram) (passed []Passed, ours bool) {
	if d.Link >= len(a.Links) {
		return nil, false
	}
	for _, r := range slices.Backward(a.Relays) { // dnsmasq's list has the last line first
		if r.at(a.Links, a.Links[d.Link].Name) {
			passed = append(passed, a.request(r, d))
		}
	}
	return passed, len(passed) > 0
}

// request is a request on its way to a relay's server.
func (a Agent) request(r Relay, d machine.Datagram) Passed {
	hops, giaddr := d.Payload[hopsField], addr(d.Payload, giaddrField)
	server, link, ok := r.server(a.all(), d.Link)
	self, known := r.side(a.all())
	switch {
	case hops > maxHops:
		return Passed{Rule: r.Rule, Reason: fmt.Sprintf("it has gone through %d relays, in a circle perhaps", hops)}
	case !known:
		return Passed{Rule: r.Rule, Reason: "there is no interface " + r.Interface + " with an address for the server to answer to"}
	case giaddr == self:
		return Passed{Rule: r.Rule, Reason: "it was relayed here already, and came back"}
	case !ok:
		return Passed{Rule: r.Rule, Reason: "there is no interface " + r.Interface + " with an address to broadcast it on"}
	}
	packet := append([]byte(nil), d.Payload...)
	packet[hopsField]++
	if giaddr.IsUnspecified() && r.Split {
		if packet, ok = r.mark(packet, a.Links[d.Link], d.Dst.Addr()); !ok {
			return Passed{Rule: r.Rule, Reason: "there is no room in it for agent information (option 82)"}
		}
	}
	if giaddr.IsUnspecified() {
		copy(packet[giaddrField:], self.AsSlice())
	}
	return Passed{
		Datagram: machine.Datagram{Link: link, Src: netip.AddrPortFrom(self, a.Ports.DHCPServer()), Dst: server, Payload: packet},
		Rule:     r.Rule,
		Reason:   fmt.Sprintf("relayed to %s", server),
	}
}

// server is where requests go, and the link it is on as far as that is known: routes are not.
func (r Relay) server(links []dhcp.Link, from int) (server netip.AddrPort, link int, ok bool) {
	for i, l := range links {
		switch {
		case !l.Prefix.IsValid():
		case !r.Server.Addr().IsValid() && l.Name == r.Interface:
			return netip.AddrPortFrom(lastOf(l.Prefix), r.Server.Port()), i, true
		case r.Server.Addr().IsValid() && l.Prefix.Contains(r.Server.Addr()):
			return r.Server, i, true
		}
	}
	return r.Server, from, r.Server.Addr().IsValid()
}

// downstream sends the answer of a server to the client, by the interface that has the relay's address.
func (a Agent) downstream(d machine.Datagram) ([]Passed, bool) {
	giaddr, by := addr(d.Payload, giaddrField), a.Link(d.Link).Name
	for _, r := range slices.Backward(a.Relays) {
		if self, _ := r.side(a.all()); self != giaddr || r.Interface != "" && !matches(r.Interface, by) {
			continue
		}
		at, packet, ok := a.clients(r, d)
		if !ok && r.Split { // several may share a side
			continue
		} else if !ok {
			return nil, false
		}
		to, mac := client(packet, a.Ports.DHCPClient())
		return []Passed{{
			Datagram: machine.Datagram{
				Link: at, Payload: packet, Src: netip.AddrPortFrom(a.from(a.Links[at], to.Addr()), a.Ports.DHCPServer()), Dst: to,
			},
			MAC:    mac,
			Rule:   r.Rule,
			Reason: fmt.Sprintf("the answer of %s, relayed to %s", d.Src, to),
		}}, true
	}
	return nil, false
}

// from is our address that an answer comes from, as the kernel would choose it: that of the network it goes
// to, else the first of the interface.
func (a Agent) from(link dhcp.Link, to netip.Addr) netip.Addr {
	first := netip.Addr{}
	for _, l := range a.Links {
		switch {
		case l.Name != link.Name || l.Alias != "":
		case l.Prefix.Contains(to):
			return l.Prefix.Addr()
		case !first.IsValid():
			first = l.Prefix.Addr()
		}
	}
	return first
}

// client is where a client hears an answer (RFC 2131, section 4.1).
func client(packet []byte, port uint16) (to netip.AddrPort, mac net.HardwareAddr) {
	at := func(addr netip.Addr) netip.AddrPort { return netip.AddrPortFrom(addr, port) }
	has, gets := addr(packet, ciaddrField), addr(packet, yiaddrField)
	flags, hlen := binary.BigEndian.Uint16(packet[flagsField:]), packet[hlenField]
	switch {
	case !has.IsUnspecified():
		return at(has), nil
	case flags&broadcastFlag != 0, packet[htypeField] == 0, hlen == 0, hlen > longestARP:
		return at(everybody()), nil
	}
	return at(gets), append(net.HardwareAddr(nil), packet[chaddrField:chaddrField+int(hlen)]...)
}

func everybody() netip.Addr { return netip.AddrFrom4([4]byte{255, 255, 255, 255}) }

func addr(packet []byte, field int) netip.Addr {
	return netip.AddrFrom4([4]byte(packet[field : field+4]))
}

// at tells whether a relay is at an interface: at any of its addresses, or if it is Split at the first.
func (r Relay) at(links []dhcp.Link, name string) bool {
	for _, l := range links {
		switch {
		case l.Name != name:
		case l.Prefix.Addr() == r.Local:
			return true
		case r.Split:
			return false
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
