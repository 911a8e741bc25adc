// Package retry is a client's patience: when it sends its packet again, and when it gives up. ROMs count it so for
// DHCP, and ROMs and boot programs for TFTP.
package retry

import (
	"fmt"
	"time"
)

// A Backoff is how patient a client is. Either First doubles until the next wait would exceed Max, or Table lists
// every wait.
type Backoff struct {
	First, Max time.Duration
	Table      []time.Duration
	Tick       time.Duration // waits end on a tick of the client's clock; 0: at once
}

// longest is a bound on every wait: more is a mistake of units.
const longest = 24 * time.Hour

// Check says what is wrong with a Backoff: one that never waits, or never ends.
func (b Backoff) Check() error {
	switch {
	case b.Tick < 0 || b.Tick > longest:
		return fmt.Errorf("a Tick of %s: nothing to a day will do", b.Tick)
	case len(b.Table) == 0 && (b.First <= 0 || b.Max < b.First || b.Max > longest):
		return fmt.Errorf("it waits from %s to %s: set Table, or First and Max, which is not less and a day at most", b.First, b.Max)
	}
	for _, wait := range b.Table {
		if wait <= 0 || wait > longest {
			return fmt.Errorf("a wait of %s in Table: more than nothing and a day at most will do", wait)
		}
	}
	return nil
}

// BIOSTick is the BIOS timer, 18.2 a second. It is why the second DISCOVER of the captures comes after 1.03 s.
const BIOSTick = 54925 * time.Microsecond

// Every is a Backoff whose waits are so many units long: Every(time.Second, 1, 2, 4).
func Every(unit time.Duration, n ...int) Backoff {
	var b Backoff
	for _, n := range n {
		b.Table = append(b.Table, time.Duration(n)*unit)
	}
	return b
}

// A Timer is a Backoff at work. It reads no clock: its owner says what time it is.
type Timer struct {
	Backoff
	timeout time.Duration
	expired int // expiries not yet made good by answers
	since   time.Time
	at      time.Time
	running bool
}

// Start arms the timer for a packet sent now.
func (t *Timer) Start(now time.Time) {
	if len(t.Table) > 0 {
		t.timeout = t.Table[min(t.expired, len(t.Table)-1)]
	} else {
		t.timeout = max(t.timeout, t.First)
	}
	wait := t.timeout
	if t.Tick > 0 {
		wait = (wait + t.Tick - 1) / t.Tick * t.Tick
	}
	t.since, t.at, t.running = now, now.Add(wait), true
}

// Stop stops it, and nothing else changes.
func (t *Timer) Stop() { t.running = false }

// Deadline is when it expires; false: it does not run.
func (t *Timer) Deadline() (time.Time, bool) { return t.at, t.running }

// Due says whether it runs and its time has come.
func (t *Timer) Due(now time.Time) bool { return t.running && !now.Before(t.at) }

// Expired counts the expiries that no answer has made good.
func (t *Timer) Expired() int { return t.expired }

// Answered stops the timer. A doubling timer then follows iPXE (src/net/retry.c, stop_timer): a wait that
// has grown stays grown until as many answers came as it had expired, then adapts to the round trip.
func (t *Timer) Answered(now time.Time) {
	if !t.running {
		return
	}
	t.running = false
	switch {
	case len(t.Table) > 0:
		t.expired = 0
	case t.expired > 0:
		t.expired--
	default:
		t.timeout += now.Sub(t.since)/2 - t.timeout/8
	}
}

// Expire says whether patience has run out.
func (t *Timer) Expire() (fail bool) {
	t.running = false
	t.expired++
	if len(t.Table) > 0 {
		return t.expired >= len(t.Table)
	}
	t.timeout *= 2
	if t.timeout > t.Max {
		t.timeout = t.Max
		return true
	}
	return false
}
