package state

import "time"

// A host has two clocks: one that shows the time of day, which may be wrong and is turned now and then, and one
// that shows for how long it has been running, suspended or not.
type host struct {
	wall func() time.Time
	up   func() time.Duration
	boot string // names this run of its kernel; "": unknown
}

// A mark is one moment by all clocks.
type mark struct {
	own  time.Time // by which leases end
	wall time.Time
	boot string
	up   time.Duration
}

func (h host) mark(own time.Time) mark { return mark{own, h.wall(), h.boot, h.up()} }

// longest is how long a server was off at most. A clock that says more is wrong, and so is one that runs backwards:
// some boards have no battery, and begin in 1970 or with what a file system says.
const longest = 180 * 24 * time.Hour

// passed is how much time there is between a mark and now, as well as it can be known. While the same kernel runs
// nobody needs the time of day. When it cannot be known no time has passed: leases are kept rather than given
// to others.
func (m mark) passed(now mark) time.Duration {
	if m.boot != "" && m.boot == now.boot && now.up >= m.up {
		return now.up - m.up
	}
	if off := now.wall.Sub(m.wall); off >= 0 && off <= longest {
		return off
	}
	return 0
}

// wall has no monotonic reading, so that it shows what it is.
func wall() time.Time { return time.Now().Round(0) }
