package runner

import (
	"sync"

	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/wire/event"
)

// facts is the one stream of a run. It gives guests the name the scenario has for them: a server knows
// only their MAC addresses.
type facts struct {
	journal event.Journal
	mu      sync.Mutex
	seq     uint64
	names   map[string]string
	live    event.Recorder
	forgets bool // nobody asks for them later
}

func newFacts(plan *script.Plan, live event.Recorder) *facts {
	f := &facts{names: map[string]string{}, live: live}
	for _, g := range plan.Guests {
		f.names[g.MAC.String()] = g.Name
		f.names[g.IP.String()] = g.Name
	}
	return f
}

// Record implements event.Recorder.
func (f *facts) Record(e event.Event) {
	if name, ok := f.names[e.Client]; ok {
		e.Client = name
	}
	f.mu.Lock() // so that both have the same order
	defer f.mu.Unlock()
	f.seq++
	e.Seq = f.seq // as the journal counts
	if !f.forgets {
		f.journal.Record(e)
	}
	if f.live != nil {
		f.live.Record(e)
	}
}

// all are the facts so far.
func (f *facts) all() []event.Event {
	events, _ := f.journal.After(0)
	return events
}
