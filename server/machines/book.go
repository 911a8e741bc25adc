package machines

import (
	"container/list"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// bound is how many machines are remembered.
const bound = 1 << 12

// A Book remembers machines, and how they are marked. It is an event.Recorder, and safe for concurrent use. The zero value
// is an empty one that ends with the process.
type Book struct {
	// Keep keeps notes for good, all or none. When it fails it is told them again. Nil: nothing is kept.
	Keep func([]Note) error
	Tell event.Recorder // hears when marks begin and end; nil: nobody does

	saving  sync.Mutex // held by who keeps something; the time of it is nobody else's
	failed  time.Time  // when Settle could keep nothing
	mu      sync.Mutex
	all     map[string]*Machine // by their MACs
	silent  list.List           // the same, the one that was silent longest first
	marks   map[string]*Mark    // the same
	changed map[place]change    // what is not kept yet
	soon    int                 // of that: what may not wait
	changes int                 // that there were
	hurry   chan struct{}
}

// macOf is the address of the machine that a fact is of; "": it is of none.
func macOf(e event.Event) string {
	if canonical(e.Client) {
		return e.Client
	}
	mac, err := net.ParseMAC(e.Client)
	if err != nil {
		return ""
	}
	return mac.String()
}

// canonical tells whether a name is a MAC of Ethernet as we write it.
func canonical(name string) bool {
	const size = len("52:54:00:12:34:56")
	for i := range len(name) {
		c := name[i]
		if colon := i%3 == 2; colon != (c == ':') || !colon && (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(name) == size
}

// Record takes a fact. Those of the server itself, and of machines whose MAC nobody knows, are of no machine.
func (b *Book) Record(e event.Event) {
	name := macOf(e)
	if name == "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if e.Kind == event.Heard && b.all[name] == nil { // others may be whose DHCP we have nothing to do with
		return
	}
	m := b.machine(name, e.Time)
	b.silent.MoveToBack(m.at)
	before := m.chain.Fetched
	m.take(e)
	b.touch(machineNote, name)
	b.noted(e, name, m.chain.Fetched && !before)
}

// machine is the one of a name.
func (b *Book) machine(name string, now time.Time) *Machine {
	if m := b.all[name]; m != nil {
		return m
	}
	return b.add(name, now)
}

// add makes room for one more, in the place of the one that was silent longest. Those that are marked stay.
func (b *Book) add(name string, now time.Time) *Machine {
	if len(b.all) >= bound {
		b.crowdOut()
	}
	return b.insert(name, now)
}

func (b *Book) insert(name string, now time.Time) *Machine {
	if b.all == nil {
		b.all = map[string]*Machine{}
	}
	m := &Machine{MAC: name, First: now}
	m.at = b.silent.PushBack(m)
	b.all[name] = m
	return m
}

// crowdOut drops the one that was silent longest. Those that are marked stay, and are looked at again after all others.
func (b *Book) crowdOut() {
	for range b.silent.Len() {
		oldest := b.silent.Front().Value.(*Machine)
		if b.marks[oldest.MAC] == nil {
			b.drop(oldest.MAC)
			return
		}
		b.silent.MoveToBack(oldest.at)
	}
}

// drop forgets what is known of a machine.
func (b *Book) drop(name string) {
	if m := b.all[name]; m != nil {
		b.silent.Remove(m.at)
		delete(b.all, name)
	}
	b.touch(machineNote, name)
}

// Machines are all that were heard or are marked, by their MACs, as they are now.
func (b *Book) Machines() []Machine {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]Machine, 0, len(b.all))
	for name, m := range b.all {
		next := *m
		if mark := b.marks[name]; mark != nil {
			copied := mark.clone()
			next.Mark = &copied
		}
		all = append(all, next)
	}
	for name, mark := range b.marks {
		if b.all[name] == nil {
			copied := mark.clone()
			all = append(all, Machine{MAC: name, Mark: &copied})
		}
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

// Forget forgets a machine and its mark, and tells whether there was anything to forget. With an error it is not forgotten for good.
func (b *Book) Forget(name string) (known bool, err error) {
	marked := b.markOf(name)
	if !marked.empty() {
		err = b.mark(name, true, func(m *Mark) { *m = Mark{} })
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	known = b.all[name] != nil || !marked.empty()
	b.drop(name)
	b.urgent(name)
	return known, err
}
