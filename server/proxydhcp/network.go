package proxydhcp

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
)

// networks are those that make a request ours: of the subnet it selects (RFC 3527, RFC 3011), of its
// relay, of the address it has, else of the link (rfc2131.c, dhcp_reply).
func (c *Config) networks(req dhcp.Request) []dhcp.Network {
	on := func(fits func(dhcp.Network) bool) []dhcp.Network {
		var found []dhcp.Network
		for _, n := range c.Networks {
			if fits(n) {
				found = append(found, n)
			}
		}
		return found
	}
	holding := func(addr netip.Addr) []dhcp.Network {
		return on(func(n dhcp.Network) bool { return n.Prefix(req.Link).Contains(addr) })
	}
	link := append(on(func(n dhcp.Network) bool { return n.On(req.Link) }),
		on(func(n dhcp.Network) bool { return !n.On(req.Link) && c.Shared.On(req.Link, n) })...)
	if subnet, ok := dhcp.SelectedSubnet(req.Packet); ok {
		return holding(subnet)
	}
	if relay, relayed := dhcp.RelayAddr(req.Packet); relayed {
		return on(func(n dhcp.Network) bool {
			return n.Prefix(req.Link).Contains(relay) || c.Shared.Behind(relay, req.Link, n)
		})
	}
	has := dhcp.ClientAddr(req.Packet)
	here := slices.ContainsFunc(link, func(n dhcp.Network) bool { return n.Prefix(req.Link).Contains(has) })
	if has.IsUnspecified() || here {
		return link
	}
	if other := holding(has); len(other) > 0 {
		return other
	}
	return link
}

// NoNetwork is the silence for a request from where no network is ours.
func (c *Config) NoNetwork(req dhcp.Request) (silence dhcp.Decision, nowhere bool) {
	if len(c.networks(req)) > 0 {
		return dhcp.Decision{}, false
	}
	return c.nowhere(req), true
}

// nowhere says why a request is from no network of ours.
func (c *Config) nowhere(req dhcp.Request) dhcp.Decision {
	where := fmt.Sprintf("%s %s", req.Link.Name, req.Link.Prefix)
	if relay, relayed := dhcp.RelayAddr(req.Packet); relayed {
		where = "relay " + relay.String()
	}
	if subnet, ok := dhcp.SelectedSubnet(req.Packet); ok {
		where = "the selected subnet " + subnet.String()
	}
	if len(c.Networks) == 0 {
		return dhcp.Silence(kind(req), event.BuiltIn, "no dhcp-range is configured")
	}
	return dhcp.Silence(kind(req), c.Networks[len(c.Networks)-1].Rule, fmt.Sprintf("no dhcp-range for %s", where))
}
