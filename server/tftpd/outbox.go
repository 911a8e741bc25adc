package tftpd

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"syscall"

	"golang.org/x/net/ipv4"

	"github.com/bootrig/bootrig/wire/machine"
)

// An outbox gathers what goes out, and sends it with one system call for each socket. The blocks of a window are one
// message where the kernel cuts it to pieces itself: so a window crosses the host's network as one packet.
type outbox struct {
	n        int
	messages []ipv4.Message
	parcels  []parcel // what is in each message
	controls map[control][]byte
	uncut    map[int]int // by link: datagrams of this size and above the kernel does not cut
	calls    calls
}

// A parcel is what one message has: datagrams of one size from and to the same place, of which the last may be shorter.
type parcel struct {
	socket *socket
	to     netip.AddrPort
	from   source
	size   int
	count  int
}

// A source is where a datagram leaves from: our address, and the interface unless it is anyLink.
type source struct {
	addr netip.Addr
	link int
}

// A control is what the kernel is told of a message; cut is the size of its pieces, 0 where it is one.
type control struct {
	from source
	cut  int
}

// A sufferer is told which datagram could not be sent, and which socket has met an ICMP error.
type sufferer interface {
	failed(client netip.AddrPort, err error)
	echoed(s *socket)
}

// maxPayload is the longest of UDP over IPv4.
const maxPayload = 65507

// full tells whether there is as much as one system call takes. More does no harm.
func (o *outbox) full() bool { return o.n > maxBatch }

func (o *outbox) put(s *socket, d machine.Datagram) {
	if o.join(s, d) {
		return
	}
	if o.n == len(o.messages) {
		o.messages = append(o.messages, ipv4.Message{Buffers: make([][]byte, 1), Addr: &net.UDPAddr{IP: make(net.IP, net.IPv4len)}})
		o.parcels = append(o.parcels, parcel{})
	}
	m, p := &o.messages[o.n], &o.parcels[o.n]
	m.Buffers[0] = append(m.Buffers[0][:0], d.Payload...)
	if p.to != d.Dst {
		address(m, d.Dst)
	}
	*p = parcel{socket: s, to: d.Dst, from: source{d.Src.Addr(), d.Link}, size: len(d.Payload), count: 1}
	m.OOB = o.control(control{from: p.from})
	o.n++
}

func address(m *ipv4.Message, to netip.AddrPort) {
	addr, a := m.Addr.(*net.UDPAddr), to.Addr().As4()
	copy(addr.IP, a[:])
	addr.Port = int(to.Port())
}

// join adds a datagram to the message before it, if that is of the same kind and the kernel can cut it off again. The
// first of a call goes alone: whoever waits for it wakes up while the others are sent.
func (o *outbox) join(s *socket, d machine.Datagram) bool {
	if o.n <= 1 || s.cuts == 0 {
		return false
	}
	m, p := &o.messages[o.n-1], &o.parcels[o.n-1]
	whole := len(m.Buffers[0]) == p.count*p.size
	limit, limited := o.uncut[p.from.link]
	switch have := len(d.Payload); {
	case p.socket != s, p.to != d.Dst, p.from != source{d.Src.Addr(), d.Link}, !whole, have == 0, have > p.size,
		p.count == s.cuts, len(m.Buffers[0])+have > maxPayload, limited && p.size >= limit:
		return false
	}
	m.Buffers[0] = append(m.Buffers[0], d.Payload...)
	m.OOB = o.control(control{p.from, p.size})
	p.count++
	return true
}

// control is the control message of a control.
func (o *outbox) control(c control) []byte {
	oob, known := o.controls[c]
	if !known {
		oob = (&ipv4.ControlMessage{Src: c.from.addr.AsSlice(), IfIndex: c.from.link}).Marshal()
		if c.cut > 0 {
			oob = withCut(oob, c.cut)
		}
		if o.controls == nil || len(o.controls) > 1000 {
			o.controls = map[control][]byte{}
		}
		o.controls[c] = oob
	}
	return oob
}

// send never waits: what a full buffer or an unknown neighbour holds up is dropped, and its transfer
// sends it again in time.
func (o *outbox) send(e sufferer) {
	for at, end := 0, 0; at < o.n; at = end {
		for end < o.n && end-at < maxBatch && o.parcels[end].socket == o.parcels[at].socket {
			end++
		}
		o.transmit(o.messages[at:end], o.parcels[at:end], e)
	}
	o.n = 0
}

// transmit sends what goes by one socket.
func (o *outbox) transmit(messages []ipv4.Message, parcels []parcel, e sufferer) {
	s := parcels[0].socket
	for done, again := 0, false; done < len(messages); {
		sent, err := o.calls.send(s, messages[done:])
		done += max(sent, 0)
		switch {
		case err == nil:
			again = false
			continue
		case errors.Is(err, syscall.EAGAIN):
			return
		case told(err) && !again:
			// It is about an earlier datagram, to whomever; this one has not been tried.
			again = true
			e.echoed(s)
			continue
		case parcels[done].count > 1 && (errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.EIO)):
			o.whole(messages[done], parcels[done], e)
		case !errors.Is(err, syscall.ENOBUFS):
			e.failed(parcels[done].to, err)
		}
		again = false
		done++
	}
}

// whole sends what the kernel would not cut as the datagrams it was made of: they are too long for the link and go
// out in fragments (EINVAL), or the way has no room for this (EIO, as through IPsec). It is not tried again there.
func (o *outbox) whole(m ipv4.Message, p parcel, e sufferer) {
	if o.uncut == nil {
		o.uncut = map[int]int{}
	}
	o.uncut[p.from.link] = p.size
	oob := o.control(control{from: p.from})
	var messages []ipv4.Message
	for piece := range slices.Chunk(m.Buffers[0], p.size) {
		messages = append(messages, ipv4.Message{Buffers: [][]byte{piece}, OOB: oob, Addr: m.Addr})
	}
	p.count = 1
	o.transmit(messages, slices.Repeat([]parcel{p}, len(messages)), e)
}

// echoes are what Linux makes of ICMP (icmp.c, icmp_err_convert).
var echoes = []error{syscall.ECONNREFUSED, syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.ENOPROTOOPT,
	syscall.EOPNOTSUPP, syscall.EMSGSIZE, syscall.EPROTO}

// told tells whether an error can be the echo of an ICMP message (ip(7), IP_RECVERR).
func told(err error) bool {
	return slices.ContainsFunc(echoes, func(echo error) bool { return errors.Is(err, echo) })
}
