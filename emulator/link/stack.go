package link

import (
	"net"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/internal/machine"
)

// A StackConfig describes a host.
type StackConfig struct {
	MAC net.HardwareAddr
	// Addr is the host's address; zero means that it learns it from the Src its machine sends from.
	Addr netip.Prefix
	// Listens tells which UDP ports are open; the others answer ICMP port unreachable. Nil: all are.
	Listens func(port uint16) bool
}

// A Stack is a Station around a machine: Ethernet, ARP, IPv4 with fragments, UDP, ICMP.
type Stack struct{}

// NewStack puts m on the wire.
func NewStack(cfg StackConfig, m machine.Machine) *Stack { return &Stack{} }

// Learn enters a neighbour into the ARP table, as a DHCP server does before it answers a host that has
// no address yet.
func (s *Stack) Learn(ip netip.Addr, mac net.HardwareAddr) {}

// Receive gives the machine an input that does not come from the wire: a Key, a Reset.
// A Reset also forgets a learned address. Tell the LAN with Poke.
func (s *Stack) Receive(now time.Time, in machine.Input) {}

// Frame takes a frame from the wire.
func (s *Stack) Frame(now time.Time, frame []byte) {}

// Expire does what is due.
func (s *Stack) Expire(now time.Time) {}

// Next yields a frame to send.
func (s *Stack) Next() ([]byte, bool) { return nil, false }

// Deadline is when Expire wants to be called.
func (s *Stack) Deadline() (time.Time, bool) { return time.Time{}, false }
