package dhcpd

import (
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/machine"
	"github.com/bootrig/bootrig/wire/pxe"
)

// sockets are those of one set of links. A value is not changed once it is in use.
type sockets struct {
	receivers map[place]*receiver
	senders   map[int]*sender // by the kernel's number of the interface
	router    *sender         // of what leaves by any; nil: nothing does
	pinger    *pinger         // nil: nothing is probed
}

// A place is where a receiver hears.
type place struct {
	index  int
	port   uint16
	beside bool // whoever has the port
}

// A receiver is a socket that takes what comes to a port of an interface.
type receiver struct {
	socket
	place
	broken atomic.Bool
}

// A socket is a UDP socket or a packet socket.
type socket interface {
	// Receive waits for datagrams, and gives as many as have come. Their payloads are valid until the next time.
	Receive() ([]machine.Datagram, error)
	Close() error
}

// An opening makes sockets of old ones and new ones.
type opening struct {
	old, next sockets
	needs     Needs
	failed    []error
}

// open makes the sockets for some links. Those that old has are not opened twice.
func open(old sockets, links []dhcp.Link, needs Needs) (next sockets, failed []error) {
	o := opening{old: old, needs: needs, next: sockets{receivers: map[place]*receiver{}, senders: map[int]*sender{}}}
	for _, link := range links {
		if o.next.senders[link.Index] == nil && o.sender(link) {
			o.receiver(link, needs.Ports.DHCPServer())
			o.receiver(link, pxe.PortBootServer)
			o.overhear(link)
		}
	}
	for _, link := range needs.Uplinks {
		if o.next.senders[link.Index] == nil {
			o.receiver(link, needs.Ports.DHCPServer())
		}
	}
	o.router(slices.Concat(links, needs.Uplinks))
	o.pinger()
	return o.next, o.failed
}

func (o *opening) lacks(link dhcp.Link, port uint16, err error) {
	o.failed = append(o.failed, &PortError{Port: port, Link: link, Err: err})
}

func (o *opening) sender(link dhcp.Link) bool {
	s := o.old.senders[link.Index]
	if s == nil || !slices.Equal(s.groups, o.needs.Groups) {
		var err error
		if s, err = newSender(link, o.needs.Groups); err != nil {
			o.lacks(link, o.needs.Ports.DHCPServer(), err)
			return false
		}
	}
	o.next.senders[link.Index] = s
	return true
}

// receiver takes a port that must be ours, and hears beside whoever has it what comes to port 67 of a proxy.
func (o *opening) receiver(link dhcp.Link, port uint16) {
	at := place{link.Index, port, o.needs.Silent || port != pxe.PortBootServer && !o.needs.Addresses && !o.needs.Relays}
	r := o.old.receivers[at]
	if o.next.receivers[at] != nil {
		return
	}
	if r == nil || r.broken.Load() {
		s, err := o.listen(link, at)
		if err != nil {
			o.lacks(link, port, err)
			return
		}
		r = &receiver{socket: s, place: at}
	}
	o.next.receivers[at] = r
}

// listen opens a socket, or takes one that is open.
func (o *opening) listen(link dhcp.Link, at place) (socket, error) {
	if at.beside {
		return listenPacket(link, at.port)
	}
	if o.needs.Given != nil {
		if conn := o.needs.Given(link, at.port); conn != nil {
			return hear(conn, link, at.port)
		}
	}
	return listenUDP(link, at.port)
}

// overhear hears beside the clients what others answer to everybody. Who may not have such a socket goes without: it
// tells more of why machines do not boot, and boots none.
func (o *opening) overhear(link dhcp.Link) {
	at := place{link.Index, o.needs.Ports.DHCPClient(), true}
	r := o.old.receivers[at]
	if r == nil || r.broken.Load() {
		s, err := listenPacket(link, at.port)
		if err != nil {
			return
		}
		r = &receiver{socket: s, place: at}
	}
	o.next.receivers[at] = r
}

// router opens what sends by any interface, for relays and for the clients of aliases.
func (o *opening) router(links []dhcp.Link) {
	i := slices.IndexFunc(links, func(link dhcp.Link) bool { return o.needs.Relays || link.Alias != "" })
	if i < 0 {
		return
	}
	if o.next.router = o.old.router; o.next.router != nil {
		return
	}
	var err error
	if o.next.router, err = newRouter(); err != nil {
		o.lacks(links[i], o.needs.Ports.DHCPServer(), err)
	}
}

func (o *opening) pinger() {
	if !o.needs.Probes {
		return
	}
	if p := o.old.pinger; p != nil && !p.broken.Load() {
		o.next.pinger = p
		return
	}
	var err error
	if o.next.pinger, err = newPinger(); err != nil {
		o.failed = append(o.failed, fmt.Errorf("no ICMP socket to look for addresses with: %w", err))
	}
}

// closeBut closes those that others are not.
func (s sockets) closeBut(others sockets) {
	for at, r := range s.receivers {
		if others.receivers[at] != r {
			r.Close()
		}
	}
	for index, sender := range s.senders {
		if others.senders[index] != sender {
			sender.Close()
		}
	}
	if s.router != nil && s.router != others.router {
		s.router.Close()
	}
	if s.pinger != nil && s.pinger != others.pinger {
		s.pinger.Close()
	}
}
