package qemu

import (
	"regexp"
	"strings"
	"time"

	"github.com/bootrig/bootrig/internal/event"
)

// A listener makes facts of console lines: each line is one (Console), a kernel's command line one
// more (Cmdline), and a text that is known to mean failure one more (Error), once.
type listener struct {
	client string
	events event.Recorder
	linux  *regexp.Regexp
	xen    *regexp.Regexp
	causes []symptom
	told   map[string]bool
	before string // the line before, if it was as wide as the screen: it may go on
	panics bool   // Xen said "Panic on CPU": the next line says why
}

// screenWidth is where SeaBIOS breaks lines in two.
const screenWidth = 80

func newListener(client string, events event.Recorder) *listener {
	if events == nil {
		events = event.Discard
	}
	return &listener{
		client: client,
		events: events,
		linux:  regexp.MustCompile(`^(?:\[ *\d+\.\d+\] )?Command line: (.*)$`),
		xen:    regexp.MustCompile(`^\(XEN\) (?:\[[^\]]*\] )?(.*)$`),
		causes: symptoms(),
		told:   map[string]bool{},
	}
}

// line takes a line and its width on the screen.
func (l *listener) line(now time.Time, text string, width int) {
	whole := l.before + text
	l.before = ""
	if width == screenWidth {
		l.before = text
	}
	if text == "" {
		return
	}
	l.record(now, event.Console, text)
	if m := l.linux.FindStringSubmatch(text); m != nil {
		l.record(now, event.Cmdline, m[1])
	}
	if m := l.xen.FindStringSubmatch(text); m != nil {
		l.hypervisor(now, m[1])
	}
	for _, s := range l.causes {
		if cause := s.cause(whole); cause != "" {
			l.fail(now, cause)
			return
		}
	}
}

// hypervisor reads a line of Xen, without its (XEN). Its panics come in a box of stars, the cause in
// the line after the heading.
func (l *listener) hypervisor(now time.Time, text string) {
	const cmdline, heading = "Command line: ", "Panic on CPU "
	switch {
	case strings.HasPrefix(text, cmdline):
		l.record(now, event.Cmdline, text[len(cmdline):])
	case strings.HasPrefix(text, heading):
		l.panics = true
	case l.panics && text != "":
		l.panics = false
		l.fail(now, "Xen panic: "+text)
	}
}

func (l *listener) fail(now time.Time, cause string) {
	if !l.told[cause] {
		l.told[cause] = true
		l.record(now, event.Error, cause)
	}
}

func (l *listener) record(now time.Time, kind event.Kind, text string) {
	l.events.Record(event.Event{Time: now, Kind: kind, Source: "guest", Client: l.client, Text: text})
}
