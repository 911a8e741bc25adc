package tftpd

import (
	"bytes"
	"fmt"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// maxPatience bounds the silence that a client can ask for: timeout may be 255 seconds (RFC 2349).
const maxPatience = 5 * time.Minute

// wait is the time until the next retransmission: 2, 2, 4, 4, 8, 8, 16, 16 seconds, or 0.05, 0.2, 0.8, 3.2, 8, 8, 16 for a
// client that is known to answer soon. iPXE is patient for 16 seconds and pxelinux for two minutes, so that several of
// them are in time.
func (t *Transfer) wait() time.Duration {
	if t.tries >= t.credit() {
		return t.patience()
	}
	return min(t.first()<<min(2*t.tries, 16), t.base()<<min(t.tries/2, 3))
}

// credit is how often something is sent again without being asked. Who has not answered repeats his own
// request, if he is there; what he is sent meets somebody else, if he is not. An answer to a port that
// could be guessed is none. With each block that a client acknowledges it earns patience.
func (t *Transfer) credit() int {
	credit := int(min(t.acked, 1000))
	if t.answered && t.cfg.Ports > 1 {
		credit += 3
	}
	return credit
}

func (t *Transfer) base() time.Duration {
	if t.terms.timeout > 0 {
		return t.terms.timeout
	}
	return t.cfg.Retransmit
}

// patience is how long the client may stay silent. Once the last block was sent less is enough: "some
// clients never send the last ACK" (dnsmasq, tftp.c). Slow clients get three of their own time-outs, but
// not before they have acknowledged a block.
func (t *Transfer) patience() time.Duration {
	limit := t.cfg.Idle
	switch {
	case !t.proven():
		return t.cfg.Proof
	case t.last != 0 && t.sent == t.last:
		limit = t.cfg.Linger
	}
	return max(limit, min(3*t.terms.timeout, maxPatience))
}

// Deadline is when the next retransmission is due, or the end.
func (t *Transfer) Deadline() (time.Time, bool) {
	if t.phase == over {
		return time.Time{}, false
	}
	at := t.heardAt.Add(t.patience())
	next := t.retryAt
	if !t.heldUntil.IsZero() {
		next = t.heldUntil
	}
	if next.Before(at) {
		at = next
	}
	return at, true
}

// Expire sends again what the client has not acknowledged, or gives up.
func (t *Transfer) Expire(now time.Time) {
	t.now = now
	at, waiting := t.Deadline()
	if !waiting || now.Before(at) {
		return
	}
	if silent := now.Sub(t.heardAt); silent >= t.patience() {
		text := fmt.Sprintf("nothing from the client for %v after block %d", silent.Round(time.Second), t.acked)
		if !t.heldUntil.IsZero() {
			text = fmt.Sprintf("block %d was held back for too long: nothing shows that the client sees what it is sent", t.next)
		} else if t.last != 0 && t.sent == t.last {
			text = "the last block was sent and never acknowledged; some clients leave that out"
		}
		t.end(event.Abort, 0, text, "server")
		return
	}
	if !t.heldUntil.IsZero() {
		return // Next has a block again
	}
	t.tries++
	if t.phase == negotiating {
		t.again("oack")
	} else {
		t.again("data")
	}
}

// again goes back to the first packet that was not acknowledged: with the whole window, or with one
// block for a client that has acknowledged none.
func (t *Transfer) again(why string) {
	t.retryAt = t.now.Add(t.wait())
	block := uint64(0)
	if t.phase == negotiating {
		t.sendOACK = true
	} else {
		t.next, t.edge = t.acked+1, t.acked+1
		if t.proven() {
			t.edge = t.acked + uint64(t.terms.window)
		}
		block = t.next
	}
	t.retry(why, block)
}

// echo is when nobody repeats himself yet: a network delivers a copy in less.
const echo = 200 * time.Millisecond

// odd looks at an ACK that moves nothing on. That of a block which is held back was sent by somebody who
// does not see what we send. An ACK 0 that is repeated asks for what was lost, as there is no timer yet.
func (t *Transfer) odd(low uint16) {
	switch {
	case t.early(low):
		t.suspect.caught()
		t.end(event.Abort, 0, fmt.Sprintf("block %d was acknowledged before it was sent: somebody forges the packets of the client", t.next), "server")
	case low == 0 && !t.proven() && t.sent > 0 && !t.now.Before(t.repeatAt):
		t.repeatAt = t.now.Add(echo)
		t.again("data")
	}
}

// Repeated takes a datagram that came to port 69 from the client of this transfer, and reports whether
// it is the transfer's own request come twice. If the client has had no answer, it gets it again, from
// the same port; a second transfer would leave it with two. A copy that a network delivers late is
// dropped. But a client that is silent and asks again was reset, and gets a new transfer.
func (t *Transfer) Repeated(now time.Time, packet []byte) bool {
	t.now = now
	if t.phase == over || !bytes.Equal(packet, t.rrq) {
		return false
	}
	if !t.answered {
		t.again("rrq")
		return true
	}
	return now.Sub(t.heardAt) < t.base()
}

// Stop ends the transfer from our side: text says why.
func (t *Transfer) Stop(now time.Time, text string) {
	t.now = now
	if t.phase != over {
		t.end(event.Abort, 0, text, "server")
	}
}
