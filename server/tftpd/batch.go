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

// maxBatch is how many datagrams one system call takes or gives.
const maxBatch = 64

// An inbox takes what has come to a socket, with one system call for as much as there is.
type inbox struct {
	socket   *socket
	messages []ipv4.Message
	want     int
}

func newInbox(s *socket) *inbox {
	const rrq, ack = 2048, 600 // an RRQ has 512 bytes at most (RFC 2347); of an ERROR the beginning is enough
	size, n := ack, maxBatch/4
	if s.port == Port {
		size, n = rrq, maxBatch
	}
	in := &inbox{socket: s, messages: make([]ipv4.Message, n), want: 1}
	for i := range in.messages {
		in.messages[i] = ipv4.Message{Buffers: [][]byte{make([]byte, size)}, OOB: make([]byte, 64)}
	}
	return in
}

// read waits for something to come. It asks for about as much as came last time: room costs time too.
func (in *inbox) read(flags int) (int, error) {
	n, err := in.socket.packets.ReadBatch(in.messages[:in.want], flags)
	switch {
	case n == in.want:
		in.want = min(2*in.want, len(in.messages))
	case n < in.want/2:
		in.want = max(in.want/2, 1)
	}
	return max(n, 0), err
}

// datagram is message i; its Link is the index of the interface.
func (in *inbox) datagram(i int) (machine.Datagram, bool) {
	m := &in.messages[i]
	from, ok := m.Addr.(*net.UDPAddr)
	if !ok {
		return machine.Datagram{}, false
	}
	index, local, ok := arrival(m.OOB[:m.NN])
	src := from.AddrPort()
	return machine.Datagram{Link: index, Src: netip.AddrPortFrom(src.Addr().Unmap(), src.Port()),
		Dst: netip.AddrPortFrom(local, in.socket.port), Payload: m.Buffers[0][:m.N]}, ok
}

// An outbox gathers what goes out by one socket, and sends it with one system call.
type outbox struct {
	socket   *socket
	n        int
	messages []ipv4.Message
	to       []netip.AddrPort // of each message
	sources  map[source][]byte
}

// A sufferer is told which datagram could not be sent, and which socket has met an ICMP error.
type sufferer interface {
	failed(client netip.AddrPort, err error)
	trouble(s *socket)
}

func (o *outbox) put(s *socket, d machine.Datagram, e sufferer) {
	if o.socket != s || o.n == maxBatch {
		o.send(e)
		o.socket = s
	}
	if o.n == len(o.messages) {
		o.messages = append(o.messages, ipv4.Message{Buffers: make([][]byte, 1), Addr: &net.UDPAddr{IP: make(net.IP, net.IPv4len)}})
		o.to = append(o.to, netip.AddrPort{})
	}
	m := &o.messages[o.n]
	m.Buffers[0] = append(m.Buffers[0][:0], d.Payload...)
	m.OOB = o.control(source{d.Src.Addr(), d.Link})
	if o.to[o.n] != d.Dst {
		addr := m.Addr.(*net.UDPAddr)
		a := d.Dst.Addr().As4()
		copy(addr.IP, a[:])
		addr.Port = int(d.Dst.Port())
		o.to[o.n] = d.Dst
	}
	o.n++
}

// A source is where a datagram leaves from: our address, and the interface unless it is anyLink.
type source struct {
	addr netip.Addr
	link int
}

// control is the control message that says so.
func (o *outbox) control(from source) []byte {
	oob, known := o.sources[from]
	if !known {
		oob = (&ipv4.ControlMessage{Src: from.addr.AsSlice(), IfIndex: from.link}).Marshal()
		if o.sources == nil || len(o.sources) > 1000 {
			o.sources = map[source][]byte{}
		}
		o.sources[from] = oob
	}
	return oob
}

// send never waits: what a full buffer or an unknown neighbour holds up is dropped, and its transfer
// sends it again in time.
func (o *outbox) send(e sufferer) {
	for done, again := 0, false; done < o.n; {
		sent, err := o.socket.packets.WriteBatch(o.messages[done:o.n], syscall.MSG_DONTWAIT)
		done += max(sent, 0)
		switch {
		case err == nil:
			again = false
			continue
		case errors.Is(err, syscall.EAGAIN):
			done = o.n
		case told(err) && !again:
			// It is about an earlier datagram, to whomever; this one has not been tried.
			again = true
			e.trouble(o.socket)
			continue
		case !errors.Is(err, syscall.ENOBUFS):
			e.failed(o.to[done], err)
		}
		again = false
		done++
	}
	o.n = 0
}

// echoes are what Linux makes of ICMP (icmp.c, icmp_err_convert).
var echoes = []error{syscall.ECONNREFUSED, syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.ENOPROTOOPT,
	syscall.EOPNOTSUPP, syscall.EMSGSIZE, syscall.EPROTO}

// told tells whether an error can be the echo of an ICMP message (ip(7), IP_RECVERR).
func told(err error) bool {
	return slices.ContainsFunc(echoes, func(echo error) bool { return errors.Is(err, echo) })
}
