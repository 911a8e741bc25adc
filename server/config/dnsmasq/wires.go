package dnsmasq

import (
	"net/netip"
	"slices"
	"strconv"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// alternatePort reads nothing or SERVER[,CLIENT].
func (r *reader) alternatePort(value text) {
	ports := dhcp.Ports{Server: 1067, Client: 1068, Rule: r.rule}
	fields := value.fields()
	if len(value) > 0 {
		server, err := strconv.ParseUint(fields[0].String(), 10, 16)
		client := server + 1
		if err == nil && len(fields) == 2 {
			client, err = strconv.ParseUint(fields[1].String(), 10, 16)
		}
		if err != nil || len(fields) > 2 || server == 0 || client == 0 || client > 65535 {
			r.wrong("dhcp-alternate-port=%s: the ports of server and client are numbers from 1 to 65535, SERVER[,CLIENT]", value)
			return
		}
		ports.Server, ports.Client = uint16(server), uint16(client)
	}
	if ports.Server == pxe.PortBootServer {
		r.wrong("dhcp-alternate-port=%s: port %d is that of boot servers", value, ports.Server)
		return
	}
	r.cfg.DHCP.Ports = ports
}

// sharedNetwork reads INTERFACE,ADDR or AT,ADDR. dnsmasq wants the interface to be there already.
func (r *reader) sharedNetwork(value text) {
	fields := value.fields()
	if len(fields) != 2 || len(fields[0]) == 0 {
		r.wrong("shared-network=%s: it takes two words, INTERFACE,ADDRESS or ADDRESS,ADDRESS", value)
		return
	}
	addr, err := netip.ParseAddr(fields[1].String())
	at, isAddr := netip.ParseAddr(fields[0].String())
	switch {
	case err != nil:
		r.wrong("shared-network=%s: %q is not an IP address of the second network", value, fields[1])
		return
	case isAddr == nil && at.Is4() != addr.Is4():
		r.wrong("shared-network=%s: %s and %s are not of one kind", value, at, addr)
		return
	case !addr.Is4():
		r.unused(notOurs, "shared-network="+addr.String())
		return
	case addr.IsUnspecified():
		r.wrong("shared-network=%s: %s is in no network", value, addr)
		return
	}
	shared := dhcp.SharedNetwork{Addr: addr, Rule: r.rule}
	if isAddr == nil {
		shared.At = at
	} else {
		shared.Interface = fields[0].String()
	}
	r.cfg.DHCP.Shared = append(r.cfg.DHCP.Shared, shared)
}

// longestName is that of an interface (IF_NAMESIZE without its NUL).
const longestName = 15

// bridgeInterface reads INTERFACE,ALIAS[,ALIAS...]. Lines of one interface are one.
func (r *reader) bridgeInterface(value text) {
	names := interfaceNames(value)
	switch {
	case len(names) < 2:
		r.wrong("bridge-interface=%s: its aliases are missing: INTERFACE,ALIAS", value)
		return
	case len(names[0]) > longestName:
		r.wrong("bridge-interface=%s: the name %s is longer than %d bytes, so no interface has it", value, names[0], longestName)
		return
	}
	all := &r.cfg.Interfaces.Bridges
	same := func(b config.Bridge) bool { return b.Interface == names[0] }
	i := slices.IndexFunc(*all, same)
	if i < 0 {
		i = len(*all)
		*all = append(*all, config.Bridge{Interface: names[0], Rule: r.rule})
	}
	(*all)[i].Aliases = append((*all)[i].Aliases, names[1:]...)
}
