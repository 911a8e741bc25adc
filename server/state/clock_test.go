package state

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bootrig/bootrig/server/lease"
)

// A board is a host whose clocks a test turns.
type board struct {
	day  time.Time
	runs time.Duration
	boot string
}

func (b *board) host() host {
	return host{wall: func() time.Time { return b.day }, up: func() time.Duration { return b.runs }, boot: b.boot}
}

// pass lets time pass, while the host runs or is suspended.
func (b *board) pass(d time.Duration) { b.day, b.runs = b.day.Add(d), b.runs+d }

// reboot starts the host again after a while, with a wall clock of its own.
func (b *board) reboot(off time.Duration) {
	b.day, b.runs, b.boot = b.day.Add(off), time.Second, b.boot+"'"
}

const year = 365 * 24 * time.Hour

// hasLeft opens a file on a host and says for how long the first lease is still good.
func (b *board) hasLeft(t *testing.T, path string) time.Duration {
	t.Helper()
	s, err := openOn(b.host(), path, func(text string) { t.Error(text) })
	must(t, err)
	defer s.Close()
	return s.Leases()[0].Expires.Sub(s.Now()).Round(time.Second)
}

// A lease of two hours is stored, and all that happens to clocks happens.
func TestALeaseEndsWhenItsTimeIsOver(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(b *board)
		left    time.Duration
	}{
		"nothing":                                {func(*board) {}, 2 * time.Hour},
		"an hour":                                {func(b *board) { b.pass(time.Hour) }, time.Hour},
		"an hour, and the clock is a year ahead": {func(b *board) { b.pass(time.Hour); b.day = b.day.Add(year) }, time.Hour},
		"an hour, and the clock is a year behind": {func(b *board) { b.pass(time.Hour); b.day = b.day.Add(-year) }, time.Hour},
		"three hours": {func(b *board) { b.pass(3 * time.Hour) }, -time.Hour},
		"three hours, and the clock is turned back":  {func(b *board) { b.pass(3 * time.Hour); b.day = b.day.Add(-year) }, -time.Hour},
		"a reboot of an hour":                        {func(b *board) { b.reboot(time.Hour) }, time.Hour},
		"a reboot of a week":                         {func(b *board) { b.reboot(7 * 24 * time.Hour) }, 2*time.Hour - 7*24*time.Hour},
		"a reboot, and the clock is a year ahead":    {func(b *board) { b.reboot(year) }, 2 * time.Hour},
		"a reboot, and the clock is a year behind":   {func(b *board) { b.reboot(-year) }, 2 * time.Hour},
		"a reboot into 1970":                         {func(b *board) { b.reboot(0); b.day = time.Unix(10, 0) }, 2 * time.Hour},
		"a reboot, and the kernel has no name":       {func(b *board) { b.reboot(time.Hour); b.boot = "" }, time.Hour},
		"a kernel of that name that ran for shorter": {func(b *board) { b.day, b.runs = b.day.Add(time.Hour), 0 }, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "state.db")
			b := &board{day: time.Unix(1700000000, 0), runs: 24 * time.Hour, boot: "first"}
			s, err := openOn(b.host(), path, func(text string) { t.Error(text) })
			must(t, err)
			l := leaseOf(1)
			l.Expires = s.Now().Add(2 * time.Hour)
			must(t, s.Apply([]lease.Change{{Lease: l}}))
			c.happens(b)
			must(t, s.Close())
			for range 2 { // the second time after nothing more
				if left := b.hasLeft(t, path); left != c.left {
					t.Errorf("%v are left, want %v", left, c.left)
				}
			}
		})
	}
}

// A board begins in 1970, gives leases, hears of the year, gives others, and is switched off.
func TestLeasesFromBeforeAndAfterTheClockWasSet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	b := &board{day: time.Unix(10, 0), runs: 10 * time.Second, boot: "first"}
	s, err := openOn(b.host(), path, func(text string) { t.Error(text) })
	must(t, err)
	for n := range 2 {
		l := leaseOf(n)
		l.Expires = s.Now().Add(2 * time.Hour)
		must(t, s.Apply([]lease.Change{{Lease: l}}))
		b.pass(30 * time.Minute)
		b.day = time.Unix(1700000000, 0)
		if left := s.Leases()[0].Expires.Sub(s.Now()); left > 2*time.Hour || left < time.Hour {
			t.Errorf("after the clock was set %v are left", left)
		}
	}
	must(t, s.Close())
	b.reboot(15 * time.Minute)
	s, err = openOn(b.host(), path, func(text string) { t.Error(text) })
	must(t, err)
	defer s.Close()
	for n, want := range []time.Duration{time.Hour + 15*time.Minute, time.Hour + 45*time.Minute} {
		if left := s.Leases()[n].Expires.Sub(s.Now()); left != want {
			t.Errorf("of lease %d %v are left, want %v", n, left, want)
		}
	}
}

// A file that took another's place has the time of when it was written.
func TestAFileOfBeforeHasItsOwnTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	b := &board{day: time.Unix(1700000000, 0), runs: time.Hour, boot: "first"}
	old, err := openOn(b.host(), path+".old", func(text string) { t.Error(text) })
	must(t, err)
	l := leaseOf(1)
	l.Expires = old.Now().Add(2 * time.Hour)
	must(t, old.Apply([]lease.Change{{Lease: l}}))
	must(t, old.Close())
	b.reboot(time.Hour)
	b.day = b.day.Add(-year)
	s, err := openOn(b.host(), path, func(string) {})
	must(t, err)
	execute(t, path+".old", "PRAGMA journal_mode = DELETE")
	must(t, os.Rename(path+".old", path))
	must(t, s.Apply(nil))
	must(t, s.Close())
	if left := b.hasLeft(t, path); left != 2*time.Hour {
		t.Errorf("%v are left, want 2h", left)
	}
}
