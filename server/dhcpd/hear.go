package dhcpd

import (
	"net/netip"
	"slices"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
	"github.com/bootrig/bootrig/wire/pxe"
)

// hear tells of an answer of another server, as far as it was sent to everybody: what a DHCP server gives, and that a
// second boot server is there, is told by nobody else. What somebody else on this host sends does not come here.
func (m *Machine) hear(now time.Time, d machine.Datagram) {
	packet, err := dhcp.Parse(d.Payload)
	if err != nil || packet.OpCode != dhcpv4.OpcodeBootReply {
		return
	}
	of, some := map[dhcpv4.MessageType]event.Kind{
		dhcpv4.MessageTypeOffer: event.Offer, dhcpv4.MessageTypeAck: event.Ack, dhcpv4.MessageTypeNak: event.Nak,
	}[packet.MessageType()]
	server := d.Src.Addr()
	if id, err := pxe.ParseAddr(packet.Options[pxe.OptServerID]); err == nil {
		server = id
	}
	if !some || slices.ContainsFunc(m.cfg.Links, func(l dhcp.Link) bool { return l.Prefix.Addr() == server || l.Prefix.Addr() == d.Src.Addr() }) {
		return
	}
	m.cfg.Events.Record(event.Event{
		Time: now, Kind: event.Heard, Source: "server", Client: packet.ClientHWAddr.String(), Path: packet.BootFileName,
		Peer: netip.AddrPortFrom(server, d.Src.Port()),
		Attrs: event.Attrs("of", string(of), "link", m.cfg.Links[d.Link].Name, "server", server.String(), "class", string(packet.Options[pxe.OptVendorClass]),
			"yiaddr", set(packet.YourIPAddr), "siaddr", packet.ServerIPAddr.String()),
	})
}
