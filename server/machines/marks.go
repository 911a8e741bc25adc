package machines

import (
	"fmt"
	"strings"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// Asked takes what a machine has just asked DHCP, before it is decided what it is told: a mark may be over with it. It
// gives the tags that the machine has by its marks, each with what gave it. A nil Book knows none.
func (b *Book) Asked(e event.Event) map[string]string {
	name := macOf(e)
	if b == nil || name == "" {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	mark := b.marks[name]
	if e.Kind == event.Discover || e.Kind == event.BOOTP {
		m := b.machine(name, e.Time)
		b.silent.MoveToBack(m.at)
		before, a := m.chain, askerOf(e)
		begins := m.ask(e.Time, a)
		if mark != nil && mark.Once != nil {
			b.boots(e, mark, begins && (before.Fetched || before.Unseen), begins || m.chain.early(a))
		}
	}
	if mark = b.marks[name]; mark == nil {
		return nil
	}
	return mark.given()
}

// boots says what a request of a machine means for its mark: another boot after one that came further than its ROM,
// or the beginning of one.
func (b *Book) boots(e event.Event, mark *Mark, another, beginning bool) {
	switch o := mark.Once; {
	case o.Began.IsZero():
		o.due = beginning
	case another && o.Until == "":
		b.over(e, "its next boot began")
	}
}

// Answered takes what a machine has asked and is about to be told. The mark that it was given begins. seen says
// whether what it is told to fetch would be fetched from us.
func (b *Book) Answered(e event.Event, seen bool) {
	name := macOf(e)
	if b == nil || name == "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	m, mark := b.all[name], b.marks[name]
	due := mark != nil && mark.Once != nil && mark.Once.due
	unseen := m != nil && !seen && !m.chain.Unseen
	if m == nil || !due && !unseen || !askerOf(e).firmware() {
		return
	}
	if unseen {
		m.chain.Unseen = true
		b.touch(machineNote, name)
	}
	if !due {
		return
	}
	mark.Once.due = false
	mark.Once.Began = e.Time
	b.urgent(name)
	b.tell(e, strings.Join(mark.Once.Tags, " ")+" begins")
}

// noted looks whether a fact ends a machine's mark, or tells that a boot with one came further than its ROM.
func (b *Book) noted(e event.Event, name string, first bool) {
	mark := b.marks[name]
	if mark == nil || mark.Once == nil {
		return
	}
	if first {
		b.urgent(name)
	}
	if why := mark.Once.ends(e); why != "" {
		b.over(e, why)
	}
}

// over ends the mark that a machine has for a boot.
func (b *Book) over(e event.Event, why string) {
	name := macOf(e)
	mark := b.marks[name]
	b.tell(e, fmt.Sprintf("%s is over: %s", strings.Join(mark.Once.Tags, " "), why))
	next := mark.clone()
	next.Once = nil
	b.put(name, next)
	b.urgent(name)
}

// put has a machine marked so, or not at all.
func (b *Book) put(name string, mark Mark) {
	if mark.empty() {
		delete(b.marks, name)
		return
	}
	if b.marks == nil {
		b.marks = map[string]*Mark{}
	}
	b.marks[name] = &mark
}

// tell tells what became of a mark.
func (b *Book) tell(e event.Event, text string) {
	if b.Tell != nil {
		b.Tell.Record(event.Event{Time: e.Time, Kind: event.Change, Source: "server", Client: e.Client, Text: text, Rule: ByOnce})
	}
}

// Set gives a machine tags that stay, in place of those it was given so. None take them away.
func (b *Book) Set(mac string, tags []string) error {
	return b.mark(mac, len(tags) == 0, func(m *Mark) { m.Tags = tags })
}

// Once gives a machine tags for its next boot. They are not over with it but when until happens, if that is Callback or
// the name of a file.
func (b *Book) Once(mac string, tags []string, until string, now time.Time) error {
	return b.mark(mac, false, func(m *Mark) { m.Once = &Once{Tags: tags, Until: until, Made: now} })
}

// Done ends what Once began.
func (b *Book) Done(mac string) error {
	return b.mark(mac, true, func(m *Mark) { m.Once = nil })
}

// mark marks a machine otherwise, which is kept when it returns nil. When it cannot be kept nobody is given more tags;
// who is given less has no more of them as long as the Book is there.
func (b *Book) mark(name string, less bool, change func(*Mark)) error {
	b.saving.Lock()
	defer b.saving.Unlock()
	next := b.markOf(name)
	change(&next)
	text, err := textOf(next), error(nil)
	if b.Keep != nil {
		err = b.Keep([]Note{{markNote, name, text}})
	}
	if err != nil && !less {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := Mark{} // it may have begun or ended meanwhile
	if m := b.marks[name]; m != nil {
		now = m.clone()
	}
	change(&now)
	b.put(name, now)
	if err != nil || textOf(now) != text {
		b.urgent(name)
	}
	return err
}

// Marked is how a machine is marked.
func (b *Book) Marked(mac string) (m Mark, marked bool) {
	m = b.markOf(mac)
	return m, !m.empty()
}

// markOf is a machine's mark, as it is now.
func (b *Book) markOf(name string) Mark {
	b.mu.Lock()
	defer b.mu.Unlock()
	if m := b.marks[name]; m != nil {
		return m.clone()
	}
	return Mark{}
}
