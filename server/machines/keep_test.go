package machines

import (
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A machine asks for a file while what is known of it is being kept: that is kept the next time, also when as many others
// wait as may.
func TestWhatHappensWhileItIsKeptIsKeptTheNextTime(t *testing.T) {
	for name, others := range map[string]int{"alone": 0, "with as many as may wait": 4 * bound} {
		t.Run(name, func(t *testing.T) {
			var b Book
			mac, kept := stranger(0), "" // the first that is kept
			asks := func() {
				b.Record(event.Event{Kind: event.RRQ, Client: mac, Path: "pxelinux.0", Time: start.Add(time.Hour)})
			}
			b.Keep = func(notes []Note) error {
				for _, n := range notes {
					if n.MAC == mac {
						kept = n.Text
						asks()
						asks = func() {}
					}
				}
				return nil
			}
			for n := range others + 1 {
				b.Record(event.Event{Kind: event.Discover, Client: stranger(n), Time: start})
			}
			b.Record(event.Event{Kind: event.Discover, Client: mac, Time: start})
			for round, want := range []bool{false, true} {
				if err := b.Save(); err != nil {
					t.Fatal(err)
				}
				if got := strings.Contains(kept, `"getting":"pxelinux.0"`); got != want {
					t.Errorf("round %d: kept is %s", round, kept)
				}
			}
			if left := b.waiting(false); len(left) > 0 {
				t.Errorf("%d notes are still to be kept", len(left))
			}
		})
	}
}

// What may not wait is kept alone, and is counted no more then: else each answer would look for it.
func TestWhatMayNotWaitIsOver(t *testing.T) {
	b := Book{Keep: func([]Note) error { return nil }}
	b.urgent(stranger(1))
	b.urgent(stranger(1))
	b.touch(machineNote, stranger(2))
	if all := b.waiting(true); len(all) != 2 || b.soon != 2 {
		t.Errorf("%d of %v may not wait, want the machine's note and its mark", b.soon, all)
	}
	b.Settle(start)
	if all := b.waiting(false); len(all) != 1 || b.soon != 0 {
		t.Errorf("%d of %v may not wait, want none of one", b.soon, all)
	}
}
