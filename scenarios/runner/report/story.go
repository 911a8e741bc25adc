// Package report tells people what a run does and what it found.
package report

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A Story prints facts as they come, one line each, as a person would tell the boot. It is an
// event.Recorder.
type Story struct {
	W       io.Writer
	Prefix  string // before every line, for runs that are told at once
	Verbose bool   // misses, retries and the server's own view too
	// Terminal makes a file's progress one line that is written over. Without it there is a line every
	// few megabytes.
	Terminal bool

	mu     sync.Mutex
	start  time.Time
	files  map[fileKey]*transfer
	misses map[string]int // by guest, not told yet
	over   bool           // a progress line stands on the terminal
}

type fileKey struct{ guest, path string }

type transfer struct {
	since time.Time
	size  int64
	told  int64
}

// Record tells one fact.
func (s *Story) Record(e event.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.start.IsZero() {
		s.start, s.files, s.misses = e.Time, map[fileKey]*transfer{}, map[string]int{}
	}
	if e.Source == "server" && !s.Verbose && e.Kind != event.Fault {
		return
	}
	switch e.Kind {
	case event.Data:
		s.progress(e)
		return
	case event.OACK:
		s.transfer(e).size = e.TransferSize()
		return
	case event.RRQ:
		s.transfer(e)
		if !s.Verbose {
			return
		}
	case event.Retry, event.Abort, event.Request, event.BootRequest, event.ProxyRequest:
		if !s.Verbose {
			return
		}
	case event.Miss:
		if !s.Verbose {
			s.misses[e.Client]++
			return
		}
	}
	s.tellMisses(e)
	s.line(e, s.words(e))
}

// tellMisses sums up the names that were not there: a boot program asks for many that need not be.
func (s *Story) tellMisses(e event.Event) {
	if n := s.misses[e.Client]; n > 0 {
		s.line(e, fmt.Sprintf("asked for %d names that are not there, which is usual", n))
		delete(s.misses, e.Client)
	}
}

func (s *Story) line(e event.Event, text string) {
	end := ""
	if s.over {
		end, s.over = "\r\x1b[K", false
	}
	fmt.Fprintf(s.W, "%s%s%7.2fs  %-6s %s\n", end, s.Prefix, e.Time.Sub(s.start).Seconds(), e.Client, text)
}

// words tells one fact.
func (s *Story) words(e event.Event) string {
	if e.Source == "server" {
		return "server: " + strings.Join(nonEmpty(string(e.Kind), e.Path, e.Text, e.Rule), " ")
	}
	from := ""
	if e.Peer.Addr().IsValid() {
		from = e.Peer.Addr().String()
	}
	switch e.Kind {
	case event.Discover:
		return "DISCOVER"
	case event.Request, event.ProxyRequest, event.BootRequest:
		return strings.Join(nonEmpty(strings.ToUpper(string(e.Kind)), "to", from, labelled("item", e.Attr("item")), labelled("server", e.Attr("server"))), " ")
	case event.RRQ:
		return "asks for " + e.Path + " " + bracket(e.Attr("options"))
	case event.Retry:
		return strings.Join(nonEmpty("again:", e.Attr("of"), e.Path), " ")
	case event.Offer, event.Ack, event.Nak, event.ProxyAck, event.BootAck:
		return strings.Join(nonEmpty(strings.ToUpper(string(e.Kind)), "from", from, labelled("address", nonzero(e.Attr("yiaddr"))), labelled("file", e.Path)), " ")
	case event.Got:
		return fmt.Sprintf("got %s, %s%s", e.Path, event.Size(e.Bytes), s.took(e))
	case event.Miss:
		return "asked for " + e.Path + ", which is not there"
	case event.Console:
		return "| " + e.Text
	case event.Stage:
		return "runs " + e.Text
	case event.Handoff:
		return "hands over to " + e.Attr("kind")
	case event.Cmdline:
		return "command line: " + e.Text
	case event.Error:
		return strings.Join(nonEmpty("gives up:", e.Text, bracket(e.Attr("cause"))), " ")
	case event.Key:
		return "key " + e.Text
	}
	return strings.Join(nonEmpty(string(e.Kind), from, e.Path, string(e.Attrs), e.Text), " ")
}

// Line is one fact as a failure report shows it.
func Line(e event.Event) string {
	text := (&Story{files: map[fileKey]*transfer{}}).words(e)
	return strings.Join(nonEmpty(e.Time.Format("15:04:05.000"), e.Client, text), " ")
}

func nonEmpty(words ...string) []string {
	var kept []string
	for _, w := range words {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return kept
}

func labelled(label, value string) string {
	if value == "" {
		return ""
	}
	return label + " " + value
}

func nonzero(addr string) string {
	if addr == "0.0.0.0" {
		return ""
	}
	return addr
}

func bracket(text string) string {
	if text == "" {
		return ""
	}
	return "(" + text + ")"
}
