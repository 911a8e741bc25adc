package tap

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/internal/machine"
)

var (
	serverMAC    = net.HardwareAddr{0x52, 0x54, 0, 0, 0, 2}
	serverPrefix = netip.MustParsePrefix("192.168.9.2/24")
	serverAddr   = serverPrefix.Addr()
	clientMAC    = net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}
	clientPrefix = netip.MustParsePrefix("192.168.9.100/24")
)

// plugClient puts a machine on the lab's LAN as 192.168.9.100 and gives it a Reset, so that it starts.
func plugClient(l *Lab, m machine.Machine) (port link.Port) {
	l.Do(func(now time.Time, lan *link.LAN) {
		stack := link.NewStack(link.StackConfig{MAC: clientMAC, Addr: clientPrefix}, m)
		port = lan.Plug("client", stack)
		stack.Receive(now, machine.Reset{})
		lan.Poke(now, port)
	})
	return port
}

// A talk is a machine that sends one datagram at a time and answers each answer by a function, until it
// gives nothing more. What gets lost is sent again after a second.
type talk struct {
	server netip.AddrPort
	reply  func(answer []byte) []byte // nil answer: the start; nil: the end
	done   chan struct{}

	src, dst netip.AddrPort
	next     []byte
	fresh    bool // next was not sent yet
	again    time.Time
	resent   int
}

func newTalk(port uint16, reply func(answer []byte) []byte) *talk {
	return &talk{
		server: netip.AddrPortFrom(serverAddr, port),
		src:    netip.AddrPortFrom(clientPrefix.Addr(), 50000),
		reply:  reply,
		done:   make(chan struct{}),
	}
}

func (c *talk) Receive(now time.Time, in machine.Input) {
	var answer []byte
	switch in := in.(type) {
	case machine.Reset:
		c.dst = c.server
	case machine.Datagram:
		c.dst, answer = in.Src, in.Payload
	default:
		return
	}
	if c.again.IsZero() && answer != nil {
		return
	}
	c.next, c.fresh, c.again = c.reply(answer), true, now.Add(time.Second)
	if c.next == nil {
		c.fresh, c.again = false, time.Time{}
		close(c.done)
	}
}

func (c *talk) Expire(now time.Time) {
	c.fresh, c.again = true, now.Add(time.Second)
	c.resent++
}

func (c *talk) Next() (machine.Datagram, bool) {
	if !c.fresh {
		return machine.Datagram{}, false
	}
	c.fresh = false
	return machine.Datagram{Src: c.src, Dst: c.dst, Payload: c.next}, true
}

func (c *talk) Deadline() (time.Time, bool) { return c.again, !c.again.IsZero() }

// fetch is a lock-step TFTP client (RFC 1350, 2348) that hands over the file's blocks.
func fetch(name string, blksize int, got func(block []byte)) *talk {
	var ack [4]byte
	answered := uint16(0)
	return newTalk(69, func(p []byte) []byte {
		switch {
		case p == nil:
			return fmt.Appendf(nil, "\x00\x01%s\x00octet\x00blksize\x00%d\x00", name, blksize)
		case len(p) >= 4 && p[1] == 3:
			if block := binary.BigEndian.Uint16(p[2:]); block == answered+1 {
				answered = block
				got(p[4:])
			}
		case p[1] == 5:
			got(nil)
			return nil
		}
		binary.BigEndian.PutUint16(ack[:], 4)
		binary.BigEndian.PutUint16(ack[2:], answered)
		if p[1] == 3 && len(p)-4 < blksize {
			return nil // its last ACK is not worth a packet here
		}
		return ack[:]
	})
}

func await(t testing.TB, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("not done after 20 s")
	}
}
