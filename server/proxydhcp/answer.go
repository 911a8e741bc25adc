package proxydhcp

import (
	"encoding/binary"
	"net"
	"net/netip"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// An answer is a reply in the making.
type answer struct {
	to     *client
	packet *dhcpv4.DHCPv4
	delay  time.Duration
	rule   string
	reason string
	room   struct { // where the parts of it lie, made at once
		packet    dhcpv4.DHCPv4
		reply     dhcp.Reply
		kind      [1]byte
		self, has [4]byte
	}
}

// because names the line that decided, and where its tags come from.
func (a *answer) because(rule, reason string, tags policy.Wants) {
	if len(tags) > 0 {
		reason += " for " + tags.Because(a.to.tags)
	}
	a.rule, a.reason = rule, reason
}

// answer begins a reply with what every one has: the request's header, our address as siaddr and
// option 54 (EDK2 drops offers without it), option 60 in full, and the machine's id as it came.
func (c *client) answer() *answer {
	a, in := &answer{to: c}, c.Packet
	a.room.kind[0] = byte(replyType(kind(c.Request)))
	a.room.has = dhcp.ClientAddr(in).As4()
	self := append(net.IP(a.room.self[:0]), c.Link.Prefix.Addr().AsSlice()...)
	p := &a.room.packet
	*p = dhcpv4.DHCPv4{
		OpCode:        dhcpv4.OpcodeBootReply,
		HWType:        in.HWType,
		HopCount:      in.HopCount,
		TransactionID: in.TransactionID,
		NumSeconds:    in.NumSeconds,
		Flags:         in.Flags,
		ClientIPAddr:  a.room.has[:],
		YourIPAddr:    zero(),
		ServerIPAddr:  self,
		GatewayIPAddr: in.GatewayIPAddr,
		ClientHWAddr:  in.ClientHWAddr,
		Options: dhcpv4.Options{
			pxe.OptMessageType: a.room.kind[:],
			pxe.OptServerID:    self,
			pxe.OptVendorClass: in.Options[pxe.OptVendorClass][:len(c.vendor)], // which it begins with
		},
	}
	if id := in.Options[pxe.OptMachineID]; len(id) >= machineID {
		p.Options[pxe.OptMachineID] = id[:machineID]
	}
	if value := in.Options[pxe.OptRelayAgent]; len(value) > 0 {
		p.Options[pxe.OptRelayAgent] = value
	}
	a.packet = p
	return a
}

// machineID is a type byte and 16 bytes of UUID (RFC 4578). dnsmasq repeats no shorter one.
const machineID = 17

func zero() net.IP { return net.IPv4zero.To4() }

// file names the boot file and, if it is not us, the server that has it.
func (a *answer) file(name string, server netip.Addr) {
	a.packet.BootFileName = name
	if server.IsValid() {
		a.packet.ServerIPAddr = server.AsSlice()
	}
}

// vendor puts option 43 in. menu and a boot item never make one too long to encode.
func (a *answer) vendor(subs pxe.SubOptions) {
	if b, err := subs.Bytes(); err == nil {
		a.packet.Options[pxe.OptVendorSpecific] = b
	}
}

// decision is the finished reply: at least the 300 bytes of BOOTP, and never more than the client
// takes, unless the relay's option 82 makes it so.
func (a *answer) decision(asked event.Kind) dhcp.Decision {
	var taken uint16
	if size := a.to.Packet.Options[pxe.OptMaxMessageSize]; len(size) == 2 {
		taken = binary.BigEndian.Uint16(size)
	}
	payload := dhcp.Encode(a.packet)
	if len(payload) > pxe.MaxReply(taken) && len(a.packet.Options[pxe.OptRelayAgent]) == 0 {
		return dhcp.Silence(asked, a.rule, "the answer is longer than the client takes (option 57)")
	}
	a.room.reply = dhcp.Reply{
		Kind:    answerTo(asked),
		Src:     netip.AddrPortFrom(a.to.Link.Prefix.Addr(), a.to.Port),
		Dst:     a.to.destination(asked),
		Packet:  a.packet,
		Payload: payload,
	}
	return dhcp.Decision{Asked: asked, Reply: &a.room.reply, Delay: a.delay, Rule: a.rule, Reason: a.reason}
}

func answerTo(asked event.Kind) event.Kind {
	switch asked {
	case event.Discover:
		return event.Offer
	case event.BootRequest:
		return event.BootAck
	}
	return event.ProxyAck
}

// destination is where the client listens: on 4011 the source of its request, whatever port that is;
// behind a relay the relay; before it has an address everywhere; else its own address.
func (c *client) destination(asked event.Kind) netip.AddrPort {
	broadcast := netip.AddrFrom4([4]byte{255, 255, 255, 255})
	relay, relayed := dhcp.RelayAddr(c.Packet)
	has := dhcp.ClientAddr(c.Packet)
	switch {
	case c.Port == pxe.PortBootServer && c.Src.Addr().IsUnspecified():
		return netip.AddrPortFrom(broadcast, c.Src.Port())
	case c.Port == pxe.PortBootServer:
		return c.Src
	case relayed:
		return netip.AddrPortFrom(relay, c.ports.DHCPServer())
	case asked == event.Discover:
		return netip.AddrPortFrom(broadcast, c.ports.DHCPClient())
	case c.Src.Addr() == has:
		return c.Src
	}
	return netip.AddrPortFrom(has, c.ports.DHCPClient())
}
