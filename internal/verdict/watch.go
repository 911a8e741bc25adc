package verdict

import (
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A Watch tells the boots of many machines as they end, of facts of their wire.
type Watch struct {
	Server netip.Addr // as ours of Boots
	Tell   func(machine string, c Case)

	machines map[string]*watched
}

// maxFacts bounds what is remembered of a machine: one may ask for ever.
const maxFacts = 1 << 12

// A watched is what was heard of a machine since its latest boot began.
type watched struct {
	facts []event.Event
	until time.Time // when the boot is over, if nothing more is heard
	last  *Boot     // that went before; nil: none
	told  string    // what was told of this boot; "" is nothing
}

// Record takes a fact.
func (w *Watch) Record(e event.Event) {
	m := w.machines[e.Client]
	if m == nil {
		if w.machines == nil {
			w.machines = map[string]*watched{}
		}
		m = &watched{}
		w.machines[e.Client] = m
	}
	m.facts = append(m.facts, e)
	m.until = time.Time{}
}

// Expire tells which boots are over now.
func (w *Watch) Expire(now time.Time) {
	for _, name := range slices.Sorted(maps.Keys(w.machines)) {
		m := w.machines[name]
		if m.until.IsZero() || !now.Before(m.until) {
			w.look(name, m, now)
		}
		if len(m.facts) == 0 {
			delete(w.machines, name)
		}
	}
}

// End tells the boots that are under way, as far as they came.
func (w *Watch) End() {
	for _, name := range slices.Sorted(maps.Keys(w.machines)) {
		w.look(name, w.machines[name], ever)
	}
	w.machines = nil
}

// ever is later than any deadline.
var ever = time.Unix(1<<40, 0)

// lingers is how long a machine is remembered whose boot is over: what it started may ask for more, and fail.
const lingers = time.Hour

func (w *Watch) look(name string, m *watched, now time.Time) {
	for part, next := range parts(m.facts) {
		b, c, some := judge(m.last, part, next, w.Server, time.Time{})
		until, _ := b.Deadline()
		last := part[len(part)-1].Time
		over := len(next) > 0 || len(part) >= maxFacts || some && !now.Before(until)
		if over && some && c.Story.ID != m.told {
			w.Tell(name, c)
			m.told = c.Story.ID
		}
		switch {
		case len(next) > 0:
			m.facts, m.told, m.last = next, "", b
		case len(part) >= maxFacts, !now.Before(last.Add(lingers)):
			m.facts, m.told = nil, ""
		case over, !some:
			m.until = last.Add(lingers)
		default:
			m.until = until
		}
	}
}
