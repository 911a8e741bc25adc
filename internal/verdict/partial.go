package verdict

import (
	"path"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// Captures have what a filter let through, and end when somebody stopped them. Of a transfer there may be its beginning,
// or (port 69) the question alone: whoever goes on to ask for something else then has what it asked for before.

// goesOn notes that a file came whole which is under way as far as the wire shows, when the machine asks for another.
func (b *Boot) goesOn(e event.Event) {
	f := b.latest()
	if f == nil || !b.Witnessed || e.Kind != event.RRQ || f.path == e.Path || f.end != "" || f.http || f.again {
		return
	}
	b.partial = true
	b.assume(f, &file{path: e.Path})
}

// stutters notes that a block, or what answers one, was sent again: so it did not come.
func (b *Boot) stutters(e event.Event) {
	if f := b.latest(); f != nil && f.path == e.Path {
		f.again = true
	}
}

// assume has a file be one that came whole, or is not there if the next is another name of one search.
func (b *Boot) assume(f, next *file) {
	searches := !f.flows && b.roleOf(f) == configuration && next != nil && path.Dir(f.path) == path.Dir(next.path) && b.roleOf(next) == configuration
	if searches {
		f.end = event.Miss
		return
	}
	f.end = event.Got
	b.got(f)
}

// settle is for the end of a capture that lacks parts of transfers: the last one came as those before it did.
func (b *Boot) settle() {
	if f := b.latest(); f != nil && b.partial && f.end == "" && !f.http && !f.again {
		b.assume(f, nil)
	}
}

// blind tells that there is no answer at all to the questions for files.
func (b *Boot) blind() bool {
	for _, f := range b.files {
		if f.flows || f.last.Kind != event.RRQ {
			return false
		}
	}
	return b.partial && len(b.files) > 0
}

// brief is a silence that says nothing yet: clients and servers send again within it.
const brief = 5 * time.Second

// underWay is what was on its way when the capture ended, nil if that is not known.
func (b *Boot) underWay() *file {
	f := b.latest()
	if f == nil || f.end != "" || f.again || f.empty || f.lost.Kind != "" || b.Ends.Sub(f.last.Time) >= brief || b.Ends.Before(f.last.Time) {
		return nil
	}
	return f
}
