package dhcp

import (
	"net/netip"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A Request is one packet and how it came.
type Request struct {
	Link   Link
	Port   uint16 // the port it came to: the DHCP server's (Ports) or 4011
	Src    netip.AddrPort
	To     netip.Addr // the address it was sent to; zero counts as everybody
	Packet *dhcpv4.DHCPv4
	Marks  map[string]string // tags that its machine has besides those of the configuration, each with what gave it
}

// LeaseQuery is DHCPLEASEQUERY, by which a relay asks about leases (RFC 4388, section 6.1).
const LeaseQuery dhcpv4.MessageType = 10

// Asked is what a client's packet is by its message type; "" for what only servers send.
func Asked(packet *dhcpv4.DHCPv4) event.Kind {
	if packet.OpCode != dhcpv4.OpcodeBootRequest {
		return ""
	}
	switch MessageType(packet) {
	case dhcpv4.MessageTypeNone:
		return event.BOOTP
	case dhcpv4.MessageTypeDiscover:
		return event.Discover
	case dhcpv4.MessageTypeRequest:
		return event.Request
	case dhcpv4.MessageTypeDecline:
		return event.Decline
	case dhcpv4.MessageTypeRelease:
		return event.Release
	case dhcpv4.MessageTypeInform:
		return event.Inform
	case LeaseQuery:
		return event.LeaseQuery
	}
	return ""
}

// MessageType is that of a packet (option 53), read without the library's detour over the heap: every packet is asked
// for it many times.
func MessageType(packet *dhcpv4.DHCPv4) dhcpv4.MessageType {
	if value := packet.Options[pxe.OptMessageType]; len(value) == 1 {
		return dhcpv4.MessageType(value[0])
	}
	return dhcpv4.MessageTypeNone
}

// RelayAddr is the relay that a packet came through (giaddr).
func RelayAddr(packet *dhcpv4.DHCPv4) (addr netip.Addr, relayed bool) {
	addr, ok := netip.AddrFromSlice(packet.GatewayIPAddr.To4())
	return addr, ok && !addr.IsUnspecified()
}

// SelectedSubnet is the subnet that a relay (82.5, RFC 3527) or a client (118, RFC 3011) asks for.
func SelectedSubnet(packet *dhcpv4.DHCPv4) (addr netip.Addr, found bool) {
	const linkSelection = 5
	agent, _ := pxe.ParseSubOptions(packet.Options[pxe.OptRelayAgent])
	value, _ := agent.Get(linkSelection)
	if len(value) < 4 {
		value = packet.Options[pxe.OptSubnetSelection]
	}
	if len(value) < 4 {
		return netip.Addr{}, false
	}
	addr = netip.AddrFrom4([4]byte(value[:4]))
	return addr, !addr.IsUnspecified()
}

// In is an address of the network that the sender is in: the subnet it selects, its relay, its own, else ours.
func (r Request) In() netip.Addr {
	if subnet, selected := SelectedSubnet(r.Packet); selected {
		return subnet
	}
	if relay, relayed := RelayAddr(r.Packet); relayed {
		return relay
	}
	if has := ClientAddr(r.Packet); !has.IsUnspecified() {
		return has
	}
	return r.Link.Prefix.Addr()
}

// ClientAddr is the address that a client has (ciaddr). In a DISCOVER, and beside a requested address, it is
// one that broken clients should not have sent, and counts as 0.0.0.0 (rfc2131.c).
func ClientAddr(packet *dhcpv4.DHCPv4) netip.Addr {
	addr, ok := netip.AddrFromSlice(packet.ClientIPAddr.To4())
	if !ok || MessageType(packet) == dhcpv4.MessageTypeDiscover || len(packet.Options[pxe.OptRequestedAddress]) >= 4 {
		return netip.IPv4Unspecified()
	}
	return addr
}

// BootItem is the boot item (43.71) a client asks for. A broken tail of option 43 does not hide it.
func BootItem(packet *dhcpv4.DHCPv4) (item pxe.BootItem, asks bool) {
	subs, _ := pxe.ParseSubOptions(packet.Options[pxe.OptVendorSpecific])
	value, ok := subs.Get(pxe.SubBootItem)
	if !ok {
		return pxe.BootItem{}, false
	}
	item, err := pxe.ParseBootItem(value)
	return item, err == nil
}
