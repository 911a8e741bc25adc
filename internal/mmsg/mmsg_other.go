//go:build !linux

package mmsg

import (
	"errors"
	"net/netip"
)

// A Batch is room for messages.
type Batch struct{}

// New makes room for n messages.
func New(int) *Batch { return &Batch{} }

// Put says where a message lies.
func (*Batch) Put(int, []byte, []byte) {}

// To says where a message goes.
func (*Batch) To(int, netip.AddrPort) {}

// Addr is where a message came from.
func (*Batch) Addr(int) netip.AddrPort { return netip.AddrPort{} }

// Got is how long a message is.
func (*Batch) Got(int) (size, control int) { return 0, 0 }

// Receive fails.
func (*Batch) Receive(uintptr, int) (int, error) { return 0, errors.ErrUnsupported }

// Send fails.
func (*Batch) Send(uintptr, int, int) (int, error) { return 0, errors.ErrUnsupported }

// Room does nothing.
func Room(uintptr, int) {}
