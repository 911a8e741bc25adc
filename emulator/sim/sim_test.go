package sim

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/link"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// A clock is a station that ticks at the times it was given.
type clock struct {
	ticks []time.Duration
	heard []string
}

func (c *clock) Frame(now time.Time, frame []byte) {
	c.heard = append(c.heard, fmt.Sprint(now.Sub(start), " heard"))
}
func (c *clock) Next() ([]byte, bool) { return nil, false }
func (c *clock) Expire(now time.Time) {
	c.heard = append(c.heard, fmt.Sprint(now.Sub(start), " tick"))
	c.ticks = c.ticks[1:]
}
func (c *clock) Deadline() (time.Time, bool) {
	if len(c.ticks) == 0 {
		return time.Time{}, false
	}
	return start.Add(c.ticks[0]), true
}

func world(ticks ...time.Duration) (*World, *clock) {
	c := &clock{ticks: ticks}
	l := link.NewLAN(1)
	l.Plug("clock", c)
	return New(l, start), c
}

func TestTheClockJumpsToWhatHappensNext(t *testing.T) {
	w, c := world(time.Second, time.Hour, 1000*time.Hour)
	for w.Step() {
	}
	if diff := cmp.Diff([]string{"1s tick", "1h0m0s tick", "1000h0m0s tick"}, c.heard); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := w.Now().Sub(start); got != 1000*time.Hour {
		t.Errorf("the clock shows %v", got)
	}
}

func TestRunEnds(t *testing.T) {
	for name, c := range map[string]struct {
		until time.Duration
		done  func(c *clock) bool
		ok    bool
		at    time.Duration
		ticks int
	}{
		"when it is done":              {time.Minute, func(c *clock) bool { return len(c.heard) == 2 }, true, 2 * time.Second, 2},
		"at once if it was done":       {time.Minute, func(*clock) bool { return true }, true, 0, 0},
		"when the time is over":        {2500 * time.Millisecond, func(*clock) bool { return false }, false, 2500 * time.Millisecond, 2},
		"with what is due at the end":  {2 * time.Second, func(*clock) bool { return false }, false, 2 * time.Second, 2},
		"when nothing is left to wait": {time.Minute, func(*clock) bool { return false }, false, time.Minute, 3},
	} {
		t.Run(name, func(t *testing.T) {
			w, k := world(time.Second, 2*time.Second, 3*time.Second)
			ok := w.Run(start.Add(c.until), func() bool { return c.done(k) })
			if ok != c.ok || w.Now().Sub(start) != c.at || len(k.heard) != c.ticks {
				t.Errorf("Run = %v at %v after %d ticks, want %v at %v after %d", ok, w.Now().Sub(start), len(k.heard), c.ok, c.at, c.ticks)
			}
		})
	}
}

func TestALateStartDoesNotTurnTheClockBack(t *testing.T) {
	w, c := world(-time.Hour)
	w.Run(start.Add(time.Second), nil)
	if diff := cmp.Diff([]string{"0s tick"}, c.heard); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
