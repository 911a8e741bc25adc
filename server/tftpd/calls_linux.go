package tftpd

import (
	"encoding/binary"
	"errors"
	"net"
	"unsafe"

	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"
)

// calls takes and sends many messages with one system call. It never waits, so the runtime need not know of it: that wakes a
// thread to watch over each call that might, which costs a server that has just been idle as much as the call.
type calls struct {
	messages []ipv4.Message // of the call
	headers  [maxBatch]header
	parts    [maxBatch]unix.Iovec
	names    [maxBatch]unix.RawSockaddrInet4

	call func(fd uintptr)
	trap uintptr
	n    int
	err  error
}

// A header is the kernel's struct mmsghdr (recvmmsg(2)).
type header struct {
	unix.Msghdr
	size uint32
}

// receive takes what has come to a socket, into messages that have room for it. There may be nothing.
func (c *calls) receive(s *socket, messages []ipv4.Message) (int, error) {
	c.prepare(messages)
	n, err := c.do(s, unix.SYS_RECVMMSG)
	for i := range n {
		h, m, name := &c.headers[i], &messages[i], &c.names[i]
		m.N, m.NN = int(h.size), int(h.Controllen)
		from, known := m.Addr.(*net.UDPAddr)
		if !known {
			from = &net.UDPAddr{IP: make(net.IP, net.IPv4len)}
			m.Addr = from
		}
		copy(from.IP, name.Addr[:])
		from.Port = int(ntohs(name.Port))
	}
	if errors.Is(err, unix.EAGAIN) {
		return 0, nil
	}
	return n, err
}

// send sends messages, and says how many: an error is about the first that was not sent.
func (c *calls) send(s *socket, messages []ipv4.Message) (int, error) {
	c.prepare(messages)
	for i := range messages {
		to, name := messages[i].Addr.(*net.UDPAddr), &c.names[i]
		name.Family, name.Port = unix.AF_INET, ntohs(uint16(to.Port))
		copy(name.Addr[:], to.IP)
	}
	return c.do(s, unix.SYS_SENDMMSG)
}

// prepare says where the messages lie.
func (c *calls) prepare(messages []ipv4.Message) {
	c.messages = messages
	for i := range messages {
		h, part, m := &c.headers[i], &c.parts[i], &messages[i]
		part.Base = unsafe.SliceData(m.Buffers[0])
		part.SetLen(len(m.Buffers[0]))
		h.Iov, h.Name, h.Namelen = part, (*byte)(unsafe.Pointer(&c.names[i])), unix.SizeofSockaddrInet4
		h.SetIovlen(1)
		h.Control = unsafe.SliceData(m.OOB)
		h.SetControllen(len(m.OOB))
	}
}

// do makes the call.
func (c *calls) do(s *socket, trap uintptr) (int, error) {
	if c.call == nil {
		c.call = c.on
	}
	c.trap, c.n, c.err = trap, 0, nil
	if err := s.raw.Control(c.call); err != nil {
		return 0, err
	}
	return c.n, c.err
}

func (c *calls) on(fd uintptr) {
	n, _, errno := unix.RawSyscall6(c.trap, fd, uintptr(unsafe.Pointer(&c.headers[0])), uintptr(len(c.messages)), unix.MSG_DONTWAIT, 0, 0)
	if errno != 0 {
		c.err = errno
		return
	}
	c.n = int(n)
}

// ntohs is a port in the order of the network, or of the host.
func ntohs(port uint16) uint16 {
	var b [2]byte
	binary.NativeEndian.PutUint16(b[:], port)
	return binary.BigEndian.Uint16(b[:])
}
