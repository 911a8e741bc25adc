package tftpd

import (
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
)

// A batch sends what a transfer has to say with as few system calls as the system allows: a window of
// many blocks in one.
type batch struct {
	udp      *net.UDPConn
	conn     *ipv4.PacketConn
	messages []ipv4.Message
	to       []netip.AddrPort // of each message
}

// maxBatch bounds the memory of one transfer with large windows.
const maxBatch = 64

// send drains the transfer. It goes on after an error, and returns the first.
func (b *batch) send(t *Transfer) error {
	var first error
	for {
		n := 0
		for ; n < maxBatch; n++ {
			d, more := t.Next()
			if !more {
				break
			}
			b.put(n, d.Dst, d.Payload)
		}
		if n == 0 {
			return first
		}
		if err := b.write(n); err != nil && first == nil {
			first = err
		}
	}
}

func (b *batch) put(i int, dst netip.AddrPort, payload []byte) {
	if i == len(b.messages) {
		b.messages = append(b.messages, ipv4.Message{Buffers: make([][]byte, 1)})
		b.to = append(b.to, netip.AddrPort{})
	}
	m := &b.messages[i]
	m.Buffers[0] = append(m.Buffers[0][:0], payload...)
	if b.to[i] != dst {
		b.to[i], m.Addr = dst, net.UDPAddrFromAddrPort(dst)
	}
}

func (b *batch) write(n int) error {
	if n == 1 {
		_, err := b.udp.WriteToUDPAddrPort(b.messages[0].Buffers[0], b.to[0])
		return err
	}
	for done := 0; done < n; {
		sent, err := b.conn.WriteBatch(b.messages[done:n], 0)
		if err != nil {
			return err
		}
		done += sent
	}
	return nil
}
