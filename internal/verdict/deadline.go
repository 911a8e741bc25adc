package verdict

import "time"

// How long a silence is before it counts.
const (
	menuWaits  = 2 * time.Minute  // nobody chose
	programs   = time.Minute      // no program of a chain is silent for longer
	handedOver = 20 * time.Second // behind a kernel; what it starts may ask later
	transfers  = 3 * time.Minute  // longer than a server waits for a client
	downloads  = time.Hour        // a disk image over HTTP has no facts while it comes
	endless    = 2 * time.Minute  // questions that lead nowhere
)

// Deadline is when the boot counts as ended, if nothing more is heard of it; false if it is none: a system that wants
// an address is no boot.
func (b *Boot) Deadline() (at time.Time, some bool) {
	if !b.begun {
		return time.Time{}, false
	}
	if loop(b) != nil {
		return b.now, true
	}
	at = b.now.Add(b.patience())
	if stuck := b.progress.Add(endless); b.stage < Loaded && stuck.Before(at) && len(b.pending()) == 0 {
		at = stuck
	}
	return at, true
}

// patience is how long whoever is asked for next may be silent.
func (b *Boot) patience() time.Duration {
	wait := programs
	switch {
	case b.stage >= Kernel:
		wait = handedOver
	case b.quiet() && b.stage < Loaded:
		wait = b.client.tries()
	case atMenu(b) != nil:
		wait = menuWaits
	}
	for _, f := range b.pending() {
		switch {
		case f.http:
			wait = max(wait, downloads)
		case f.flows || !b.Witnessed:
			wait = max(wait, transfers)
		}
	}
	return wait
}
