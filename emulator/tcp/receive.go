package tcp

import (
	"bytes"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

// Receive takes a segment of this connection; others are ignored.
func (c *Conn) Receive(now time.Time, in machine.Input) {
	d, ok := in.(machine.Datagram)
	if !ok || !d.TCP || d.Src != c.cfg.Remote || d.Dst != c.cfg.Local || c.end > Closed {
		return
	}
	s, ok := parse(d.Payload)
	switch {
	case !ok:
	case c.synSent && !c.passive:
		c.answered(now, s)
	case s.flags&rst != 0:
		if s.seq == c.rcv { // RFC 5961, 3.2: another number is somebody's guess
			c.end = Reset
			c.timer.Stop()
		}
	case s.flags&syn != 0 && c.synSent:
		c.nxt = c.una // our answer was lost
	case s.flags&syn != 0:
		c.owes = true // our ACK of the answer was
	case s.flags&ack != 0 && c.acknowledged(now, s):
		c.take(s)
	}
}

// answered looks at the answer to our SYN.
func (c *Conn) answered(now time.Time, s segment) {
	switch {
	case s.flags&ack == 0 || s.ack != c.una+1:
	case s.flags&rst != 0:
		c.end = Refused
		c.timer.Stop()
	case s.flags&syn != 0:
		c.heard, c.owes = true, true
		c.rcv, c.space = s.seq+1, uint32(s.window)
		c.limit(s)
		c.opened(now)
	}
}

// opened goes on from a SYN that was acknowledged.
func (c *Conn) opened(now time.Time) {
	c.synSent = false
	c.una++
	c.nxt, c.top = c.una, c.una
	c.timer.Answered(now)
	c.arm(now)
}

// acknowledged takes what the other side says that it has; false: it does not know us yet.
func (c *Conn) acknowledged(now time.Time, s segment) bool {
	if c.synSent {
		if s.ack != c.una+1 {
			return false
		}
		c.opened(now)
	}
	switch {
	case after(s.ack, c.una) && !after(s.ack, c.top):
		n := min(int(s.ack-c.una), len(c.out))
		c.goodbye = c.goodbye && s.ack-c.una == uint32(n) // our FIN is acknowledged by one more
		c.out = c.out[n:]
		c.una, c.again = s.ack, 0
		if after(c.una, c.nxt) {
			c.nxt = c.una
		}
		c.timer.Answered(now)
		c.arm(now)
	case s.ack == c.una && len(s.data) == 0 && uint32(s.window) == c.space && c.top != c.una:
		if c.again++; c.again == 3 { // RFC 5681, 3.2
			c.nxt = c.una
		}
	}
	c.space = uint32(s.window)
	return true
}

// take puts what has come in order.
func (c *Conn) take(s segment) {
	if s.flags&fin != 0 {
		c.last, c.finSeen = s.seq+uint32(len(s.data)), true
	}
	if len(s.data) > 0 {
		c.owes = true
		if int32(s.seq-c.rcv) < window && after(s.seq+uint32(len(s.data)), c.rcv) {
			c.early[s.seq] = bytes.Clone(s.data)
		}
		c.sort()
	}
	if c.finSeen && c.rcv == c.last && c.end == Open {
		c.rcv++
		c.owes, c.end = true, Closed
	} else if s.flags&fin != 0 {
		c.owes = true
	}
}

// sort moves what is next to come out of what came early.
func (c *Conn) sort() {
	for moved := true; moved; {
		moved = false
		for seq, data := range c.early {
			switch end := seq + uint32(len(data)); {
			case !after(end, c.rcv):
				delete(c.early, seq)
			case !after(seq, c.rcv):
				c.in = append(c.in, data[c.rcv-seq:]...)
				c.rcv, moved = end, true
				delete(c.early, seq)
			}
		}
	}
}
