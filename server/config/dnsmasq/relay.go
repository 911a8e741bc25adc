package dnsmasq

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/server/relay"
	"github.com/bootrig/bootrig/wire/pxe"
)

// dhcpRelay reads LOCAL,SERVER[#PORT][,INTERFACE], or LOCAL,INTERFACE[#PORT] for whoever hears a broadcast
// there. dnsmasq accepts some lines that relay nothing, which are mistakes here.
func (r *reader) dhcpRelay(value text) {
	fields := value.fields()
	local, err := netip.ParseAddr(fields[0].String())
	switch {
	case err != nil:
		r.wrong("dhcp-relay=%s: %q is not an IP address", value, fields[0])
		return
	case !local.Is4():
		r.unused(notOurs, "dhcp-relay="+local.String())
		return
	case len(fields) < 2 || len(fields[1]) == 0:
		r.wrong("dhcp-relay=%s: the server is missing: LOCAL,SERVER or LOCAL,INTERFACE", value)
		return
	case len(fields) > 3:
		r.wrong("dhcp-relay=%s: more than LOCAL,SERVER,INTERFACE", value)
		return
	}
	to := relay.Relay{Local: local, Rule: r.rule}
	if len(fields) == 3 {
		to.Interface = fields[2].String()
	}
	name, port, numbered := strings.Cut(fields[1].String(), "#")
	number := uint64(pxe.PortDHCPServer)
	if numbered {
		if number, err = strconv.ParseUint(port, 10, 16); err != nil || number == 0 {
			r.wrong("dhcp-relay=%s: %q is no port", value, port)
			return
		}
	}
	server, ok := r.relayServer(value, name, &to)
	if !ok {
		return
	}
	to.Server = netip.AddrPortFrom(server, uint16(number))
	r.cfg.Relays = append(r.cfg.Relays, to)
}

// relayServer reads the second word of a dhcp-relay; a zero address is a broadcast.
func (r *reader) relayServer(line text, name string, to *relay.Relay) (server netip.Addr, ok bool) {
	server, err := netip.ParseAddr(name)
	switch {
	case err == nil && !server.Is4():
		r.wrong("dhcp-relay=%s: %s is no IPv4 address, and %s is", line, server, to.Local)
		return server, false
	case err == nil && !server.IsUnspecified():
		return server, true
	case err == nil && to.Interface == "":
		r.wrong("dhcp-relay=%s: %s is no server; to broadcast, name the interface in its place", line, server)
		return server, false
	case err != nil && to.Interface != "":
		r.wrong("dhcp-relay=%s: %q is not an IP address", line, name)
		return server, false
	case err != nil:
		to.Interface = name
	}
	if strings.Contains(to.Interface, "*") {
		r.wrong("dhcp-relay=%s: a broadcast goes out by one interface; name it in full", line)
		return server, false
	}
	return netip.Addr{}, true
}
