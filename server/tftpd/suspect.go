package tftpd

import (
	"math/rand/v2"
	"net/netip"
	"time"
)

// Where all transfers speak from one port, a stranger knows all it takes to acknowledge block after block in
// the name of somebody else. What he does not know is when a block is sent. So blocks are held back for
// moments that nobody can guess, and whoever sees them answers each about as late after it as the one before.
// Until that was shown often enough an address is sent little.
const (
	allowance  = 32                     // frames that an address is sent before it has shown anything
	perFrame   = time.Second            // and then one in that time
	enough     = 12                     // answers that are as late as those before them
	trust      = time.Minute            // how long it was shown for
	shortest   = 25 * time.Millisecond  // what blocks are held back at most, in the beginning,
	longest    = 400 * time.Millisecond // and for clients whose answers vary
	equal      = 8                      // this part of it is what two answers may differ by
	maxSuspect = 4096                   // addresses that are known
)

// A suspect is an address in whose name ACKs come that anybody could have sent.
type suspect struct {
	rng     *rand.Rand
	crowd   bool          // it is many, of whom one's answers say nothing about the others
	hold    time.Duration // blocks are held back for less
	late    time.Duration // how long the last answer took
	score   int           // answers as late as those before them, less those that were not
	trusted time.Time     // until then it has shown that it sees what it is sent
	paid    time.Time     // when all it was sent will be forgotten
}

func newSuspect(rng *rand.Rand) *suspect { return &suspect{rng: rng, hold: shortest} }

func (s *suspect) trusts(now time.Time) bool { return now.Before(s.trusted) }

// pause is how long the next block is held back.
func (s *suspect) pause() time.Duration { return time.Duration(s.rng.Int64N(int64(s.hold))) }

// spend takes a frame from the allowance, or says how long there is none.
func (s *suspect) spend(now time.Time) (wait time.Duration) {
	if s.paid.Before(now) {
		s.paid = now
	}
	if ahead := s.paid.Sub(now) - (allowance-1)*perFrame; ahead > 0 {
		return ahead
	}
	s.paid = s.paid.Add(perFrame)
	return 0
}

// answered takes note of how long after a block its ACK came. A forger's is as much earlier as the block was
// held back longer: one in four is like the last by chance, and so one address in half a million is trusted.
func (s *suspect) answered(now time.Time, late time.Duration) {
	differs := (late - s.late).Abs()
	s.late = late
	if differs > s.hold/equal {
		s.score = max(s.score-1, 0)
		s.hold = min(s.hold*5/4, longest)
		return
	}
	if s.score++; s.score >= enough && !s.crowd {
		s.score, s.trusted = 0, now.Add(trust)
	}
}

// caught is said of whom somebody forges.
func (s *suspect) caught() { s.score = 0 }

// suspects are all of them.
type suspects struct {
	rng    *rand.Rand
	of     map[netip.Addr]*suspect
	crowd  *suspect // those for whom there is no room
	pruned time.Time
}

// get is what is known about an address.
func (all *suspects) get(now time.Time, addr netip.Addr) *suspect {
	s := all.of[addr]
	if s != nil {
		return s
	}
	if len(all.of) >= maxSuspect && !all.prune(now) {
		return all.crowd
	}
	s = newSuspect(all.rng)
	all.of[addr] = s
	return s
}

// prune forgets those who are as good as new.
func (all *suspects) prune(now time.Time) (room bool) {
	if now.Sub(all.pruned) < time.Second {
		return false
	}
	all.pruned = now
	for addr, s := range all.of {
		if !s.trusts(now) && !s.paid.After(now) {
			delete(all.of, addr)
		}
	}
	return len(all.of) < maxSuspect
}

func newSuspects(rng *rand.Rand) suspects {
	crowd := newSuspect(rng)
	crowd.crowd = true
	return suspects{rng: rng, of: map[netip.Addr]*suspect{}, crowd: crowd}
}

// held tells whether the next block is held back: the first behind each ACK, from a suspect.
func (t *Transfer) held() bool {
	s := t.suspect
	switch {
	case s == nil || !t.answered || t.next != t.acked+1 || s.trusts(t.now):
		t.heldUntil = time.Time{}
		return false
	case t.heldUntil.IsZero():
		t.heldUntil = t.now.Add(s.pause())
	}
	if t.now.Before(t.heldUntil) {
		return true
	}
	if wait := s.spend(t.now); wait > 0 {
		// The suspect may have other transfers, and show there what it sees.
		t.heldUntil = t.now.Add(min(wait, perFrame))
		return true
	}
	t.heldUntil, t.sentAt = time.Time{}, t.now
	t.retryAt = t.now.Add(t.wait())
	return false
}

// sees takes note of an ACK of all that was sent. What was sent twice does not say which of the two it is about.
func (t *Transfer) sees() {
	if s := t.suspect; s != nil && t.tries == 0 && t.acked == t.sent && !t.sentAt.IsZero() && !s.trusts(t.now) {
		s.answered(t.now, t.now.Sub(t.sentAt))
	}
	t.sentAt = time.Time{}
}

// early tells whether an ACK is about a block that may be sent, but is held back.
func (t *Transfer) early(low uint16) bool {
	ahead := uint64(low - uint16(t.acked))
	return t.suspect != nil && !t.heldUntil.IsZero() && ahead > t.sent-t.acked && ahead <= uint64(t.terms.window)
}
