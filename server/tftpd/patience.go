package tftpd

import (
	"bytes"
	"fmt"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// maxPatience bounds the silence that a client can ask for: timeout may be 255 seconds (RFC 2349).
const maxPatience = 5 * time.Minute

// maxUnproven is how often something is sent again to a client that has acknowledged no block.
const maxUnproven = 3

// wait is the time until the next retransmission: 2, 2, 4, 4, 8, 8, 16, 16 seconds. iPXE is patient for
// 16 seconds and pxelinux for two minutes, so that several of them are in time.
func (t *Transfer) wait() time.Duration {
	if !t.proven() && t.tries >= maxUnproven {
		return t.patience()
	}
	return t.base() << min(t.tries/2, 3)
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
	end := t.heardAt.Add(t.patience())
	if t.retryAt.Before(end) {
		return t.retryAt, true
	}
	return end, true
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
		if t.last != 0 && t.sent == t.last {
			text = "the last block was sent and never acknowledged; some clients leave that out"
		}
		t.end(event.Abort, 0, text, "server")
		return
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
