// Package machine is the shape of everything here that speaks a protocol: no sockets, no clock.
//
// The same machine runs with real sockets and timers, and in emulator/sim in virtual time.
package machine

import (
	"net/netip"
	"time"
)

// A Machine is one end of a protocol. Its owner gives it inputs and the time, sends what Next
// yields, and calls Expire at Deadline. It opens nothing, reads no clock, starts no goroutine.
//
// After Receive and after Expire the owner calls Next until it is empty, then asks for Deadline.
type Machine interface {
	Receive(now time.Time, in Input)
	Expire(now time.Time)
	Next() (Datagram, bool)
	Deadline() (time.Time, bool) // false: waits for input only
}

// An Input is a Datagram, an Unreachable, a Key, a LinkState, a Reset or a PowerOff.
type Input interface{ input() }

// A Datagram is what a machine sends and receives. Payload is valid during the call only: a machine
// that keeps bytes copies them, and what Next yields is valid until the next call of the machine.
type Datagram struct {
	Link     int // index of the interface in its owner's list
	Src, Dst netip.AddrPort
	Payload  []byte
	TCP      bool // Payload is a segment of TCP, with its header but for the checksum; else it is UDP's
}

// Unreachable is an ICMP port unreachable about a datagram that was sent from Src to Dst.
type Unreachable struct{ Src, Dst netip.AddrPort }

// Key is a key pressed at the machine's keyboard, by its QEMU name: "ret", "f8", "a".
type Key string

// LinkState says that the machine's cable was plugged in or pulled.
type LinkState struct {
	Link int
	Up   bool
}

// Reset is power on, or the reset button.
type Reset struct{}

// PowerOff is the power button of a machine that is on.
type PowerOff struct{}

func (Datagram) input()    {}
func (Unreachable) input() {}
func (Key) input()         {}
func (LinkState) input()   {}
func (Reset) input()       {}
func (PowerOff) input()    {}
