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
	if subnet, ok := dhcp.SelectedSubnet(req.Packet); ok {
		return c.holding(req.Link, subnet)
	}
	if relay, relayed := dhcp.RelayAddr(req.Packet); relayed {
		return c.fitting(func(n *dhcp.Network) bool {
			return n.Prefix(req.Link).Contains(relay) || c.Shared.Behind(relay, req.Link, *n)
		})
	}
	link := c.fitting(func(n *dhcp.Network) bool { return n.On(req.Link) })
	if len(c.Shared) > 0 {
		link = append(link, c.fitting(func(n *dhcp.Network) bool { return !n.On(req.Link) && c.Shared.On(req.Link, *n) })...)
	}
	has := dhcp.ClientAddr(req.Packet)
	here := slices.ContainsFunc(link, func(n dhcp.Network) bool { return n.Prefix(req.Link).Contains(has) })
	if has.IsUnspecified() || here {
		return link
	}
	if other := c.holding(req.Link, has); len(other) > 0 {
		return other
	}
	return link
}

// holding are the networks that addr is in.
func (c *Config) holding(link dhcp.Link, addr netip.Addr) []dhcp.Network {
	return c.fitting(func(n *dhcp.Network) bool { return n.Prefix(link).Contains(addr) })
}

func (c *Config) fitting(fits func(*dhcp.Network) bool) (found []dhcp.Network) {
	for i := range c.Networks {
		if fits(&c.Networks[i]) {
			found = append(found, c.Networks[i])
		}
	}
	return found
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
