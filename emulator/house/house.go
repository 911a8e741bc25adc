// Package house is the plain DHCP server a lab has already: it gives addresses and knows nothing of PXE, unless it
// is told what people forget in such servers.
//
// Why our own and not dnsmasq: it runs in virtual time too, it starts at once, it cannot be tempted to
// answer on port 4011, and it answers IPv6 router solicitations, without which iPXE waits 15 seconds
// for an IPv6 that no lab here has.
//
// Limitations: leases do not end, a client's wish for an address (option 50 in a DISCOVER) is not heard,
// relayed clients get the addresses that are reserved for them, and no others. As a proxy it has no port 4011.
package house

import (
	"net"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/wire/event"
)

// A Config describes the house.
type Config struct {
	MAC      net.HardwareAddr       // default 52:54:00:00:00:01
	Addr     netip.Prefix           // its address and the LAN's prefix
	Reserve  map[[6]byte]netip.Addr // addresses by MAC
	First    netip.Addr             // where the pool begins; default the prefix's 100th address
	NoRA     bool                   // leave IPv6 router solicitations unanswered
	SIAddr   netip.Addr             // siaddr of its replies; default itself, as dnsmasq does
	Router   netip.Addr             // of its LAN's clients; default itself
	Relayed  []netip.Prefix         // networks behind relays: the router's address there, and the prefix
	Routes   []link.Route           // to them
	NoRouter bool                   // name no router
	File     string                 // a boot file that all are told, as left from other days
	Options  map[uint8][]byte       // which all are told too, or in the place of its own
	Silent   bool                   // it answers no DHCP
	Proxy    bool                   // it gives no addresses, and answers PXE clients alone: another boot server
	Delay    time.Duration          // before each DHCP reply; a server that probes an address first takes 3 s
	Events   event.Recorder         // what it does, with Source "house"; may be nil
}

// A station is the house's host, with an ear for IPv6.
type station struct {
	*link.Stack
	mac  [6]byte
	noRA bool
	ra   [][]byte
}

// New makes the house.
func New(cfg Config) link.Station {
	if cfg.MAC == nil {
		cfg.MAC = net.HardwareAddr{0x52, 0x54, 0, 0, 0, 1}
	}
	if !cfg.SIAddr.IsValid() {
		cfg.SIAddr = cfg.Addr.Addr()
	}
	if !cfg.Router.IsValid() {
		cfg.Router = cfg.Addr.Addr()
	}
	if cfg.Events == nil {
		cfg.Events = event.Discard
	}
	d := &dhcp{cfg: cfg, leases: newLeases(cfg)}
	stack := link.NewStack(link.StackConfig{
		MAC: cfg.MAC, Addr: cfg.Addr, NextHop: link.Via(cfg.Addr, cfg.Routes...),
		Listens: func(port uint16) bool { return port == serverPort },
	}, d)
	d.learn = stack.Learn
	return &station{Stack: stack, mac: [6]byte(cfg.MAC), noRA: cfg.NoRA}
}

// Frame takes a frame from the wire.
func (s *station) Frame(now time.Time, frame []byte) {
	if ra := answerSolicitation(s.mac, frame); ra != nil && !s.noRA {
		s.ra = append(s.ra, ra)
		return
	}
	s.Stack.Frame(now, frame)
}

// Next yields a frame to send.
func (s *station) Next() ([]byte, bool) {
	if len(s.ra) > 0 {
		frame := s.ra[0]
		s.ra = s.ra[1:]
		return frame, true
	}
	return s.Stack.Next()
}
