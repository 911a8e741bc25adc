package proxydhcp

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// network is the range's network as seen from a link. One without a mask that is not the link's is
// for relayed clients and has the mask of its class, as in dnsmasq (rfc2131.c, dhcp_reply).
func (r Range) network(link Link) netip.Prefix {
	bits := r.Bits
	if bits == 0 {
		bits = link.Prefix.Bits()
		if !link.Prefix.Masked().Contains(r.Addr) {
			bits = classBits(r.Addr)
		}
	}
	return netip.PrefixFrom(r.Addr, bits).Masked()
}

func classBits(addr netip.Addr) int {
	switch first := addr.As4()[0]; {
	case first < 128:
		return 8
	case first < 192:
		return 16
	}
	return 24
}

// On tells whether the range is the network of link.
func (r Range) On(link Link) bool {
	if r.Bits == 0 {
		return link.Prefix.Masked().Contains(r.Addr)
	}
	return r.network(link).Contains(link.Prefix.Addr())
}

// OnAny tells whether the range is the network of one of the links.
func (r Range) OnAny(links []Link) bool { return slices.ContainsFunc(links, r.On) }

// ranges are those that make a request ours: of the subnet it selects (RFC 3527, RFC 3011), of its
// relay, of the address it has, else of the link (rfc2131.c, dhcp_reply).
func (c *Config) ranges(req Request) []Range {
	on := func(fits func(Range) bool) []Range {
		var found []Range
		for _, r := range c.Ranges {
			if fits(r) {
				found = append(found, r)
			}
		}
		return found
	}
	holding := func(addr netip.Addr) []Range {
		return on(func(r Range) bool { return r.network(req.Link).Contains(addr) })
	}
	link := append(on(func(r Range) bool { return r.On(req.Link) }),
		on(func(r Range) bool { return !r.On(req.Link) && c.Shares(req.Link, r) })...)
	if subnet, ok := selected(req.Packet); ok {
		return holding(subnet)
	}
	if relay, relayed := relay(req.Packet); relayed {
		return on(func(r Range) bool { return r.network(req.Link).Contains(relay) || c.SharesRelay(relay, req.Link, r) })
	}
	has := ciaddr(req.Packet)
	here := slices.ContainsFunc(link, func(r Range) bool { return r.network(req.Link).Contains(has) })
	if has.IsUnspecified() || here {
		return link
	}
	if other := holding(has); len(other) > 0 {
		return other
	}
	return link
}

// noRange says in a silence which network no range is for.
func (c *Config) noRange(req Request, asked event.Kind) Decision {
	where := fmt.Sprintf("%s %s", req.Link.Name, req.Link.Prefix)
	if relay, relayed := relay(req.Packet); relayed {
		where = "relay " + relay.String()
	}
	if subnet, ok := selected(req.Packet); ok {
		where = "the selected subnet " + subnet.String()
	}
	if len(c.Ranges) == 0 {
		return silence(asked, BuiltIn, "no dhcp-range is configured")
	}
	return silence(asked, c.Ranges[len(c.Ranges)-1].Rule, fmt.Sprintf("no dhcp-range for %s", where))
}

func relay(packet *dhcpv4.DHCPv4) (netip.Addr, bool) {
	addr, ok := netip.AddrFromSlice(packet.GatewayIPAddr.To4())
	return addr, ok && !addr.IsUnspecified()
}

// selected is the subnet that a relay (82.5) or a client (118) asks for.
func selected(packet *dhcpv4.DHCPv4) (netip.Addr, bool) {
	const linkSelection = 5
	agent, _ := pxe.ParseSubOptions(option(packet, pxe.OptRelayAgent))
	value, _ := agent.Get(linkSelection)
	if len(value) < 4 {
		value = option(packet, pxe.OptSubnetSelection)
	}
	if len(value) < 4 {
		return netip.Addr{}, false
	}
	addr := netip.AddrFrom4([4]byte(value[:4]))
	return addr, !addr.IsUnspecified()
}

// ciaddr is the address that a client has. In a DISCOVER, and beside a requested address, it is one
// that broken clients should not have sent (rfc2131.c).
func ciaddr(packet *dhcpv4.DHCPv4) netip.Addr {
	addr, ok := netip.AddrFromSlice(packet.ClientIPAddr.To4())
	if !ok || packet.MessageType() == dhcpv4.MessageTypeDiscover || len(option(packet, pxe.OptRequestedAddress)) >= 4 {
		return netip.IPv4Unspecified()
	}
	return addr
}
