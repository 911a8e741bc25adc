package lease

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// DHCP options (RFC 2132, RFC 4039).
const (
	optNetmask     = 1
	optRouter      = 3
	optDNS         = 6
	optBroadcast   = 28
	optLeaseTime   = 51
	optMessage     = 56
	optT1          = 58
	optT2          = 59
	optRapidCommit = 80
	optVendorInfo  = 125
	optServerAddr  = 255 // dnsmasq's own: siaddr, where there is no dhcp-boot
)

const (
	header    = 240 // bytes before the options, the cookie among them
	spare     = 2   // bytes for their end, as dnsmasq counts (rfc2131.c, free_space)
	bootpRoom = 58  // bytes for options in BOOTP's vend field (RFC 951), as dnsmasq counts
)

// An answer is a reply in the making.
type answer struct {
	to     *client
	ports  dhcp.Ports
	near   *subnet        // nil: unknown
	packet *dhcpv4.DHCPv4 // the header; its options are in body
	body   body
	agent  []byte // of option 82, which is last
	wants  []byte
	parts  []string
	delay  time.Duration
}

// answer begins a reply to a client.
func (s *Server) answer(c *client, near *subnet, kind dhcpv4.MessageType) *answer {
	a := s.begin(c, near, kind)
	if kind == dhcpv4.MessageTypeNone {
		return a
	}
	if agent := c.Packet.Options[pxe.OptRelayAgent]; len(agent) > 0 {
		a.agent = agent // whatever room it takes: relays count on it
		a.body.room -= len(encode(pxe.OptRelayAgent, agent))
	}
	a.addr(pxe.OptServerID, c.self())
	return a
}

// begin begins a reply with what every one has.
func (s *Server) begin(c *client, near *subnet, kind dhcpv4.MessageType) *answer {
	in := c.Packet
	p := &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootReply, HWType: in.HWType, HopCount: in.HopCount, TransactionID: in.TransactionID,
		NumSeconds: in.NumSeconds, Flags: in.Flags, ClientIPAddr: dhcp.ClientAddr(in).AsSlice(), YourIPAddr: zero(),
		ServerIPAddr: zero(), GatewayIPAddr: in.GatewayIPAddr, ClientHWAddr: in.ClientHWAddr,
	}
	a := &answer{to: c, ports: s.pxe.Ports, near: near, packet: p, body: body{room: bootpRoom}}
	a.wants, _, _ = bytes.Cut(in.Options[pxe.OptParameterList], []byte{pxe.OptEnd}) // where dnsmasq's list ends
	if kind == dhcpv4.MessageTypeNone {
		return a
	}
	var taken uint16
	if size := in.Options[pxe.OptMaxMessageSize]; len(size) == 2 {
		taken = binary.BigEndian.Uint16(size)
	}
	a.body.room = pxe.MaxReply(taken) - header - spare
	a.put(pxe.OptMessageType, []byte{byte(kind)})
	return a
}

func zero() net.IP { return net.IPv4zero.To4() }

func (a *answer) put(code uint8, value []byte) { a.body.put(code, value) }

func (a *answer) addr(code uint8, addr netip.Addr) { a.put(code, addr.AsSlice()) }

func (a *answer) seconds(code uint8, d time.Duration) {
	a.put(code, binary.BigEndian.AppendUint32(nil, uint32(d/time.Second)))
}

// asksFor tells whether the client wants an option. One that lists none wants all.
func (a *answer) asksFor(code uint8) bool {
	if !a.lists() {
		return true
	}
	for _, c := range a.wants {
		if c == code {
			return true
		}
	}
	return false
}

// lists tells whether the client lists the options it wants.
func (a *answer) lists() bool {
	return a.to.Packet.Options.Has(dhcpv4.GenericOptionCode(pxe.OptParameterList)) && a.to.asked != event.BOOTP
}

// decision is the finished reply.
func (a *answer) decision(kind event.Kind, rule, reason string) dhcp.Decision {
	for _, part := range a.parts {
		reason += ", " + part
	}
	if lacks := a.body.lacks; len(lacks) > 0 {
		reason += fmt.Sprintf("; no room for the options %v", lacks)
	}
	c := a.to
	return dhcp.Decision{
		Asked: c.asked,
		Reply: &dhcp.Reply{
			Kind:    kind,
			Src:     netip.AddrPortFrom(c.Link.Prefix.Addr(), c.Port),
			Dst:     a.destination(),
			Packet:  a.said(),
			Payload: a.payload(),
		},
		Delay:  a.delay,
		Rule:   rule,
		Reason: reason,
	}
}

// said is the finished packet with its options, wherever they are in it.
func (a *answer) said() *dhcpv4.DHCPv4 {
	p := *a.packet
	p.Options = a.body.options()
	if len(a.agent) > 0 {
		p.Options[pxe.OptRelayAgent] = a.agent
	}
	return &p
}

// payload is the finished packet's bytes.
func (a *answer) payload() []byte {
	b := dhcp.Encode(a.packet)[:header]
	a.body.fields(b)
	b = append(b, a.body.main...)
	if len(a.agent) > 0 {
		b = append(b, encode(pxe.OptRelayAgent, a.agent)...)
	}
	b = append(b, pxe.OptEnd)
	return append(b, make([]byte, max(0, pxe.MinPacket-len(b)))...)
}

// destination is where the reply goes (RFC 2131, section 4.1; dhcp.c, dhcp_packet): through the relay, to
// the address the client has, or to the one it gets, if it does not want it broadcast.
func (a *answer) destination() netip.AddrPort {
	c, p := a.to, a.packet
	relay, relayed := dhcp.RelayAddr(p)
	has, _ := netip.AddrFromSlice(p.ClientIPAddr.To4())
	yours, _ := netip.AddrFromSlice(p.YourIPAddr.To4())
	inform := c.asked == event.Inform
	switch {
	case relayed:
		return netip.AddrPortFrom(relay, a.ports.DHCPServer())
	case !has.IsUnspecified() && (inform || c.Src.Addr() == has) && c.Src.Port() != 0 && !c.Src.Addr().IsUnspecified():
		return c.Src
	case !has.IsUnspecified():
		return netip.AddrPortFrom(has, a.ports.DHCPClient())
	case p.Flags&pxe.BroadcastFlag != 0, p.HWType == 0, len(p.ClientHWAddr) == 0, len(p.ClientHWAddr) > 14, yours.IsUnspecified():
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), a.ports.DHCPClient())
	}
	return netip.AddrPortFrom(yours, a.ports.DHCPClient())
}
