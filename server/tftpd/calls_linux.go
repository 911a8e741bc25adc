package tftpd

import (
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"

	"github.com/bootrig/bootrig/internal/mmsg"
)

// calls takes and sends many messages with one system call.
type calls struct {
	batch *mmsg.Batch
	n     int // messages of the call, and then of its answer
	err   error

	receives, sends func(fd uintptr) // made once
}

// receive takes what has come to a socket, into messages that have room for it. There may be nothing.
func (c *calls) receive(s *socket, messages []ipv4.Message) (int, error) {
	c.prepare(messages)
	if err := s.raw.Control(c.receives); err != nil {
		return 0, err
	}
	for i := range c.n {
		m, name := &messages[i], c.batch.Addr(i)
		m.N, m.NN = c.batch.Got(i)
		from, known := m.Addr.(*net.UDPAddr)
		if !known {
			from = &net.UDPAddr{IP: make(net.IP, net.IPv4len)}
			m.Addr = from
		}
		addr := name.Addr().As4()
		copy(from.IP, addr[:])
		from.Port = int(name.Port())
	}
	return c.n, c.err
}

// send sends messages, and says how many: an error is about the first that was not sent.
func (c *calls) send(s *socket, messages []ipv4.Message) (int, error) {
	c.prepare(messages)
	for i := range messages {
		to := messages[i].Addr.(*net.UDPAddr)
		addr, _ := netip.AddrFromSlice(to.IP.To4())
		c.batch.To(i, netip.AddrPortFrom(addr, uint16(to.Port)))
	}
	if err := s.raw.Control(c.sends); err != nil {
		return 0, err
	}
	return c.n, c.err
}

// prepare says where the messages lie.
func (c *calls) prepare(messages []ipv4.Message) {
	if c.batch == nil {
		c.batch = mmsg.New(maxBatch)
		c.receives = func(fd uintptr) { c.n, c.err = c.batch.Receive(fd, c.n) }
		c.sends = func(fd uintptr) { c.n, c.err = c.batch.Send(fd, 0, c.n) }
	}
	c.n = len(messages)
	for i := range messages {
		c.batch.Put(i, messages[i].Buffers[0], messages[i].OOB)
	}
}
