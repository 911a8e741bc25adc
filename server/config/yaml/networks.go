package yaml

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/relay"
)

// proxyNetwork is a network beside whose DHCP server we stand.
func proxyNetwork() form[dhcp.Network] {
	type T = dhcp.Network
	return object[T]{
		fields: []field[T]{
			must(part("network", "its address, such as 192.168.9.0/24; without /BITS that of the interface, or for a relay that of its class", network(),
				func(n T) netNumber { return netNumber{n.Addr, n.Bits} },
				func(_ *reader, _ ast.Node, n *T, v netNumber) { n.Addr, n.Bits = v.addr, v.bits })),
			tagged(func(n *T) *policy.Wants { return &n.Tags }),
			key("set", "the tag that its clients get", text(), func(n *T) *string { return &n.Set }),
		},
		rule: func(n *T) *string { return &n.Rule },
	}.form()
}

// shared is a network on the wire of another.
func shared() form[dhcp.SharedNetwork] {
	type T = dhcp.SharedNetwork
	return object[T]{
		fields: []field[T]{
			key("interface", "whose wire it is on", text(), func(s *T) *string { return &s.Interface }),
			key("at", "whose wire it is on: the interface or the relay with this address", address(), func(s *T) *netip.Addr { return &s.At }),
			must(key("address", "an address of the second network", address(), func(s *T) *netip.Addr { return &s.Addr })),
		},
		one:  []string{"interface", "at"},
		rule: func(s *T) *string { return &s.Rule },
	}.form()
}

// dhcpPorts are other ports than 67 and 68.
func dhcpPorts() form[dhcp.Ports] {
	type T = dhcp.Ports
	return object[T]{
		fields: []field[T]{
			must(key("server", "the port that clients and relays ask at", number[uint16](1, 0xffff), func(p *T) *uint16 { return &p.Server })),
			must(key("client", "the port that clients hear at", number[uint16](1, 0xffff), func(p *T) *uint16 { return &p.Client })),
		},
		rule: func(p *T) *string { return &p.Rule },
	}.form()
}

// relayed is a network whose requests are for a server elsewhere.
func relayed() form[relay.Relay] {
	type T = relay.Relay
	return object[T]{
		fields: []field[T]{
			must(key("from", "our address in the clients' network", address(), func(r *T) *netip.Addr { return &r.Local })),
			must(key("to", "the server and its port, such as 192.168.9.1:67; broadcast:67 for whoever hears that on the interface", relayServer(), func(r *T) *netip.AddrPort { return &r.Server })),
			key("interface", "where the answers must come in, and broadcasts go out", text(), func(r *T) *string { return &r.Interface }),
			key("split", "the server sees our address on its own side, that of the interface, so that it needs no route to the clients", boolean(), func(r *T) *bool { return &r.Split }),
			key("uplink", "of a split relay: our address on the server's side, in the place of an interface", address(), func(r *T) *netip.Addr { return &r.Uplink }),
		},
		rule: func(r *T) *string { return &r.Rule },
		check: func(r *reader, n ast.Node, v *T) {
			if !v.Server.Addr().IsValid() && v.Interface == "" {
				r.wrong(n, "a relay that broadcasts wants its interface: add interface: NAME")
			}
			switch {
			case !v.Split && v.Uplink.IsValid():
				r.wrong(n, "uplink is for split relays: add split: true")
			case v.Split && v.Uplink.IsValid() == (v.Interface != ""):
				r.wrong(n, "a split relay wants one of interface and uplink, where the server is")
			case v.Split && strings.Contains(v.Interface, "*"):
				r.wrong(n, "a split relay has one interface; name it in full")
			}
		},
	}.form()
}

// broadcast stands for the address of a server that is not known.
const broadcast = "broadcast"

func relayServer() form[netip.AddrPort] {
	const what = "an address and a port such as 192.168.9.1:67"
	return word(schema{"type": "string", "pattern": "^(" + broadcast + "|[0-9.]+):[0-9]{1,5}$"}, what, func(s string) (netip.AddrPort, error) {
		host, port, _ := strings.Cut(s, ":")
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return netip.AddrPort{}, errors.New("not " + what)
		}
		if host == broadcast {
			return netip.AddrPortFrom(netip.Addr{}, uint16(n)), nil
		}
		addr, err := parseAddr(host)
		return netip.AddrPortFrom(addr, uint16(n)), err
	}, func(server netip.AddrPort) string {
		host := broadcast
		if server.Addr().IsValid() {
			host = server.Addr().String()
		}
		return host + ":" + strconv.Itoa(int(server.Port()))
	})
}
