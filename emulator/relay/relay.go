// Package relay is the router between two LANs of a lab, with the DHCP relay agent that stands on such
// routers: clients that cannot ask beyond their own LAN are heard on another (RFC 1542, RFC 3046).
//
// Why our own: it runs in virtual time too, and a relay as a process would need a kernel between the
// LANs, where neither faults nor captures reach.
//
// Limitations: one LAN of clients, one of servers; a router that sends no ICMP errors; option 82 holds a
// circuit id, and what clients say in it is not believed but dropped.
package relay

import (
	"net"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
)

// A Config describes the router.
type Config struct {
	Clients, Servers Side
	To               []netip.Addr // the DHCP servers that are asked, each for each request
	Circuit          string       // option 82.1, the name of the clients' side; "": no option 82
}

// A Side is the router's card on one LAN.
type Side struct {
	MAC  net.HardwareAddr
	Addr netip.Prefix
}

// New makes the router, for LAN.PlugHost: its card on the clients' LAN, then that on the servers'.
func New(cfg Config) []link.Station {
	a := &agent{cfg: cfg}
	card := func(s, beyond Side, other int) link.StackConfig {
		return link.StackConfig{
			MAC: s.MAC, Addr: s.Addr, NextHop: link.Via(s.Addr), Others: []netip.Addr{beyond.Addr.Addr()},
			Listens: func(port uint16) bool { return port == serverPort },
			Forward: func(now time.Time, p link.IPv4) { a.cards[other].Pass(now, p) },
		}
	}
	a.cards = link.NewHost(a, card(cfg.Clients, cfg.Servers, servers), card(cfg.Servers, cfg.Clients, clients))
	return []link.Station{a.cards[clients], a.cards[servers]}
}
