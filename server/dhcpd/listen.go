package dhcpd

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A Listener holds the sockets of port 67, or another in its place, and 4011 on every interface of its
// links. So a broadcast leaves by the interface its question came from, and a DHCP server on another
// interface of this host is not in our way. doc.go says why some are packet sockets.
type Listener struct {
	changing sync.Mutex
	sockets  sockets // the last that were opened
	changes  chan change
	broken   chan struct{}
	ended    chan struct{} // closed when Serve has closed the sockets
}

// A change is on its way to Serve.
type change struct {
	cfg     Config
	sockets sockets
	taken   chan struct{}
}

// Needs says what the sockets are for.
type Needs struct {
	Addresses bool                                             // we are the DHCP server
	Relays    bool                                             // we are a relay. As one, and as the DHCP server, port 67 must be ours
	Groups    []netip.Addr                                     // where clients look for boot servers by multicast
	Probes    bool                                             // addresses are looked for before they are given
	Ports     dhcp.Ports                                       // zero: 67 is 67
	Uplinks   []dhcp.Link                                      // where only the answers to relayed requests are heard
	Given     func(link dhcp.Link, port uint16) net.PacketConn // a UDP socket that is open already, or nil; nil: there is none
	Silent    bool                                             // nothing is to be sent: whoever has the ports keeps them
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

// Listen opens the sockets, all or none.
func Listen(links []dhcp.Link, needs Needs) (*Listener, error) {
	opened, failed := open(sockets{}, links, needs)
	if len(failed) > 0 {
		opened.closeBut(sockets{})
		return nil, failed[0]
	}
	return &Listener{sockets: opened, changes: make(chan change), broken: make(chan struct{}, 1), ended: make(chan struct{})}, nil
}

// Change lets Serve go on with other links and another configuration, from one packet to the next. Sockets that
// are still wanted stay open; those that failed meanwhile are opened again. What cannot be had is left out, and
// is in failed, *PortErrors for the most part: a link is no reason to leave the others.
//
// It is for while Serve runs.
func (l *Listener) Change(cfg Config, needs Needs) (failed []error) {
	l.changing.Lock()
	defer l.changing.Unlock()
	next, failed := open(l.sockets, cfg.Links, needs)
	c := change{cfg, next, make(chan struct{})}
	select {
	case l.changes <- c:
		<-c.taken
		l.sockets = next
	case <-l.ended:
		next.closeBut(l.sockets)
	}
	return failed
}

// Broken yields when a socket has failed; Change opens another.
func (l *Listener) Broken() <-chan struct{} { return l.broken }

// Close gives the ports back. Serve has done so when it returns.
func (l *Listener) Close() error {
	l.sockets.closeBut(sockets{})
	return nil
}
