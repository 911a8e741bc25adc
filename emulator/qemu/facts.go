package qemu

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A listener makes facts of console lines: each line is one (Console), a kernel's command line one
// more (Cmdline), and a text that is known to mean failure one more (Error), once.
type listener struct {
	client string
	events event.Recorder
	bds    *regexp.Regexp
	linux  *regexp.Regexp
	xen    *regexp.Regexp
	causes []symptom
	told   *sync.Map // the failures that were told, on the serial line or on the screen
	shown  []string  // what was last read on the screen
	before string    // the line before, if it was as wide as the screen: it may go on
	panics bool      // Xen said "Panic on CPU": the next line says why
	loaded bool      // EDK2 has its boot file: what fails next is to run it
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
		bds:    regexp.MustCompile(`^BdsDxe: failed to load (Boot[0-9A-F]{4}) .*: (.*)$`),
		linux:  regexp.MustCompile(`^(?:\[ *\d+\.\d+\] )?Command line: (.*)$`),
		xen:    regexp.MustCompile(`^\(XEN\) (?:\[[^\]]*\] )?(.*)$`),
		causes: symptoms(),
		told:   new(sync.Map),
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
	l.uefi(now, text)
	for _, s := range l.causes {
		if cause := s.cause(whole); cause != "" {
			l.fail(now, cause)
			return
		}
	}
}

// uefi reads a line of EDK2, which says that it failed to load after every attempt: only behind a file that came
// whole is that news.
func (l *listener) uefi(now time.Time, text string) {
	m := l.bds.FindStringSubmatch(text)
	switch {
	case strings.Contains(text, ">>Start "):
		l.loaded = false
	case strings.Contains(text, "NBP file downloaded successfully"):
		l.loaded = true
	case m != nil && l.loaded && strings.HasPrefix(m[2], "Access Denied"):
		l.fail(now, fmt.Sprintf("BdsDxe: failed to load %s: %s: Secure Boot does not let it run", m[1], m[2]))
	case m != nil && l.loaded:
		l.fail(now, fmt.Sprintf("BdsDxe: failed to load %s: %s: what was fetched is no program for this firmware", m[1], m[2]))
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
	if _, told := l.told.LoadOrStore(cause, true); !told {
		l.record(now, event.Error, cause)
	}
}

func (l *listener) record(now time.Time, kind event.Kind, text string) {
	l.events.Record(event.Event{Time: now, Kind: kind, Source: "guest", Client: l.client, Text: text})
}
