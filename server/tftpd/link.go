package tftpd

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"syscall"
)

// A Link is one network on which requests are answered. Name is for people; Index (of the interface)
// and Addr (ours on it) say which requests are meant, each if it is set, and both unless Reach says less.
type Link struct {
	Name  string
	Index int
	Addr  netip.Addr
	Reach Reach
	Net   netip.Prefix // who is on it; zero: not known
	MTU   int          // 0: asked of the interface

	Closed bool   // requests are ignored
	Rule   string // the line that closes it

	routed bool // answers go where the route leads: who asks is not on the link
}

// A Reach is which requests a Link takes beside those that have its interface and its address: a machine asks the
// address that it was told, and by which interface that arrives the routes decide.
type Reach uint8

// AnyAddr takes those to any address of this host by the interface, AnyInterface those to the address by any.
const (
	AnyAddr Reach = 1 << iota
	AnyInterface
)

// loopback is the index of lo in every Linux network namespace. What this host sends to one of its own
// addresses arrives there.
const loopback = 1

// Listen opens a UDP socket for Serve; the port is usually Port. The address 0.0.0.0 listens on all.
func Listen(addr netip.AddrPort) (*net.UDPConn, error) {
	// The kernel notes a datagram's interface as it arrives, so it must be asked before the bind.
	config := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		return raw.Control(notes)
	}}
	conn, err := config.ListenPacket(context.Background(), "udp4", addr.String())
	if err != nil {
		return nil, fmt.Errorf("tftp on %s: %w", addr, err)
	}
	return conn.(*net.UDPConn), nil
}

// chosen finds the link a datagram came by, and tells whether it is open: the one that has the interface and the
// address, before one that reaches further. Without any links all are ours.
func chosen(links []Link, index int, local netip.Addr) (Link, bool) {
	if len(links) == 0 {
		return Link{Index: index, Addr: local}, true
	}
	var came Link
	for _, far := range []bool{false, true} {
		for _, l := range links {
			if !l.takes(index, local, far) {
				continue
			}
			if came = l; !l.Closed {
				return l, true
			}
		}
	}
	return came, false
}

// takes tells whether a link is meant by what came to an address by an interface; far: also with one of them only.
func (l Link) takes(index int, local netip.Addr, far bool) bool {
	at := l.Index == 0 || l.Index == index || l.Addr.IsValid() && index == loopback
	to := !l.Addr.IsValid() || l.Addr == local
	return at && to || far && (l.Reach&AnyAddr != 0 && l.Index == index || l.Reach&AnyInterface != 0 && to)
}

// unicast tells whether an address can be that of one machine.
func unicast(a netip.Addr) bool {
	return a.IsValid() && !a.IsUnspecified() && !a.IsMulticast() && a != netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// odd says what is wrong with where a request comes from: an answer would go to many machines, to none,
// or into the network of somebody who did not ask. Who is on no network of ours may be behind a router.
func (l Link) odd(src netip.AddrPort, dst netip.Addr) string {
	from := src.Addr()
	switch {
	case src.Port() == 0:
		return "from port 0, which nobody has"
	case !unicast(from), from.Is4() && from.As4()[0] == 0, l.Net.IsValid() && from == broadcast(l.Net):
		return "the source is the address of no single machine"
	case from.IsLoopback() && !dst.IsLoopback():
		return "a loopback address from outside"
	}
	return ""
}

// broadcast is the last address of a network; invalid for one of two addresses or one (RFC 3021).
func broadcast(p netip.Prefix) netip.Addr {
	if !p.Addr().Is4() || p.Bits() > 30 {
		return netip.Addr{}
	}
	a := p.Masked().Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		a[i/8] |= 0x80 >> (i % 8)
	}
	return netip.AddrFrom4(a)
}

// foreign finds the link whose network an address belongs to, if that is not of the interface it came by: a
// machine would not be heard there, but who forges its address is.
func foreign(links []Link, index int, from netip.Addr) (other Link, is bool) {
	known := false
	for _, l := range links {
		switch at := l.Index == 0 || l.Index == index; {
		case !l.Net.IsValid():
		case at && l.Net.Contains(from):
			return Link{}, false
		case at:
			known = true
		case l.Net.Contains(from):
			other, is = l, true
		}
	}
	return other, is && known
}
