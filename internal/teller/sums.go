package teller

import (
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A pending holds what a client did several times, to be told in one line.
type pending struct {
	client string
	last   time.Time

	// A search for a configuration.
	dir   string
	tried int
	miss  event.Event // the last of it

	// Other names that were not there, the first of them in full, and files that came once more.
	missed []string
	more   int
	again  int
}

// patience is how long a client may be silent before what is pending of it is told.
const patience = 30 * time.Second

// missing tells whether a fact says that a file is not there.
func missing(e event.Event) bool {
	return e.Kind == event.Miss || e.Kind == event.HTTPResponse && e.Code == notFound
}

const notFound = 404 // RFC 9110, 15.5.5

// sum takes a fact that is told with others of its kind.
func (p *Printer) sum(e event.Event) bool {
	switch {
	case p.Verbose:
		return false
	case missing(e):
		if dir, last, ok := configuration(e.Path); ok {
			p.tried(e, dir, last)
			return true
		}
		if p.Witnessed {
			p.missed(e)
		}
		return p.Witnessed
	case p.Witnessed && e.Kind == event.Got && p.again(string(e.Kind), e.Client, e.Path):
		p.pend(e).again++
		return true
	}
	return false
}

// tried notes a configuration that is not there.
func (p *Printer) tried(e event.Event, dir string, last bool) {
	w := p.pend(e)
	if w.dir != dir {
		p.tellSearch(e.Time, w)
	}
	w.dir, w.miss = dir, e
	w.tried++
	if last {
		p.settle(e.Time, e.Client)
	}
}

// missed notes another file that is not there.
func (p *Printer) missed(e event.Event) {
	const inFull = 3
	w := p.pend(e)
	switch {
	case p.again(string(event.Miss), e.Client, e.Path):
	case len(w.missed) < inFull:
		w.missed = append(w.missed, e.Path)
	default:
		w.more++
	}
}

// conclude tells what is pending of the client of a fact that is about to be told. If that is the
// configuration it searched for, the search is told behind it.
func (p *Printer) conclude(e event.Event) (after string) {
	at := p.pending[e.Client]
	if at == nil {
		return ""
	}
	w := at.Value.(*pending)
	came := e.Kind == event.Got || e.Kind == event.HTTPResponse && e.Code < 300
	if dir, _, ok := configuration(e.Path); ok && came && dir == w.dir && w.tried > 0 {
		after = fmt.Sprintf(", after %s not there", names(w.tried))
		w.tried = 0
	}
	if e.Kind == event.Got && len(w.missed)+w.again > 0 {
		p.tellSearch(e.Time, w) // the rest goes on: a menu includes files that need not be there
		return after
	}
	p.settle(e.Time, e.Client)
	return after
}

func names(n int) string {
	if n == 1 {
		return "a name that is"
	}
	return fmt.Sprintf("%d names that are", n)
}

// pend finds or begins what is pending of a client.
func (p *Printer) pend(e event.Event) *pending {
	if at := p.pending[e.Client]; at != nil {
		p.waiting.MoveToBack(at)
		w := at.Value.(*pending)
		w.last = e.Time
		return w
	}
	if p.waiting.Len() >= maxPending {
		p.settle(e.Time, p.waiting.Front().Value.(*pending).client)
	}
	w := &pending{client: e.Client, last: e.Time}
	p.pending[e.Client] = p.waiting.PushBack(w)
	return w
}

// settleIdle tells what is pending of clients that have been silent since.
func (p *Printer) settleIdle(now time.Time) {
	for front := p.waiting.Front(); front != nil; front = p.waiting.Front() {
		w := front.Value.(*pending)
		if now.Sub(w.last) < patience {
			return
		}
		p.settle(now, w.client)
	}
}

// settle tells all that is pending of a client.
func (p *Printer) settle(now time.Time, client string) {
	at := p.pending[client]
	if at == nil {
		return
	}
	w := p.waiting.Remove(at).(*pending)
	delete(p.pending, client)
	p.tellSearch(now, w)
	if len(w.missed) > 0 {
		p.line(event.Event{Time: now, Kind: event.Miss, Client: client}, slog.LevelWarn, "asked for "+listed(w.missed, w.more)+" there")
	}
	if w.again > 0 {
		p.line(event.Event{Time: now, Kind: event.Got, Client: client}, slog.LevelInfo, fmt.Sprintf("got %d of its files once more", w.again))
	}
}

// tellSearch tells of a search that found nothing.
func (p *Printer) tellSearch(now time.Time, w *pending) {
	w.miss.Time = now
	switch {
	case w.tried == 1:
		p.line(w.miss, slog.LevelWarn, words(w.miss, &transfer{}))
	case w.tried > 1:
		p.line(w.miss, slog.LevelWarn, fmt.Sprintf("asked for %d configurations in %s, and none is there", w.tried, w.dir)+bracket(w.miss.Rule))
	}
	w.tried = 0
}

// listed is "a, which is not", or "a, b and 4 more names, which are not".
func listed(first []string, more int) string {
	if len(first) == 1 && more == 0 {
		return first[0] + ", which is not"
	}
	text := strings.Join(first, ", ")
	if more > 0 {
		text += fmt.Sprintf(" and %d more names", more)
	}
	return text + ", which are not"
}
