package machines

import (
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// bound is how many machines are remembered.
const bound = 1 << 12

// A Book remembers machines. It is an event.Recorder, and safe for concurrent use. The zero value is an empty one.
type Book struct {
	mu  sync.Mutex
	all map[string]*Machine // by their MACs
}

// Record takes a fact. Those of the server itself, and of machines whose MAC nobody knows, are of no machine.
func (b *Book) Record(e event.Event) {
	mac, err := net.ParseMAC(e.Client)
	if err != nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	name := mac.String()
	m := b.all[name]
	if m == nil {
		m = b.add(name, e.Time)
	}
	m.take(e)
}

// add makes room for one more, in the place of the one that was silent longest.
func (b *Book) add(name string, now time.Time) *Machine {
	if b.all == nil {
		b.all = map[string]*Machine{}
	}
	if len(b.all) >= bound {
		var oldest *Machine
		for _, m := range b.all {
			if oldest == nil || m.Last.Before(oldest.Last) {
				oldest = m
			}
		}
		delete(b.all, oldest.MAC)
	}
	m := &Machine{MAC: name, First: now}
	b.all[name] = m
	return m
}

// Machines are all, by their MACs, as they are now.
func (b *Book) Machines() []Machine {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]Machine, 0, len(b.all))
	for _, m := range b.all {
		all = append(all, *m)
	}
	slices.SortFunc(all, func(m, n Machine) int { return strings.Compare(m.MAC, n.MAC) })
	return all
}

// Len is how many are remembered.
func (b *Book) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.all)
}

// Forget forgets a machine, and tells whether it was known.
func (b *Book) Forget(mac string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, known := b.all[mac]
	delete(b.all, mac)
	return known
}
