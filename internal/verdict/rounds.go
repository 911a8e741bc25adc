package verdict

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A round is a boot of the machine before this one that went as far as it can be seen.
type round struct {
	asked event.Event // with it the round began
	done  time.Time   // when its installer said that it is done; zero: it did not
	way
}

// A way is what tells rounds apart that are not of one loop: which program, and which kernel or none.
type way struct {
	program, kernel string
	local           bool // to its disk
}

const (
	maxRounds = 5                // that are remembered
	regular   = 3                // rounds of one length are a loop: people reset machines as they please
	many      = maxRounds        // rounds of any length are one
	roundTime = time.Hour        // longer is no round of a loop
	jitter    = 15 * time.Second // and a fifth, by which rounds of one length differ
)

// Follow says that a boot came before this one, which begins now.
func (b *Boot) Follow(last *Boot, now time.Time) {
	if last.outcome().back.Kind != "" {
		b.backs = last.backs
	}
	if !last.ran(now) || now.Sub(last.asked.Time) > roundTime {
		return
	}
	w := last.way()
	if n := len(last.rounds); n > 0 && last.rounds[n-1].way == w {
		b.rounds, b.turns = slices.Clone(last.rounds), last.turns
	}
	b.turns++
	if len(b.rounds) == maxRounds {
		b.rounds = slices.Delete(b.rounds, 0, 1)
	}
	b.rounds = append(b.rounds, round{last.asked, last.outcome().installed.Time, w})
}

// over tells that what comes is another boot, if firmware asks.
func (b *Boot) over(e event.Event) bool {
	return b.stage >= Kernel || b.outcome().handoff.Kind != "" || b.local() && e.Time.Sub(b.of(what(event.Request)).last.Time) >= brief
}

func (b *Boot) way() way { return way{b.program, b.kernel, b.local()} }

// ran tells that a system was started, as far as is seen until then: firmware that tries again by itself is soon back.
func (b *Boot) ran(until time.Time) bool {
	switch {
	case b.stage >= Kernel, b.local(), b.outcome().handoff.Kind != "":
		return true
	case b.stage != Loaded || until.Sub(b.now) < programs:
		return false
	}
	return len(b.findings(func(c Cause) bool { return c.ID != backAgain && c.ID != rebooted })) == 0
}

// periods are how long the rounds before this one took, the last one first.
func (b *Boot) periods() (all []time.Duration) {
	next := b.asked.Time
	for _, r := range slices.Backward(b.rounds) {
		all = append(all, next.Sub(r.asked.Time))
		next = r.asked.Time
	}
	return all
}

func reboots(b *Boot) *found {
	n := len(b.rounds)
	if n == 0 || b.rounds[n-1].way != b.way() || !b.ran(b.now.Add(programs)) {
		return nil
	}
	all := b.periods()
	by := []event.Event{b.rounds[0].asked, b.asked}
	what := cmp.Or(b.kernel, b.program)
	if b.local() {
		what = "its disk"
	}
	if done := b.rounds[n-1].done; !done.IsZero() {
		return likely(fmt.Sprintf("its installer said that it is done, and %s later the machine boots %s again", b.asked.Time.Sub(done).Round(time.Second), what), by...)
	}
	within := b.asked.Time.Sub(b.rounds[0].asked.Time)
	switch {
	case n+1 >= regular && even(all[:regular-1]):
		return likely(fmt.Sprintf("the machine boots %s again and again: %d times, one every %s", what, b.turns+1, all[0].Round(time.Second)), by...)
	case n+1 >= many && within <= roundTime:
		return possible(fmt.Sprintf("the machine boots %s again and again: %d times within %s", what, n+1, within.Round(time.Second)), by...)
	}
	return nil
}

// even tells whether rounds took the same time.
func even(all []time.Duration) bool {
	shortest, longest := slices.Min(all), slices.Max(all)
	return longest-shortest <= jitter+shortest/5
}
