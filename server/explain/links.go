package explain

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
)

// Links are networks that a configuration would serve, made up from its ranges and relays: what it says can
// be explained on any host. Our address on each is the relay's, or the first of its network that a range
// leaves us.
func Links(cfg *config.Config) []dhcp.Link {
	var links []dhcp.Link
	for _, network := range networks(cfg) {
		known := func(l dhcp.Link) bool { return l.Prefix.Masked() == network.Masked() }
		if !slices.ContainsFunc(links, known) {
			links = append(links, dhcp.Link{Name: name(cfg), Index: len(links) + 1, Prefix: network})
		}
	}
	return links
}

// networks has a range without a mask in a network of 256 addresses, the usual size of a lab.
func networks(cfg *config.Config) []netip.Prefix {
	const usual = 24
	var all []netip.Prefix
	add := func(addr netip.Addr, bits int) {
		if bits == 0 {
			bits = usual
		}
		network := netip.PrefixFrom(addr, bits)
		for _, r := range cfg.Relays {
			if network.Contains(r.Local) {
				network = netip.PrefixFrom(r.Local, bits)
				addr = r.Local
			}
		}
		if addr == network.Masked().Addr() && bits < 31 {
			network = netip.PrefixFrom(addr.Next(), bits)
		}
		all = append(all, network)
	}
	for _, r := range cfg.DHCP.Networks {
		add(r.Addr, r.Bits)
	}
	for _, r := range cfg.Relays {
		add(r.Local, usual)
	}
	for _, r := range cfg.Leases.Ranges {
		bits := r.Bits
		if bits == 0 {
			bits = usual
		}
		ours := netip.PrefixFrom(r.First, bits).Masked().Addr().Next()
		if !ours.Less(r.First) {
			ours = r.Last.Next()
		}
		add(ours, bits)
	}
	return all
}

// name is that of the one interface the configuration names.
func name(cfg *config.Config) string {
	if names := cfg.Interfaces.Names; len(names) == 1 && !strings.HasSuffix(names[0], "*") {
		return names[0]
	}
	return ""
}

// On is the link that a client is on: that of its interface or its address, else the first. A relay's
// packets come by any.
func On(links []dhcp.Link, client Client) (dhcp.Link, bool) {
	fits := func(l dhcp.Link) bool {
		return client.Interface != "" && l.Name == client.Interface || client.IP.IsValid() && l.Prefix.Masked().Contains(client.IP)
	}
	if i := slices.IndexFunc(links, fits); i >= 0 {
		return links[i], true
	}
	if len(links) == 0 {
		return dhcp.Link{}, false
	}
	return links[0], true
}
