package dhcpd

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/bootrig/bootrig/internal/pxe"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// A Listener holds the sockets of ports 67 and 4011 on every interface of its links. So a broadcast
// leaves by the interface its question came from, and a DHCP server on another interface of this host is
// not in our way. doc.go says why some are packet sockets.
type Listener struct {
	links     []proxydhcp.Link
	receivers []receiver
	senders   map[int]*sender // by the kernel's number of the interface
	pinger    *pinger         // nil: nothing is probed
}

// A receiver is a socket that takes what comes to a port of an interface.
type receiver struct {
	socket
	link int // the first Link of the interface
	port uint16
}

// A socket is a UDP socket or a packet socket.
type socket interface {
	// Receive waits for a datagram. Its payload is valid until the next one.
	Receive() (src, dst netip.AddrPort, payload []byte, err error)
	Close() error
}

// Needs says what the sockets are for.
type Needs struct {
	Addresses bool         // we are the DHCP server: port 67 must be ours
	Groups    []netip.Addr // where clients look for boot servers by multicast
	Probes    bool         // addresses are looked for before they are given
}

// Groups are where clients are told to look for boot servers (PXE 2.1 section 2.2.3, sub-option 7), and
// where they look if they are told nothing.
func Groups(cfg *proxydhcp.Config) []netip.Addr {
	groups := []netip.Addr{pxe.DiscoveryGroup()}
	for _, o := range cfg.SubOptions {
		if o.Code != pxe.SubDiscoveryMcast {
			continue
		}
		if group, err := pxe.ParseAddr(o.Value); err == nil && group.IsMulticast() && !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
	}
	return groups
}

// A PortError says which port of which link could not be had.
type PortError struct {
	Port uint16
	Link proxydhcp.Link
	Err  error
}

func (e *PortError) Error() string {
	return fmt.Sprintf("UDP port %d on %s: %v", e.Port, e.Link.Name, e.Err)
}

// Unwrap gives the cause, for errors.Is(err, os.ErrPermission).
func (e *PortError) Unwrap() error { return e.Err }

// Listen opens the sockets. Its error is a *PortError.
func Listen(links []proxydhcp.Link, needs Needs) (*Listener, error) {
	l := &Listener{links: links, senders: map[int]*sender{}}
	for i, link := range links {
		if l.senders[link.Index] != nil {
			continue
		}
		if err := l.open(i, needs); err != nil {
			l.Close()
			return nil, err
		}
	}
	if needs.Probes {
		var err error
		if l.pinger, err = newPinger(); err != nil {
			l.Close()
			return nil, fmt.Errorf("no ICMP socket to look for addresses with: %w", err)
		}
	}
	return l, nil
}

func (l *Listener) open(i int, needs Needs) error {
	link := l.links[i]
	failed := func(port uint16, err error) error { return &PortError{Port: port, Link: link, Err: err} }
	s, err := newSender(link, needs.Groups)
	if err != nil {
		return failed(pxe.PortDHCPServer, err)
	}
	l.senders[link.Index] = s
	for _, port := range []uint16{pxe.PortDHCPServer, pxe.PortBootServer} {
		r := receiver{link: i, port: port}
		if r.socket, err = listen(link, port, needs); err != nil {
			return failed(port, err)
		}
		l.receivers = append(l.receivers, r)
	}
	return nil
}

// listen takes a port that must be ours, and hears beside whoever has it what comes to port 67 of a proxy.
func listen(link proxydhcp.Link, port uint16, needs Needs) (socket, error) {
	if port == pxe.PortBootServer || needs.Addresses {
		return listenUDP(link, port)
	}
	return listenPacket(link, port)
}

// Close gives the ports back.
func (l *Listener) Close() error {
	var all []error
	for _, r := range l.receivers {
		all = append(all, r.Close())
	}
	for _, s := range l.senders {
		all = append(all, s.Close())
	}
	if l.pinger != nil {
		all = append(all, l.pinger.Close())
	}
	return errors.Join(all...)
}
