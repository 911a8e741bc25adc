package teller

import (
	"container/list"
	"fmt"
	"hash/maphash"
	"io"
	"sync"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A Printer prints facts as they come, one line each, as a person would tell them. It is an
// event.Recorder, and safe for concurrent use.
type Printer struct {
	W      io.Writer
	Prefix string // before every line, for runs that are told at once
	Clock  Clock

	// Witnessed says that a lab is told: what its wire shows is the story, so the server's own view is told
	// only if Verbose, and what a boot program does many times is summed up.
	Witnessed bool

	Verbose  bool // everything: each miss, what repeats another fact, and all of the consoles
	Quiet    bool // nothing about files that are not there (quiet-tftp); Verbose wins
	Console  bool // every line of a guest's console, and not its milestones alone
	Terminal bool // the progress of a file is one line, written over; else there are three lines at most

	mu        sync.Mutex
	start     time.Time
	now       time.Time // of the latest fact
	seed      maphash.Seed
	noted     memory[digest, struct{}]       // told once already
	transfers memory[transferKey, *transfer] // on their way
	pending   map[string]*list.Element       // by client
	waiting   *list.List                     // its *pending, the one that was added to last at the back
	over      bool                           // a progress line stands on the terminal
}

// A Clock says how a line begins.
type Clock int

// The clocks.
const (
	TimeOfDay Clock = iota // "15:04:05"
	Seconds                // since the first fact: "   3.52s"
)

// What a Printer remembers at most. Beyond it tells something twice, or a file without its time.
const (
	maxNoted     = 1 << 14
	maxTransfers = 1 << 13
	maxPending   = 1 << 10
)

// Record tells one fact.
func (p *Printer) Record(e event.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begin(e.Time)
	p.now = e.Time
	p.settleIdle(e.Time)
	t := p.follow(e)
	switch {
	case p.silent(e, t), p.sum(e):
	case e.Kind == event.Data:
		p.progress(e, t)
	default:
		after := p.conclude(e)
		p.line(e.Time, e.Client, p.text(e, t)+after)
	}
}

// Hush changes Quiet of a Printer that is in use.
func (p *Printer) Hush(quiet bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Quiet = quiet
}

// Flush tells what is still summed up, and leaves the terminal at a new line. Its owner calls it at the
// end.
func (p *Printer) Flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.waiting != nil && p.waiting.Len() > 0 {
		w := p.waiting.Front().Value.(*pending)
		p.settle(p.now, w.client)
	}
	if p.over {
		fmt.Fprint(p.W, erase)
		p.over = false
	}
}

func (p *Printer) begin(now time.Time) {
	if p.pending != nil {
		return
	}
	p.start, p.seed = now, maphash.MakeSeed()
	p.noted = newMemory[digest, struct{}](maxNoted)
	p.transfers = newMemory[transferKey, *transfer](maxTransfers)
	p.pending, p.waiting = map[string]*list.Element{}, list.New()
}

// silent tells whether a fact is worth no line. All is worth one if Verbose.
func (p *Printer) silent(e event.Event, t *transfer) bool {
	switch {
	case p.Verbose:
		return false
	case p.Witnessed && e.Source == "server" && e.Kind != event.Fault:
		return true
	case kinds[e.Kind].with != "":
		return true
	case p.Quiet && e.Kind == event.Miss:
		return true
	}
	switch e.Kind {
	case event.Console:
		return !p.Console && !milestone.MatchString(e.Text)
	case event.Abort:
		return sizeProbe(e, t)
	case event.Got:
		return e.Source == "server" && e.Xfer == 0 // by HTTP: told with the response
	case event.Ignore:
		return e.Attr("usual") != "" || p.again(string(e.Kind), e.Client, e.Text)
	}
	return false
}

// text is what a line says of a fact.
func (p *Printer) text(e event.Event, t *transfer) string {
	text := words(e, t)
	if p.Witnessed && e.Source == "server" {
		text = "server: " + text
	}
	return text
}

// erase takes back what stands in the terminal's line.
const erase = "\r\x1b[K"

func (p *Printer) line(now time.Time, client, text string) {
	end := ""
	if p.over {
		end, p.over = erase, false
	}
	fmt.Fprintf(p.W, "%s%s\n", end, p.beginning(now, client)+cut(Clean(text)))
}

// beginning is what stands before the text: when, and who.
func (p *Printer) beginning(now time.Time, client string) string {
	if client == "" {
		client = "-"
	}
	if p.Clock == Seconds {
		return fmt.Sprintf("%s%7.2fs  %-6s ", Clean(p.Prefix), now.Sub(p.start).Seconds(), Clean(client))
	}
	return fmt.Sprintf("%s%s %-17s ", Clean(p.Prefix), now.Format("15:04:05"), Clean(client))
}

// Line is one fact as a report shows it.
func Line(e event.Event) string {
	return Clean(join(e.Time.Format("15:04:05.000"), e.Client, words(e, &transfer{})))
}
