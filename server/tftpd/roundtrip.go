package tftpd

import "time"

// A roundTrip is how long a client takes to answer: its time-out is adaptive, as RFC 1123 section 4.2.3.2 wants it of
// TFTP, by the rule that TCP has (RFC 6298 section 2). Zero: it is not known.
type roundTrip struct{ smoothed, varies time.Duration }

func (r *roundTrip) took(t time.Duration) {
	if r.smoothed == 0 {
		r.smoothed, r.varies = t, t/2
		return
	}
	r.varies += ((r.smoothed - t).Abs() - r.varies) / 4
	r.smoothed += (t - r.smoothed) / 8
}

// A client that has acknowledged settled blocks has earned as many retransmissions as it gets when the time-out is short.
// Sooner than soonest nothing is sent again: ROMs stop for a moment, to draw or to decompress.
const (
	settled = 3
	soonest = 50 * time.Millisecond
)

// first is the time until the first retransmission. Who has asked for one has it (RFC 2349).
func (t *Transfer) first() time.Duration {
	if t.terms.timeout > 0 || t.acked < settled || t.rtt.smoothed == 0 {
		return t.base()
	}
	return min(max(t.rtt.smoothed+4*t.rtt.varies, soonest), t.base())
}

// measure takes the time of an ACK of all that was sent: since the ACK before, on which it was sent. What was sent
// twice does not say which of the two it is about, and what is held back was sent later.
func (t *Transfer) measure() {
	if t.tries == 0 && t.acked == t.sent && t.suspect == nil {
		t.rtt.took(t.now.Sub(t.heardAt))
	}
}
