package dhcpd

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A Listener holds the sockets of port 67, or another in its place, and 4011 on every interface of its
// links. So a broadcast leaves by the interface its question came from, and a DHCP server on another
// interface of this host is not in our way. doc.go says why some are packet sockets.
type Listener struct {
	links     []dhcp.Link
	receivers []receiver
	senders   map[int]*sender // by the kernel's number of the interface
	router    *sender         // of what leaves by any; nil: nothing does
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
	Addresses bool         // we are the DHCP server
	Relays    bool         // we are a relay. As one, and as the DHCP server, port 67 must be ours
	Groups    []netip.Addr // where clients look for boot servers by multicast
	Probes    bool         // addresses are looked for before they are given
	Ports     dhcp.Ports   // zero: 67 is 67
	Uplinks   []dhcp.Link  // where only the answers to relayed requests are heard
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
	Link dhcp.Link
	Err  error
}

func (e *PortError) Error() string {
	return fmt.Sprintf("UDP port %d on %s: %v", e.Port, e.Link.Name, e.Err)
}

// Unwrap gives the cause, for errors.Is(err, os.ErrPermission).
func (e *PortError) Unwrap() error { return e.Err }

// Listen opens the sockets. Its error is a *PortError.
func Listen(links []dhcp.Link, needs Needs) (*Listener, error) {
	l := &Listener{links: slices.Concat(links, needs.Uplinks), senders: map[int]*sender{}}
	for i, link := range links {
		if l.senders[link.Index] != nil {
			continue
		}
		if err := l.open(i, needs); err != nil {
			l.Close()
			return nil, err
		}
	}
	if err := l.openRouter(needs); err != nil {
		l.Close()
		return nil, err
	}
	if err := l.openUplinks(len(links), needs); err != nil {
		l.Close()
		return nil, err
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
		return failed(needs.Ports.DHCPServer(), err)
	}
	l.senders[link.Index] = s
	for _, port := range []uint16{needs.Ports.DHCPServer(), pxe.PortBootServer} {
		r := receiver{link: i, port: port}
		if r.socket, err = listen(link, port, needs); err != nil {
			return failed(port, err)
		}
		l.receivers = append(l.receivers, r)
	}
	return nil
}

// openRouter opens what sends by any interface, for relays and for the clients of aliases.
func (l *Listener) openRouter(needs Needs) (err error) {
	i := slices.IndexFunc(l.links, func(link dhcp.Link) bool { return needs.Relays || link.Alias != "" })
	if i < 0 {
		return nil
	}
	if l.router, err = newRouter(); err != nil {
		return &PortError{Port: needs.Ports.DHCPServer(), Link: l.links[i], Err: err}
	}
	return nil
}

// openUplinks opens what a relay needs beside the sockets of its clients' links.
func (l *Listener) openUplinks(first int, needs Needs) (err error) {
	port := needs.Ports.DHCPServer()
	for i, link := range needs.Uplinks {
		same := func(r receiver) bool { return l.links[r.link].Index == link.Index }
		if slices.ContainsFunc(l.receivers, same) {
			continue
		}
		r := receiver{link: first + i, port: port}
		if r.socket, err = listen(link, port, needs); err != nil {
			return &PortError{Port: port, Link: link, Err: err}
		}
		l.receivers = append(l.receivers, r)
	}
	return nil
}

// by is the sender of a datagram.
func (l *Listener) by(out outgoing) *sender {
	if out.routed {
		return l.router
	}
	return l.senders[l.links[out.Link].Index]
}

// listen takes a port that must be ours, and hears beside whoever has it what comes to port 67 of a proxy.
func listen(link dhcp.Link, port uint16, needs Needs) (socket, error) {
	if port == pxe.PortBootServer || needs.Addresses || needs.Relays {
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
	if l.router != nil {
		all = append(all, l.router.Close())
	}
	if l.pinger != nil {
		all = append(all, l.pinger.Close())
	}
	return errors.Join(all...)
}
