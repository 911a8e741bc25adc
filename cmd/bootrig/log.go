package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/wire/event"
)

// logged says how facts are told.
type logged struct {
	Log      string `name:"log" enum:"text,json" default:"text" placeholder:"text|json" help:"How what happens is told: in words (text), or as JSON lines with the same words, a level and the fields of each fact (json)."`
	LogLevel string `name:"log-level" enum:"debug,info,warn,error" default:"info" placeholder:"LEVEL" help:"What is told: error (what is wrong here), warn (and silences, and files that are not there), info (and each step of each boot), debug (as -v)."`
	Verbose  bool   `short:"v" help:"Tell every fact: requests that have an answer, each name that is not there, retries, and repetitions one by one."`
	JSON     bool   `name:"json" help:"Print every fact as one line of JSON, of every level, for programs."`
}

// A recorder tells facts; a printer has more to be told.
func (l logged) recorder(w io.Writer) (event.Recorder, *teller.Printer) {
	if l.JSON {
		return &teller.JSON{W: w}, nil
	}
	var least slog.Level
	_ = least.UnmarshalText([]byte(l.LogLevel)) // kong has checked it
	p := &teller.Printer{W: w, Verbose: l.Verbose || least == slog.LevelDebug, Least: least, Sparing: true}
	if l.Verbose {
		p.Least = slog.LevelDebug
	}
	switch {
	case l.Log == "json":
		p.Handler = slog.NewJSONHandler(w, &slog.HandlerOptions{Level: p.Least})
	case journaled(stdout):
		p.Clock = teller.Journal
	}
	return p, p
}

const stdout = 1

// journaled tells whether a file goes to the journal of systemd (JOURNAL_STREAM in systemd.exec(5)).
func journaled(fd int) bool {
	_, inode, set := strings.Cut(os.Getenv("JOURNAL_STREAM"), ":")
	out, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
	return set && err == nil && out == "socket:["+inode+"]"
}

// A log is where the facts of a server go: to whoever reads, as words or as JSON, and to the service manager.
type log struct {
	event.Recorder
	manager *manager
	tape    *tape
	printer *teller.Printer // nil: facts are JSON
}

func newLog(w io.Writer, how logged) *log {
	l := &log{manager: newManager()}
	l.tape = newTape(w, func(n int) []byte {
		var missing bytes.Buffer
		told, _ := how.recorder(&missing)
		told.Record(event.Event{Time: time.Now(), Kind: event.Fault, Source: "server", Text: fmt.Sprintf("%d lines are missing here: nobody took them", n)})
		return missing.Bytes()
	})
	l.Recorder, l.printer = how.recorder(l.tape)
	return l
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

// hush tells nothing of files that are not there, or does again.
func (l *log) hush(quiet bool) {
	if l.printer != nil {
		l.printer.Hush(quiet)
	}
}

// Close tells what is left, and waits a moment for who reads.
func (l *log) Close() error {
	if l.printer != nil {
		l.printer.Flush()
	}
	return l.tape.Close()
}
