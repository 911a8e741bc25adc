package teller

import (
	"container/list"
	"fmt"
	"hash/maphash"
	"io"
	"log/slog"
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

	Handler slog.Handler // nil: W has lines; else it has each as a record, with the fields of its fact
	Least   slog.Leveler // nil: lines of every level are told

	// Sparing says that what is told again and again is counted for a while: one machine that boots and boots, or a
	// flood of many, shall not fill a disk. Verbose wins.
	Sparing bool

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
	lines     *repeats[digest]               // what was told lately
	many      *repeats[event.Kind]           // of each kind
}

// A Clock says how a line begins.
type Clock int

// The clocks.
const (
	TimeOfDay Clock = iota // "15:04:05"
	Seconds                // since the first fact: "   3.52s"
	Journal                // the level as a service manager reads it, "<6>", which has the time: sd-daemon(3)
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
	p.settleRepeats(e)
	t := p.follow(e)
	switch {
	case p.silent(e, t), p.sum(e):
	case e.Kind == event.Data:
		p.progress(e, t)
	default:
		after := p.conclude(e)
		if l := level(e, t); p.tells(l) && !p.floods(e, l) {
			p.line(e, l, p.text(e, t)+after)
		}
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
	if p.lines != nil {
		p.lines.flush()
		p.many.flush()
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
	p.lines, p.many = newRepeats(perLine(), p.tellRepeat), newRepeats(perKind(), p.tellMany)
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
		return !p.Console && !Milestone(e.Text)
	case event.Abort:
		return sizeProbe(e, t)
	case event.Got:
		return e.Source == "server" && e.Xfer == 0 // by HTTP: told with the response
	case event.Heard:
		return usual(e) || p.again(string(e.Kind), e.Client, e.Attr("server"))
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

// Line is one fact as a report shows it.
func Line(e event.Event) string {
	return join(e.Time.Format("15:04:05.000"), Clean(e.Client), Words(e))
}

// Words are what is said of a fact alone.
func Words(e event.Event) string { return Clean(words(e, &transfer{})) }
