package rom

import "time"

// A Backoff is a client's patience: when it sends again, and when it stops. Either First doubles until
// the next wait would exceed Max, or Table lists every wait.
type Backoff struct {
	First, Max time.Duration
	Table      []time.Duration
	Tick       time.Duration // waits end on a tick of the client's clock; 0: at once
}

// tick is the BIOS timer, 18.2 a second. It is why the second DISCOVER of the captures comes after 1.03 s.
const tick = 54925 * time.Microsecond

// ticks makes a Table of waits counted in BIOS timer ticks.
func ticks(n ...int) []time.Duration {
	waits := make([]time.Duration, len(n))
	for i, t := range n {
		waits[i] = time.Duration(t) * tick
	}
	return waits
}

// PXELinux is the patience of pxelinux for one packet, 4.x and 6.x alike: 2382 ticks, 2.2 minutes
// (syslinux core/fs/pxe/tftp.c, TimeoutTable).
func PXELinux() Backoff {
	return Backoff{Table: ticks(2, 2, 3, 3, 4, 5, 6, 7, 9, 10, 12, 15, 18, 21, 26, 31, 37, 44,
		53, 64, 77, 92, 110, 132, 159, 191, 229, 255, 255, 255, 255)}
}

// A timer is a Backoff at work.
type timer struct {
	Backoff
	timeout time.Duration
	expired int // expiries not yet made good by answers
	since   time.Time
	at      time.Time
	running bool
}

// start arms the timer for a packet sent now.
func (t *timer) start(now time.Time) {
	if t.Table != nil {
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

// answered stops the timer. A doubling timer then follows iPXE (src/net/retry.c, stop_timer): a wait that
// has grown stays grown until as many answers came as it had expired, then adapts to the round trip.
func (t *timer) answered(now time.Time) {
	if !t.running {
		return
	}
	t.running = false
	switch {
	case t.Table != nil:
		t.expired = 0
	case t.expired > 0:
		t.expired--
	default:
		t.timeout += now.Sub(t.since)/2 - t.timeout/8
	}
}

// expire says whether patience has run out.
func (t *timer) expire() (fail bool) {
	t.running = false
	t.expired++
	if t.Table != nil {
		return t.expired >= len(t.Table)
	}
	t.timeout *= 2
	if t.timeout > t.Max {
		t.timeout = t.Max
		return true
	}
	return false
}
