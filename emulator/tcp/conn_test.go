package tcp_test

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator/tcp"
	"github.com/bootrig/bootrig/wire/machine"
)

var (
	near = netip.MustParseAddrPort("192.168.9.100:1024")
	far  = netip.MustParseAddrPort("192.168.9.2:80")
)

// A line carries segments between two ends in virtual time. It loses, repeats and swaps some.
type line struct {
	now    time.Time
	rng    *rand.Rand
	losing float64
	client *tcp.Conn
	server *tcp.Conn
	queue  []machine.Datagram
}

func newLine(losing float64) *line {
	l := &line{now: time.Unix(1e9, 0), rng: rand.New(rand.NewPCG(1, 2)), losing: losing}
	l.client = tcp.Dial(l.now, tcp.Config{Local: near, Remote: far, Seq: 0xfffffff0, Patience: tcp.Patience()}) // its numbers wrap soon
	return l
}

// take puts what both have to send on the line.
func (l *line) take() {
	for _, c := range []*tcp.Conn{l.client, l.server} {
		for c != nil {
			d, ok := c.Next()
			if !ok {
				break
			}
			for l.rng.Float64() >= l.losing {
				at := len(l.queue)
				if at > 0 && l.rng.Float64() < l.losing {
					at--
				}
				l.queue = append(l.queue[:at], append([]machine.Datagram{d}, l.queue[at:]...)...)
				if l.rng.Float64() >= l.losing {
					break // else it comes twice
				}
			}
		}
	}
}

// step delivers a segment, or jumps to the next deadline; false: nothing more happens.
func (l *line) step() bool {
	if l.take(); len(l.queue) > 0 {
		d := l.queue[0]
		l.queue = l.queue[1:]
		switch {
		case d.Dst == near:
			l.client.Receive(l.now, d)
		case l.server == nil:
			l.server, _ = tcp.Accept(l.now, tcp.Config{Local: far, Remote: near, Seq: 7, Patience: tcp.Patience()}, d)
		default:
			l.server.Receive(l.now, d)
		}
		return true
	}
	var next *tcp.Conn
	var when time.Time
	for _, c := range []*tcp.Conn{l.client, l.server} {
		if c != nil {
			if at, ok := c.Deadline(); ok && (next == nil || at.Before(when)) {
				next, when = c, at
			}
		}
	}
	if next == nil {
		return false
	}
	l.now = when
	next.Expire(l.now)
	return true
}

func TestWhatIsWrittenArrivesOnceAndInOrderOnAnyLine(t *testing.T) {
	question, answer := bytes.Repeat([]byte("ask"), 1000), make([]byte, 300_001)
	for i := range answer {
		answer[i] = byte(i * 7 >> 3)
	}
	for _, losing := range []float64{0, 0.02, 0.2} {
		l := newLine(losing)
		l.client.Write(l.now, question)
		var asked, got []byte
		for l.step() && l.client.End() == tcp.Open {
			got = append(got, l.client.Read()...)
			if l.server == nil {
				continue
			}
			before := len(asked)
			if asked = append(asked, l.server.Read()...); before < len(question) && len(asked) == len(question) {
				l.server.Write(l.now, answer)
				l.server.Finish(l.now)
			}
		}
		got = append(got, l.client.Read()...)
		if l.client.End() != tcp.Closed || !bytes.Equal(asked, question) || !bytes.Equal(got, answer) {
			t.Errorf("at %v lost: end %v, %d of %d bytes asked, %d of %d answered", losing, l.client.End(), len(asked), len(question), len(got), len(answer))
		}
		for l.step() {
		}
		if !l.server.Done() {
			t.Errorf("at %v lost: the server does not know that all has come", losing)
		}
	}
}

func TestTheEndOfAConnectionIsTold(t *testing.T) {
	silent := newLine(0)
	for _, ok := silent.client.Next(); ; _, ok = silent.client.Next() {
		at, waits := silent.client.Deadline()
		if !waits {
			break
		}
		if !ok {
			silent.client.Expire(at)
		}
	}
	refused := newLine(0)
	d, _ := refused.client.Next()
	answer, _ := tcp.Refuse(d)
	refused.client.Receive(refused.now, answer)
	broken := newLine(0)
	broken.client.Write(broken.now, []byte("x"))
	for broken.server == nil || len(broken.server.Read()) == 0 {
		broken.step()
	}
	broken.server.Abort()
	for broken.step() {
	}
	for _, tc := range []struct {
		what string
		c    *tcp.Conn
		want tcp.End
	}{
		{"nobody answers the SYN", silent.client, tcp.Silent},
		{"RST answers the SYN", refused.client, tcp.Refused},
		{"RST in the middle", broken.client, tcp.Reset},
	} {
		if got := tc.c.End(); got != tc.want {
			t.Errorf("%s: end %v, want %v", tc.what, got, tc.want)
		}
		if at, waits := tc.c.Deadline(); waits {
			t.Errorf("%s: it still waits until %v", tc.what, at)
		}
	}
}

// FuzzReceive gives a connection any segment.
func FuzzReceive(f *testing.F) {
	d, _ := newLine(0).client.Next()
	f.Add(d.Payload)
	f.Fuzz(func(t *testing.T, b []byte) {
		l := newLine(0)
		l.client.Next()
		l.client.Receive(l.now, machine.Datagram{Src: far, Dst: near, Payload: b, TCP: true})
		l.client.Next()
		tcp.Accept(l.now, tcp.Config{Local: near, Remote: far}, machine.Datagram{Src: far, Dst: near, Payload: b, TCP: true})
	})
}
