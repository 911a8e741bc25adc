package dhcpd

import (
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/wire/event"
)

// A keeping is how it stands between the leases and their store.
type keeping struct {
	unkept map[netip.Addr]lease.Change // what is not stored yet
	works  bool                        // the last try did not fail
	again  time.Time                   // if it failed: when the next is due
	told   string                      // of what there was to tell; "": nothing
}

func newKeeping() keeping { return keeping{unkept: map[netip.Addr]lease.Change{}} }

// retry is how long a store that failed is left alone: one that takes its time to fail does not hold up all others.
const retry = time.Second

// keep stores what is new, and with it what could not be stored before. When that fails it is told once, and
// again when the reason is another.
func (m *Machine) keep(now time.Time) {
	k := &m.keeping
	for _, c := range m.leases.Changes() {
		k.unkept[c.Addr] = c
	}
	switch {
	case m.cfg.Store == nil:
		clear(k.unkept)
		return
	case k.works && len(k.unkept) == 0, !k.works && now.Before(k.again):
		return
	}
	changes := slices.SortedFunc(maps.Values(k.unkept), func(a, b lease.Change) int { return a.Addr.Compare(b.Addr) })
	if err := m.cfg.Store(changes); err != nil {
		k.works, k.again = false, now.Add(retry)
		if why := err.Error(); why != k.told {
			k.told = why
			m.tell(now, event.Fault, "leases are kept in memory only: "+why)
		}
		return
	}
	clear(k.unkept)
	k.works = true
	if k.told != "" {
		k.told = ""
		m.tell(now, event.Change, "leases are stored again")
	}
}

func (m *Machine) tell(now time.Time, kind event.Kind, text string) {
	m.cfg.Events.Record(event.Event{Time: now, Kind: kind, Source: "server", Text: text})
}

// leaseTime is what the time is to leases.
func (m *Machine) leaseTime(now time.Time) time.Time {
	if m.cfg.Clock == nil {
		return now
	}
	return m.cfg.Clock()
}
