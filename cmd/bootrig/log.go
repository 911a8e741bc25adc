package main

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/wire/event"
)

// A log is where the facts of a server go: to whoever reads, as words or as JSON, and to the service manager.
type log struct {
	event.Recorder
	manager manager
	tape    *tape
	flush   func()
	hush    func(quiet bool)
}

func newLog(w io.Writer, asJSON, verbose bool) *log {
	l := &log{manager: newManager(), flush: func() {}, hush: func(bool) {}}
	l.tape = newTape(w, func(n int) []byte {
		var missing bytes.Buffer
		l.missing(&missing, asJSON, n)
		return missing.Bytes()
	})
	if asJSON {
		l.Recorder = &teller.JSON{W: l.tape}
		return l
	}
	p := &teller.Printer{W: l.tape, Verbose: verbose}
	l.Recorder, l.flush, l.hush = p, p.Flush, p.Hush
	return l
}

// missing tells of lines that nobody took.
func (l *log) missing(w io.Writer, asJSON bool, n int) {
	e := event.Event{Time: time.Now(), Kind: event.Fault, Source: "server", Text: fmt.Sprintf("%d lines are missing here: nobody took them", n)}
	if asJSON {
		(&teller.JSON{W: w}).Record(e)
		return
	}
	(&teller.Printer{W: w}).Record(e)
}

// Record tells a fact.
func (l *log) Record(e event.Event) {
	l.Recorder.Record(e)
	l.manager.Record(e)
}

// say tells a fact of the server's own.
func (l *log) say(kind event.Kind, rule, text string) {
	l.Record(event.Event{Time: time.Now(), Kind: kind, Source: "server", Rule: rule, Text: text})
}

// Close tells what is left, and waits a moment for who reads.
func (l *log) Close() error {
	l.flush()
	return l.tape.Close()
}
