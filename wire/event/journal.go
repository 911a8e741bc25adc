package event

import "sync"

// A Journal keeps facts in order and lets any number of readers pull from any point, so that no slow
// reader loses facts or stalls a writer. The zero Journal is ready to use.
type Journal struct {
	mu      sync.Mutex
	events  []Event
	changed chan struct{}
}

// Record numbers the fact from 1 and keeps it.
func (j *Journal) Record(e Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e.Seq = uint64(len(j.events)) + 1
	j.events = append(j.events, e)
	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
}

// After gives the facts recorded after number seq (0 for all) and a channel that is closed when there
// are more. The slice must not be written to.
func (j *Journal) After(seq uint64) ([]Event, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.changed == nil {
		j.changed = make(chan struct{})
	}
	n := min(seq, uint64(len(j.events)))
	return j.events[n:len(j.events):len(j.events)], j.changed
}
