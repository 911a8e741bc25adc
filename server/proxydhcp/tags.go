package proxydhcp

import (
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/policy"
)

// Tags are those of the client that sent a request, each with the rule that gave it, and what its network
// adds. A client that is on none of our networks is looked at all the same.
func Tags(cfg *Config, req dhcp.Request) policy.Tags {
	c := cfg.client(req, "", cfg.networks(req))
	if network, ours := c.network(); ours {
		return c.known.With(network.Set, network.Rule)
	}
	return c.known.Tags
}
