// Package sim is the discrete-event world: a LAN and a virtual clock.
//
// Why: a firmware's time-out of a minute costs microseconds, and a run that failed fails again from the
// same seed. Nothing here waits: the clock jumps to the next thing that happens.
package sim

import (
	"time"

	"github.com/bootrig/bootrig/emulator/link"
)

// A World is a LAN in virtual time.
type World struct {
	lan *link.LAN
	now time.Time
}

// New makes a world whose clock shows start. The start should not be the zero time: captures cannot
// hold a date before 1970.
func New(lan *link.LAN, start time.Time) *World { return &World{lan: lan, now: start} }

// Now is the virtual time.
func (w *World) Now() time.Time { return w.now }

// Step jumps to the next deadline and does what is due there; false when nothing is left.
func (w *World) Step() bool {
	at, ok := w.lan.Deadline()
	if !ok {
		return false
	}
	if at.After(w.now) {
		w.now = at
	}
	w.lan.Advance(w.now)
	return true
}

// Run steps until done, which is asked before the first step and after each, or until the clock would
// pass until: then it shows until. It tells whether done was true in the end. A nil done never is.
func (w *World) Run(until time.Time, done func() bool) bool {
	for done == nil || !done() {
		at, ok := w.lan.Deadline()
		if !ok || at.After(until) {
			if until.After(w.now) {
				w.now = until
				w.lan.Advance(until)
			}
			return done != nil && done()
		}
		w.Step()
	}
	return true
}
