package runner

import (
	"math/bits"
	"net"
	"net/netip"

	"github.com/bootrig/bootrig/emulator/house"
	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/relay"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// The last byte of a host's MAC address says what it is.
const (
	houseHost  = 1
	serverHost = 2
	otherHouse = 0x40 // and the house's number
	relayHost  = 0x80 // and the relay's number
)

// hostMAC is the address of a host's card on one of the lans, in every world.
func hostMAC(lan int, host byte) net.HardwareAddr {
	return net.HardwareAddr{0x52, 0x54, 0, 0, byte(lan), host}
}

// Others are the addresses of a LAN that clients do not get: those below its house's pool, and the last.
const Others = 102

// Roomy is how long a prefix may be that has room for so many clients.
func Roomy(clients int) int { return 32 - bits.Len(uint(clients+Others)) }

// widen gives a LAN that is alone room for so many clients beside those that the scenario names.
func (p *plan) widen(clients int) {
	if len(p.Lans) != 1 || clients == 0 {
		return
	}
	lan := p.Lans[0]
	lan.Net = netip.PrefixFrom(lan.Net.Addr(), min(lan.Net.Bits(), Roomy(clients+len(p.Guests)))).Masked()
	p.Lans = []script.Lan{lan}
}

// vlan is the lan a guest is on: they are VLANs of one switch.
func (b *lab) vlan(g script.Guest) uint16 { return uint16(b.LanAt(g.Lan)) }

// plugNetworks plugs in what the lans have beside server and guests: houses and relays. A lan without a
// house has somebody who ends the guests' wait for an IPv6 router.
func (b *lab) plugNetworks() {
	for at, lan := range b.Lans {
		var port link.Port
		switch {
		case lan.House.IsValid():
			port = b.lan.Plug("house "+lan.Name, house.New(b.house(at, lan.House, b.House)))
			b.ports["house"] = append(b.ports["house"], port)
		case !b.House.NoRA:
			port = b.lan.Plug("advertiser "+lan.Name, house.Advertiser(hostMAC(at, houseHost)))
		default:
			continue
		}
		b.lan.SetVLAN(port, uint16(at))
	}
	for n, h := range b.Houses {
		at := b.HouseLan(h)
		cfg := b.house(at, h.Addr, h)
		cfg.MAC, cfg.NoRA = hostMAC(at, otherHouse+byte(n)), true
		b.lan.SetVLAN(b.lan.Plug("house "+h.Addr.String(), house.New(cfg)), uint16(at))
	}
	for n, r := range b.Relays {
		near, far := b.LanAt(r.Clients), b.LanAt(r.Servers)
		side := func(at int, name string) relay.Side {
			return relay.Side{MAC: hostMAC(at, relayHost+byte(n)), Addr: netip.PrefixFrom(b.RouterOn(r, name), b.Lans[at].Net.Bits())}
		}
		cfg := relay.Config{Clients: side(near, r.Clients), Servers: side(far, r.Servers), Circuit: r.Clients}
		for _, host := range []netip.Addr{b.Lans[far].House, b.Lans[far].Server} {
			if host.IsValid() {
				cfg.To = append(cfg.To, host)
			}
		}
		ports := b.lan.PlugHost("relay "+r.Clients, relay.New(cfg)...)
		b.lan.SetVLAN(ports[0], uint16(near))
		b.lan.SetVLAN(ports[1], uint16(far))
	}
}

// house is the plain DHCP server that a lan has already. The router it names is the one that leads to
// other lans, else itself.
func (b *lab) house(at int, addr netip.Addr, h script.House) house.Config {
	cfg := house.Config{
		MAC: hostMAC(at, houseHost), Addr: netip.PrefixFrom(addr, b.Lans[at].Net.Bits()), Reserve: map[[6]byte]netip.Addr{},
		NoRA: h.NoRA, NoRouter: h.NoRouter, SIAddr: h.SIAddr, Delay: h.Delay,
		File: h.File, Options: h.Options, Silent: h.Silent, Proxy: h.Proxy,
		Routes: b.routes(at), Events: event.Discard,
	}
	for _, r := range b.Relays {
		near, far := b.LanAt(r.Clients), b.LanAt(r.Servers)
		if near == at {
			cfg.Router = b.RouterOn(r, r.Clients)
		}
		if far == at {
			cfg.Relayed = append(cfg.Relayed, netip.PrefixFrom(b.RouterOn(r, r.Clients), b.Lans[near].Net.Bits()))
		}
	}
	for _, g := range b.Guests {
		cfg.Reserve[[6]byte(g.MAC)] = g.IP
	}
	if server := b.Lans[at].Server; server.IsValid() {
		cfg.Reserve[[6]byte(hostMAC(at, serverHost))] = server // nobody else gets it
	}
	return cfg
}

// routes lead from one lan to those whose relay has its other side here.
func (b *lab) routes(at int) []link.Route {
	var routes []link.Route
	for _, r := range b.Relays {
		if b.LanAt(r.Servers) == at {
			routes = append(routes, link.Route{To: b.Lans[b.LanAt(r.Clients)].Net.Masked(), Via: b.RouterOn(r, r.Servers)})
		}
	}
	return routes
}

// serverLans are the lans that the server under test has a card on.
func (b *lab) serverLans() []int {
	var lans []int
	for at, lan := range b.Lans {
		if lan.Server.IsValid() {
			lans = append(lans, at)
		}
	}
	return lans
}

func (b *lab) serverPrefix(at int) netip.Prefix {
	return netip.PrefixFrom(b.Lans[at].Server, b.Lans[at].Net.Bits())
}

// serverRoutes lead to the lans behind relays that the server has no card on itself.
func (b *lab) serverRoutes() []link.Route {
	var routes []link.Route
	for _, at := range b.serverLans() {
		for _, r := range b.routes(at) {
			direct := false
			for _, own := range b.serverLans() {
				direct = direct || b.Lans[own].Net.Masked() == r.To
			}
			if !direct {
				routes = append(routes, r)
			}
		}
	}
	return routes
}

// plugServer puts our server as a machine on its lans.
func (b *lab) plugServer(m machine.Machine, listens func(port uint16) bool) []link.Port {
	var cards []link.StackConfig
	for _, at := range b.serverLans() {
		prefix := b.serverPrefix(at)
		cards = append(cards, link.StackConfig{
			MAC: hostMAC(at, serverHost), Addr: prefix, Listens: listens, TCP: true, NextHop: link.Via(prefix, b.serverRoutes()...),
		})
	}
	var stations []link.Station
	b.serverCards = link.NewHost(m, cards...)
	for _, s := range b.serverCards {
		stations = append(stations, s)
	}
	ports := b.lan.PlugHost("server", stations...)
	for i, at := range b.serverLans() {
		b.lan.SetVLAN(ports[i], uint16(at))
	}
	return ports
}
