package tcp

import (
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/emulator/retry"
	"github.com/bootrig/bootrig/wire/machine"
)

// Config is one connection.
type Config struct {
	Link          int
	Local, Remote netip.AddrPort
	Seq           uint32 // the first number of what is sent
	Patience      retry.Backoff
}

// Patience is how long nobody answering is borne: half a minute.
func Patience() retry.Backoff { return retry.Every(time.Second, 1, 2, 4, 8, 15) }

// An End is how a connection came to its end.
type End int

// The ends.
const (
	Open    End = iota // not yet
	Closed             // the other side has sent all it had
	Refused            // nobody listens there
	Reset              // the other side broke off
	Silent             // patience ran out before the other side had answered at all
	Stalled            // and after
)

// A Conn is a machine.Machine for the datagrams of one connection.
type Conn struct {
	cfg   Config
	timer retry.Timer
	end   End
	heard bool // the other side has answered

	una, nxt, top uint32 // the oldest that was not acknowledged, the next to send, the end of what was ever sent
	out           []byte // from una on, but for a SYN
	synSent       bool   // the SYN is at una
	finished      bool   // nothing more will be written
	goodbye       bool   // a FIN follows out, and was not acknowledged
	mss           int
	space         uint32 // the other side's window
	again         int    // ACKs that say the same

	passive bool
	rcv     uint32 // the next to come
	in      []byte // not read yet
	early   map[uint32][]byte
	last    uint32 // where the other side's FIN is
	finSeen bool
	owes    bool // an ACK
	abort   bool // an RST
}

// Dial begins a connection: its SYN waits in Next.
func Dial(now time.Time, cfg Config) *Conn {
	c := &Conn{cfg: cfg, timer: retry.Timer{Backoff: cfg.Patience}, una: cfg.Seq, nxt: cfg.Seq, top: cfg.Seq, synSent: true, mss: 536, early: map[uint32][]byte{}}
	c.timer.Start(now)
	return c
}

// Accept answers a SYN with a connection; false: it was none.
func Accept(now time.Time, cfg Config, d machine.Datagram) (*Conn, bool) {
	s, ok := parse(d.Payload)
	if !ok || s.flags&(syn|ack|rst) != syn {
		return nil, false
	}
	c := Dial(now, cfg)
	c.passive, c.heard = true, true
	c.rcv, c.space = s.seq+1, uint32(s.window)
	c.limit(s)
	return c, true
}

// limit takes the largest segment the other side wants.
func (c *Conn) limit(s segment) {
	if s.mss > 0 {
		c.mss = min(s.mss, mss)
	}
}

// Config is what it was made of.
func (c *Conn) Config() Config { return c.cfg }

// End says how it ended.
func (c *Conn) End() End { return c.end }

// Write queues bytes.
func (c *Conn) Write(now time.Time, p []byte) {
	c.out = append(c.out, p...)
	c.arm(now)
}

// Finish says that nothing more will be written.
func (c *Conn) Finish(now time.Time) {
	if !c.finished {
		c.finished, c.goodbye = true, true
		c.arm(now)
	}
}

// arm waits for what is not acknowledged.
func (c *Conn) arm(now time.Time) {
	if _, runs := c.timer.Deadline(); !runs && c.end <= Closed && (len(c.out) > 0 || c.goodbye || c.synSent) {
		c.timer.Start(now)
	}
}

// Queued is how many bytes were not acknowledged yet.
func (c *Conn) Queued() int { return len(c.out) }

// Read takes what has come.
func (c *Conn) Read() []byte {
	p := c.in
	c.in = nil
	return p
}

// Abort breaks the connection off: an RST waits in Next.
func (c *Conn) Abort() {
	if c.end == Open || c.end == Closed {
		c.end, c.abort = Reset, c.heard
	}
	c.timer.Stop()
}

// Deadline is when what was not acknowledged is sent again.
func (c *Conn) Deadline() (time.Time, bool) { return c.timer.Deadline() }

// Expire sends it again, or gives up.
func (c *Conn) Expire(now time.Time) {
	if !c.timer.Due(now) {
		return
	}
	if c.timer.Expire() {
		c.end = Silent
		if c.heard && !c.synSent {
			c.end = Stalled
		}
		return
	}
	c.nxt = c.una
	c.timer.Start(now)
}

// Next yields a segment to send.
func (c *Conn) Next() (machine.Datagram, bool) {
	s, ok := c.segment()
	if !ok {
		return machine.Datagram{}, false
	}
	if c.heard && s.flags&rst == 0 {
		s.flags, s.ack, c.owes = s.flags|ack, c.rcv, false
	}
	return s.datagram(c.cfg.Link, c.cfg.Local, c.cfg.Remote), true
}

func (c *Conn) segment() (segment, bool) {
	switch {
	case c.abort:
		c.abort = false
		return segment{seq: c.nxt, flags: rst}, true
	case c.end > Closed:
		return segment{}, false
	case c.synSent && c.nxt == c.una:
		c.sent(1)
		return segment{seq: c.una, flags: syn}, true
	case c.synSent:
		return segment{}, false
	}
	if data := c.unsent(); len(data) > 0 {
		s := segment{seq: c.nxt, flags: psh, data: data}
		c.sent(uint32(len(data)))
		return s, true
	}
	if c.goodbye && c.nxt-c.una == uint32(len(c.out)) {
		c.sent(1)
		return segment{seq: c.nxt - 1, flags: fin}, true
	}
	return segment{seq: c.nxt}, c.owes
}

// unsent is the next piece to send, as far as the other side's window reaches.
func (c *Conn) unsent() []byte {
	from := c.nxt - c.una // one more than all of out behind a FIN
	until := min(uint32(len(c.out)), c.space, from+uint32(c.mss))
	if until <= from {
		return nil
	}
	return c.out[from:until]
}

func (c *Conn) sent(n uint32) {
	c.nxt += n
	if after(c.nxt, c.top) {
		c.top = c.nxt
	}
}

// after compares numbers that wrap.
func after(a, b uint32) bool { return int32(a-b) > 0 }

// Done tells whether all that was written has been acknowledged.
func (c *Conn) Done() bool { return len(c.out) == 0 && !c.goodbye }
