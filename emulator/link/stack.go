package link

import (
	"net"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

// A StackConfig describes a host's card.
type StackConfig struct {
	MAC net.HardwareAddr
	// Addr is the host's address. Zero: the host has the address its machine sends from, and none
	// while that is 0.0.0.0; a DHCP answer to its MAC reaches it then, whatever address it is sent to.
	Addr netip.Prefix
	// Others are further addresses of the host, of its other cards: what is sent there comes in here too.
	Others []netip.Addr
	// Announces has the host tell all others when it takes another address (RFC 5227, section 2.3): on a network of real
	// hosts one may remember whose that was before.
	Announces bool
	// Listens tells which UDP ports are open; the others answer ICMP port unreachable. Nil: all are.
	Listens func(port uint16) bool
	// TCP has the machine get segments of TCP; else they are dropped.
	TCP bool
	// NextHop tells through which neighbour a host is reached, itself or a router; false: through none.
	// Nil: all hosts are on the link.
	NextHop func(dst netip.Addr) (netip.Addr, bool)
	// Forward takes an IPv4 packet that came to this MAC for another host. Nil: it is dropped.
	Forward func(now time.Time, packet IPv4)
}

// A Stack is a Station around a machine: Ethernet, ARP, IPv4 with fragments, UDP, ICMP. It sends right
// checksums and drops what has wrong ones.
type Stack struct {
	m         machine.Machine
	mac       [6]byte
	addr      netip.Addr   // invalid: none
	prefix    netip.Prefix // invalid: the address is the machine's affair
	all       netip.Addr   // the prefix's broadcast address; invalid: not known
	others    []netip.Addr
	announces bool
	listens   func(port uint16) bool
	tcp       bool
	nextHop   func(dst netip.Addr) (netip.Addr, bool)
	forward   func(now time.Time, packet IPv4)
	now       time.Time
	id        uint16
	arp       neighbours
	pieces    Reassembler
	out       [][]byte // frames to send
	last      []byte   // what Next gave, free again at the next call
	free      [][]byte
	scratch   []byte
}

// NewStack puts m on the wire.
func NewStack(cfg StackConfig, m machine.Machine) *Stack {
	s := &Stack{m: m, prefix: cfg.Addr, others: cfg.Others, announces: cfg.Announces, listens: cfg.Listens, tcp: cfg.TCP, nextHop: cfg.NextHop, forward: cfg.Forward, arp: neighbours{macs: map[netip.Addr][6]byte{}}}
	copy(s.mac[:], cfg.MAC)
	if cfg.Addr.IsValid() {
		s.addr = cfg.Addr.Addr()
		if cfg.Addr.Bits() < 31 { // RFC 3021
			s.all = lastOf(cfg.Addr)
		}
	}
	return s
}

// Learn enters a neighbour into the ARP table, as a DHCP server does before it answers a host that has
// no address yet.
func (s *Stack) Learn(ip netip.Addr, mac net.HardwareAddr) {
	if len(mac) == 6 {
		s.learn(ip.Unmap(), [6]byte(mac))
	}
}

// Receive gives the machine an input that does not come from the wire: a Key, a Reset. A Reset, as a PowerOff, also
// forgets a learned address. Tell the LAN with Poke.
func (s *Stack) Receive(now time.Time, in machine.Input) {
	s.Poke(now)
	switch in.(type) {
	case machine.Reset, machine.PowerOff:
		if !s.prefix.IsValid() {
			s.addr = netip.Addr{}
		}
	}
	s.m.Receive(now, in)
}

// Poke tells the time: the LAN calls it before it asks for frames that no input has caused.
func (s *Stack) Poke(now time.Time) { s.now = now }

// Expire does what is due: ARP requests again, and the machine's own deadline.
func (s *Stack) Expire(now time.Time) {
	s.now = now
	s.resolveAgain()
	if at, ok := s.m.Deadline(); ok && !at.After(now) {
		s.m.Expire(now)
	}
}

// Deadline is when Expire wants to be called.
func (s *Stack) Deadline() (time.Time, bool) {
	at, ok := s.m.Deadline()
	if next, waits := s.arp.deadline(); waits && (!ok || next.Before(at)) {
		return next, true
	}
	return at, ok
}

// Next yields a frame to send.
func (s *Stack) Next() ([]byte, bool) {
	if s.last != nil {
		s.free = append(s.free, s.last)
		s.last = nil
	}
	for len(s.out) == 0 {
		d, ok := s.m.Next()
		if !ok {
			return nil, false
		}
		s.send(d)
	}
	s.last = s.out[0]
	s.out = append(s.out[:0], s.out[1:]...)
	return s.last, true
}

// buffer is an empty frame.
func (s *Stack) buffer() []byte {
	if n := len(s.free); n > 0 {
		b := s.free[n-1]
		s.free = s.free[:n-1]
		return b[:0]
	}
	return make([]byte, 0, etherLen+MTU)
}
