package tftpd

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"syscall"
)

// A Link is one network on which requests are answered. Name is for people; Index (of the interface)
// and Addr (ours on it) say which requests are meant, each if it is set.
type Link struct {
	Name  string
	Index int
	Addr  netip.Addr
	MTU   int // 0: asked of the interface

	Closed bool   // requests are ignored
	Rule   string // the line that closes it
}

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

// chosen finds the link a datagram came by, and tells whether it is open. Without any links all are ours.
func chosen(links []Link, index int, local netip.Addr) (Link, bool) {
	if len(links) == 0 {
		return Link{Index: index, Addr: local}, true
	}
	var came Link
	for _, l := range links {
		at := l.Index == 0 || l.Index == index || l.Addr.IsValid() && index == loopback
		if !at || l.Addr.IsValid() && l.Addr != local {
			continue
		}
		if came = l; !l.Closed {
			return l, true
		}
	}
	return came, false
}

// mtu asks the host when the link does not say.
func (l Link) mtu(index int) int {
	if l.MTU > 0 {
		return l.MTU
	}
	if iface, err := net.InterfaceByIndex(index); err == nil {
		return iface.MTU
	}
	return 1500
}
