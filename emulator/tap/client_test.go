package tap

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/wire/machine"
)

var (
	serverMAC    = net.HardwareAddr{0x52, 0x54, 0, 0, 0, 2}
	serverPrefix = netip.MustParsePrefix("192.168.9.2/24")
	serverNIC    = []NIC{{MAC: serverMAC, Prefix: serverPrefix}}
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

// A talk is a machine that sends one datagram at a time and answers each answer by a function, until
// that says there is no more. What gets lost is sent again after a second.
type talk struct {
	reply func(answer []byte) (say []byte, more bool) // a nil answer is the start
	done  chan struct{}

	src, dst netip.AddrPort
	server   netip.AddrPort // who answers: a TFTP server does so from another port (RFC 1350 section 4)
	next     []byte
	fresh    bool // next was not sent yet
	more     bool
	again    time.Time
	resent   int
}

func newTalk(port uint16, reply func(answer []byte) (say []byte, more bool)) *talk {
	return &talk{
		src:   netip.AddrPortFrom(clientPrefix.Addr(), 50000),
		dst:   netip.AddrPortFrom(serverAddr, port),
		reply: reply,
		more:  true,
		done:  make(chan struct{}),
	}
}

func (c *talk) Receive(now time.Time, in machine.Input) {
	var answer []byte
	if d, ok := in.(machine.Datagram); ok {
		if c.server.IsValid() && d.Src != c.server {
			return
		}
		c.server, c.dst, answer = d.Src, d.Src, d.Payload
	} else if in != (machine.Reset{}) {
		return
	}
	if !c.more {
		return
	}
	if c.next, c.more = c.reply(answer); c.next != nil {
		c.fresh, c.again = true, now.Add(time.Second)
	}
	if !c.more {
		c.again = time.Time{}
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

// ask sends one datagram and hands over its answer.
func ask(port uint16, question string, got func(answer string)) *talk {
	return newTalk(port, func(answer []byte) ([]byte, bool) {
		if answer == nil {
			return []byte(question), true
		}
		got(string(answer))
		return nil, false
	})
}

// fetch is a lock-step TFTP client (RFC 1350, 2348) that hands over the file's blocks. An ERROR ends it.
func fetch(name string, blksize int, got func(block []byte)) *talk {
	var ack [4]byte
	answered := uint16(0)
	return newTalk(69, func(p []byte) ([]byte, bool) {
		last := false
		switch {
		case p == nil:
			return fmt.Appendf(nil, "\x00\x01%s\x00octet\x00blksize\x00%d\x00", name, blksize), true
		case p[1] == 5:
			return nil, false
		case p[1] == 3 && binary.BigEndian.Uint16(p[2:]) == answered+1:
			answered++
			got(p[4:])
			last = len(p)-4 < blksize
		}
		binary.BigEndian.PutUint16(ack[:], 4)
		binary.BigEndian.PutUint16(ack[2:], answered)
		return ack[:], !last
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
