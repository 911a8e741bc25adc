package machines

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"slices"
	"time"
)

// A Note is what is kept of a machine in one place: what is known of it, or its mark.
type Note struct {
	Kind Kind
	MAC  string
	Text string // JSON; "": there is none
}

// A Kind says what a Note is of.
type Kind string

// The kinds of Notes.
const (
	machineNote Kind = "machine"
	markNote    Kind = "mark"
)

// Kinds are all.
var Kinds = []Kind{machineNote, markNote}

// A place is where a Note belongs.
type place struct {
	kind Kind
	mac  string
}

// A record is how a machine is kept.
type record struct {
	Machine
	Chain chain `json:"chain,omitzero"`
}

// retry is how long what failed to keep something is left alone.
const retry = time.Second

// Settle keeps what became of marks. Answers that depend on them leave after it: a machine that was installed is not
// installed again because its server was killed. When that fails it is tried again, and nobody waits for it.
func (b *Book) Settle(now time.Time) {
	if b == nil || len(b.waiting(true)) == 0 { // as nearly always: then nobody waits for who keeps something
		return
	}
	b.saving.Lock()
	defer b.saving.Unlock()
	if now.Sub(b.failed) < retry && !now.Before(b.failed) {
		return
	}
	if b.keep(b.waiting(true)) != nil { // Save tells it
		b.failed = now
	}
}

// Save keeps what is not kept yet, a part at a time: others keep something meanwhile.
func (b *Book) Save() error {
	for some := range slices.Chunk(b.waiting(false), part) {
		if err := b.saveSome(some); err != nil {
			return err
		}
	}
	return nil
}

// part is how many notes are kept at once.
const part = 256

func (b *Book) saveSome(at []place) error {
	b.saving.Lock()
	defer b.saving.Unlock()
	return b.keep(at)
}

// Hurry is a channel that says when something is to be saved soon.
func (b *Book) Hurry() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.hurried()
}

func (b *Book) hurried() chan struct{} {
	if b.hurry == nil {
		b.hurry = make(chan struct{}, 1)
	}
	return b.hurry
}

// A change is one of a note that is not kept yet.
type change struct {
	number int  // another for each
	soon   bool // it may not wait
}

// waiting are the places of the notes that are not kept yet, in order: a store that is written in its order is written
// faster. Those that may not wait are asked for alone.
func (b *Book) waiting(soon bool) (all []place) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if soon && b.soon == 0 {
		return nil
	}
	for at, c := range b.changed {
		if c.soon || !soon {
			all = append(all, at)
		}
	}
	slices.SortFunc(all, func(a, b place) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.mac, b.mac)) })
	return all
}

// keep keeps notes, if nobody else has. What becomes of them meanwhile is kept the next time.
func (b *Book) keep(all []place) error {
	notes, taken := b.take(all)
	if len(notes) == 0 {
		return nil
	}
	if err := b.Keep(notes); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for at, was := range taken {
		if b.changed[at].number == was.number {
			b.kept(at)
		}
	}
	return nil
}

// take gives notes as they are, and the changes that they have in them.
func (b *Book) take(all []place) (notes []Note, taken map[place]change) {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken = map[place]change{}
	for _, at := range all {
		if c, waits := b.changed[at]; waits {
			notes = append(notes, Note{at.kind, at.mac, b.text(at)})
			taken[at] = c
		}
	}
	return notes, taken
}

// kept says that a note is kept as it is.
func (b *Book) kept(at place) {
	if b.changed[at].soon {
		b.soon--
	}
	delete(b.changed, at)
}

// touch says that a note is another.
func (b *Book) touch(kind Kind, name string) { b.change(place{kind, name}, false) }

// urgent says that a machine's mark is another, or its boot for it, which may not wait.
func (b *Book) urgent(name string) {
	b.change(place{machineNote, name}, true)
	b.change(place{markNote, name}, true)
	select {
	case b.hurried() <- struct{}{}:
	default:
	}
}

func (b *Book) change(at place, soon bool) {
	before, waits := b.changed[at]
	if b.Keep == nil || !soon && !waits && len(b.changed) >= 4*bound { // a disk that fails for long, and strangers that come and go
		return
	}
	if b.changed == nil {
		b.changed = map[place]change{}
	}
	if soon && !before.soon {
		b.soon++
	}
	b.changes++
	b.changed[at] = change{b.changes, soon || before.soon}
}

// text is the note that belongs to a place.
func (b *Book) text(at place) string {
	if at.kind == markNote {
		if m := b.marks[at.mac]; m != nil {
			return textOf(*m)
		}
		return ""
	}
	if m := b.all[at.mac]; m != nil {
		return encoded(record{*m, m.chain})
	}
	return ""
}

func textOf(m Mark) string {
	if m.empty() {
		return ""
	}
	return encoded(m)
}

func encoded(v any) string {
	text, _ := json.Marshal(v) // of these types always
	return string(text)
}

// Load takes over what was kept at the last time, but for machines that it knows already, and has the rest kept too.
// What it cannot read it tells, and leaves.
func (b *Book) Load(notes []Note) (wrong []error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name := range b.all {
		b.touch(machineNote, name)
	}
	for name := range b.marks {
		b.touch(markNote, name)
	}
	for _, n := range notes {
		if err := b.load(n); err != nil {
			wrong = append(wrong, fmt.Errorf("what is kept of the %s %q: %w", n.Kind, n.MAC, err))
		}
	}
	b.arrange()
	return wrong
}

func (b *Book) load(n Note) error {
	if _, err := net.ParseMAC(n.MAC); err != nil {
		return err
	}
	if n.Kind == markNote {
		var m Mark
		if err := json.Unmarshal([]byte(n.Text), &m); err != nil {
			return err
		}
		if b.marks[n.MAC] == nil {
			b.put(n.MAC, m)
		}
		return nil
	}
	var r record
	if err := json.Unmarshal([]byte(n.Text), &r); err != nil {
		return err
	}
	if b.all[n.MAC] == nil {
		r.MAC, r.chain = n.MAC, r.Chain
		m := b.insert(n.MAC, r.First)
		r.at = m.at
		*m = r.Machine
	}
	return nil
}

// arrange has the machine that was silent longest first, and room for all.
func (b *Book) arrange() {
	for _, m := range slices.SortedFunc(maps.Values(b.all), func(m, n *Machine) int { return m.Last.Compare(n.Last) }) {
		b.silent.MoveToBack(m.at)
	}
	for range len(b.all) - bound {
		b.crowdOut()
	}
}
