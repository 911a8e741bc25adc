package tftpd

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

// A reader is a TFTP client for tests, written from the RFCs alone: it repeats its last packet when
// nothing comes, acknowledges windows and gaps (RFC 7440), and answers repeated last blocks for a while.
type reader struct {
	at, server netip.AddrPort // server is port 69, then the transfer's
	rrq        Request
	window     int
	block      int
	patience   time.Duration

	got      []byte
	expected uint16 // the next block
	inWindow int
	last     []byte // what is repeated
	out      []machine.Datagram
	begun    time.Time
	retryAt  time.Time
	retries  int
	whole    bool
	failed   error
	data     int // DATA packets that came
}

func newReader(at netip.AddrPort, r Request, now time.Time) *reader {
	c := &reader{at: at, server: server69, rrq: r, window: 1, block: 512, expected: 1, begun: now, patience: 10 * time.Minute}
	c.send(now, r.Append(nil))
	return c
}

func (c *reader) send(now time.Time, packet []byte) {
	c.last = packet
	c.out = append(c.out, machine.Datagram{Src: c.at, Dst: c.server, Payload: packet})
	c.retryAt = now.Add(250 * time.Millisecond << min(c.retries, 5))
}

func (c *reader) ack(now time.Time, block uint16) {
	c.inWindow = 0
	c.send(now, binary.BigEndian.AppendUint16([]byte{0, opACK}, block))
}

func (c *reader) Receive(now time.Time, in machine.Input) {
	d, ok := in.(machine.Datagram)
	if !ok || c.failed != nil {
		return
	}
	if c.server.Port() == Port {
		c.server = d.Src
	}
	if d.Src != c.server {
		c.out = append(c.out, machine.Datagram{Src: c.at, Dst: d.Src, Payload: errorPacket(codeUnknownTID, "")})
		return
	}
	switch opcode(d.Payload) {
	case opOACK:
		if c.expected == 1 && len(c.got) == 0 && !c.whole {
			c.agree(now, strings.Split(string(d.Payload[2:]), "\x00"))
		}
	case opDATA:
		c.data++
		c.take(now, binary.BigEndian.Uint16(d.Payload[2:]), d.Payload[4:])
	case opERROR:
		c.failed = fmt.Errorf("ERROR %d %s", d.Payload[3], errorText(d.Payload))
	}
}

func (c *reader) agree(now time.Time, words []string) {
	for i := 0; i+1 < len(words); i += 2 {
		n := must(strconv.Atoi(words[i+1]))
		switch words[i] {
		case "blksize":
			c.block = n
		case "windowsize":
			c.window = n
		}
	}
	c.retries = 0
	c.ack(now, 0)
}

func (c *reader) take(now time.Time, n uint16, data []byte) {
	if n != c.expected || c.whole {
		// RFC 7440 section 4: say what is the last good one, once per window.
		if c.inWindow++; c.inWindow == 1 || c.whole {
			c.ack(now, c.expected-1)
			c.inWindow = 1
		}
		return
	}
	c.got = append(c.got, data...)
	c.expected++
	c.retries = 0
	c.whole = len(data) < c.block
	if c.inWindow++; c.inWindow >= c.window || c.whole {
		c.ack(now, n)
	}
}

func (c *reader) Expire(now time.Time) {
	if at, ok := c.Deadline(); !ok || now.Before(at) {
		return
	}
	if now.Sub(c.begun) > c.patience {
		c.failed = fmt.Errorf("no patience left at block %d", c.expected)
		return
	}
	c.retries++
	c.inWindow = 0
	c.send(now, c.last)
}

func (c *reader) Next() (machine.Datagram, bool) {
	if len(c.out) == 0 {
		return machine.Datagram{}, false
	}
	d := c.out[0]
	c.out = c.out[1:]
	return d, true
}

func (c *reader) Deadline() (time.Time, bool) { return c.retryAt, !c.whole && c.failed == nil }
