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
	name, port, ok := r.relayPort(value, fields[1])
	if !ok {
		return
	}
	server, ok := r.relayServer(value, name, &to)
	if !ok {
		return
	}
	to.Server = netip.AddrPortFrom(server, port)
	r.cfg.Relays = append(r.cfg.Relays, to)
}

// dhcpSplitRelay reads LOCAL,SERVER[#PORT],UPLINK: the clients see LOCAL, and the server UPLINK, which is an address or
// the interface that has it. Without a server that is known, 0.0.0.0 is whoever hears a broadcast on the interface.
func (r *reader) dhcpSplitRelay(value text) {
	fields := value.fields()
	if len(fields) != 3 {
		r.wrong("dhcp-split-relay=%s: it wants LOCAL,SERVER,UPLINK, an address or the name of an interface at the end", value)
		return
	}
	to := relay.Relay{Split: true, Rule: r.rule}
	name, port, ok := r.relayPort(value, fields[1])
	if !ok {
		return
	}
	server, isAddr := ip4(name)
	var isLocal, isUplink bool
	to.Local, isLocal = ip4(fields[0].String())
	if to.Uplink, isUplink = ip4(fields[2].String()); !isUplink {
		to.Uplink, to.Interface = netip.Addr{}, fields[2].String()
	}
	switch {
	case !isLocal:
		r.wrong("dhcp-split-relay=%s: %q is no IPv4 address, and others are not relayed so", value, fields[0])
	case !isAddr:
		r.wrong("dhcp-split-relay=%s: %q is no IPv4 address; 0.0.0.0 is whoever hears a broadcast on the interface", value, name)
	case !isUplink && (to.Interface == "" || strings.Contains(to.Interface, "*")):
		r.wrong("dhcp-split-relay=%s: %q is no address and no interface; name it in full", value, fields[2])
	case isUplink && server.IsUnspecified():
		r.wrong("dhcp-split-relay=%s: a broadcast goes out by an interface; name it in the place of %s", value, to.Uplink)
	default:
		if server.IsUnspecified() {
			server = netip.Addr{}
		}
		to.Server = netip.AddrPortFrom(server, port)
		r.cfg.Relays = append(r.cfg.Relays, to)
	}
}

// relayPort reads SERVER[#PORT].
func (r *reader) relayPort(line, field text) (name string, port uint16, ok bool) {
	name, number, numbered := strings.Cut(field.String(), "#")
	if !numbered {
		return name, pxe.PortDHCPServer, true
	}
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil || n == 0 {
		r.wrong("%s=%s: %q is no port", r.reading, line, number)
		return name, 0, false
	}
	return name, uint16(n), true
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
