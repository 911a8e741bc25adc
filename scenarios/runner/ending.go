package runner

import (
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/scenarios/runner/steps"
	"github.com/bootrig/bootrig/wire/event"
)

// An Ending is that of a process of the run which ended by itself.
type Ending struct {
	what string
	err  error // nil: it meant to
}

// String says why.
func (e Ending) String() string {
	if e.err != nil {
		return e.what + ": " + e.err.Error()
	}
	return e.what
}

// tell tells the judge. What broke is the cause of all that did not come.
func (e Ending) tell(j *steps.Judge) {
	if e.err != nil {
		j.Broke(e.String())
		return
	}
	j.End(e.String())
}

// watchStops tells of machines whose processes somebody stops, or has go on.
func (r *realRun) watchStops() {
	for _, g := range r.guests {
		still := !g.off.Load() && g.qemu.Stopped()
		if still == g.still {
			continue
		}
		g.still = still
		r.judge.Stopped(g.name, still)
		text := "running again"
		if still {
			text = "standing still: its process was stopped from outside"
		}
		r.wire.Do(func(now time.Time, _ *link.LAN) {
			r.facts.Record(event.Event{Time: now, Kind: event.Act, Source: "guest", Client: g.name, Text: text})
		})
	}
}
