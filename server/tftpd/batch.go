package tftpd

import (
	"net"
	"net/netip"

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
	calls    calls
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

// read takes what has come. It asks for about as much as came last time: room costs time too.
func (in *inbox) read() (int, error) {
	n, err := in.calls.receive(in.socket, in.messages[:in.want])
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
