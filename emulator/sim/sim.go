// Package sim is the discrete-event world: a LAN and a virtual clock.
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

// New makes a world whose clock shows start.
func New(lan *link.LAN, start time.Time) *World { return &World{lan: lan, now: start} }

// Now is the virtual time.
func (w *World) Now() time.Time { return w.now }

// Step jumps to the next deadline and does what is due there; false when nothing is left.
func (w *World) Step() bool { return false }

// Run steps until done, which is asked before the first and after every step, or until the clock would
// pass until. It tells whether done was true in the end.
func (w *World) Run(until time.Time, done func() bool) bool { return false }
