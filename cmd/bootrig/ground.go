package main

import (
	"cmp"
	"fmt"
	"net/netip"
	"strconv"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/explain"
)

// ground is the LAN with its house and the server, as the first lines of a scenario. It has room for so many clients.
func (c configured) ground(o offering, clients int) (lines string, lan netip.Prefix, server netip.Addr, err error) {
	lan, house, server, err := c.lan(clients)
	if err != nil {
		return "", lan, server, err
	}
	lines = fmt.Sprintf("lan %s server=%s%s\nserver", lan, server, house)
	if o.Offer != "" {
		lines += " offer=" + o.Offer
	}
	if o.HTTP != "" {
		if _, err := strconv.ParseUint(o.HTTP, 10, 16); err != nil {
			return "", lan, server, usage(fmt.Errorf("--http=%s: here it is a PORT alone: the lab has its own addresses, and files are those of TFTP", o.HTTP))
		}
		lines += " http=" + o.HTTP
	}
	return lines + "\n", lan, server, nil
}

// lan is the network of the configuration's first range, since it would be silent on any other. Where it gives
// addresses itself, there is no other DHCP server.
func (c configured) lan(clients int) (lan netip.Prefix, house string, server netip.Addr, err error) {
	lan = netip.MustParsePrefix("192.168.9.0/24")
	settings, err := c.read(dnsmasq.Unrun())
	if err != nil {
		return lan, "", server, usage(err)
	}
	if len(settings.Leases.Ranges) > 0 {
		own := explain.Links(&settings)[0].Prefix
		return own.Masked(), "", own.Addr(), nil
	}
	fixed := 0
	if ranges := settings.DHCP.Networks; len(ranges) > 0 {
		fixed = ranges[0].Bits
		lan = netip.PrefixFrom(ranges[0].Addr, cmp.Or(fixed, lan.Bits())).Masked()
	}
	first := lan.Addr().Next()
	if fixed == 0 {
		lan = netip.PrefixFrom(first, min(lan.Bits(), runner.Roomy(clients))).Masked()
	}
	if room := 1<<(32-lan.Bits()) - runner.Others; clients > room {
		return lan, "", server, usage(fmt.Errorf("%d clients on the LAN %s of the configuration, which has room for %d: give its range a wider netmask", clients, lan, room))
	}
	return lan, fmt.Sprintf(" house=%s", first), first.Next(), nil
}
