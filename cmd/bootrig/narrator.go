package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A narrator prints the server's facts, one readable line each. It is an event.Recorder.
type narrator struct {
	w     io.Writer
	quiet bool // about files that are missing (quiet-tftp)

	mu      sync.Mutex
	files   map[uint64]*passing // by Xfer
	ignored map[string]bool     // silences told already: a laptop's DHCP is not ours again every hour
}

// passing is a file on its way to a client.
type passing struct {
	since, told time.Time
	size        int64
}

const (
	progressEvery = time.Second
	maxIgnored    = 4096 // then the narrator forgets, and tells again
)

// Record tells one fact.
func (n *narrator) Record(e event.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if text := n.words(e); text != "" {
		who := e.Client
		if who == "" {
			who = "-"
		}
		fmt.Fprintf(n.w, "%s %-17s %s\n", e.Time.Format("15:04:05"), who, text)
	}
}

// words tells one fact, or nothing when it is worth no line.
func (n *narrator) words(e event.Event) string {
	switch e.Kind {
	case event.Miss, event.TFTPError, event.Abort:
		defer delete(n.files, e.Xfer)
	}
	switch e.Kind {
	case event.Ready:
		return "ready: " + e.Text
	case event.Fault:
		return "fault: " + e.Text
	case event.Discover, event.Request, event.ProxyRequest, event.BootRequest:
		return join(upper(e.Kind), e.Attr("arch"), e.Attr("class"), label("item", e.Attr("item")))
	case event.Offer, event.Ack, event.ProxyAck, event.BootAck:
		return join(upper(e.Kind), e.Path, label("siaddr", e.Attr("siaddr"))) + bracket(e.Text, e.Rule)
	case event.Relay:
		return join(strings.ToUpper(e.Attr("of")), e.Text) + bracket(e.Rule)
	case event.Ignore:
		return n.silence(e)
	case event.Miss:
		if n.quiet {
			return ""
		}
		return e.Path + " is not there" + bracket(e.Rule)
	case event.TFTPError:
		return fmt.Sprintf("%s refused: %s", e.Path, e.Text) + bracket(e.Rule)
	case event.Abort:
		return fmt.Sprintf("%s stopped by the client after %s: %s", e.Path, event.Size(e.Bytes), e.Text)
	case event.HTTPResponse:
		return fmt.Sprintf("%s %d %s", e.Path, e.Code, event.Size(e.Bytes))
	case event.RRQ, event.OACK, event.Data, event.Got:
		return n.transfer(e)
	}
	return ""
}

func (n *narrator) silence(e event.Event) string {
	key := e.Client + e.Text
	if n.ignored[key] {
		return ""
	}
	if n.ignored == nil || len(n.ignored) >= maxIgnored {
		n.ignored = map[string]bool{}
	}
	n.ignored[key] = true
	asked := "a packet"
	if of := e.Attr("of"); of != "" {
		asked = strings.ToUpper(of)
	}
	return fmt.Sprintf("no answer to %s: %s%s", asked, e.Text, bracket(e.Rule))
}

// transfer tells of a file when it is through, and once a second on the way.
func (n *narrator) transfer(e event.Event) string {
	p := n.files[e.Xfer]
	switch {
	case p == nil:
		if n.files == nil {
			n.files = map[uint64]*passing{}
		}
		p = &passing{since: e.Time, told: e.Time}
		n.files[e.Xfer] = p
	case e.Kind == event.OACK:
		p.size = e.TransferSize()
	}
	switch {
	case e.Kind == event.Got:
		delete(n.files, e.Xfer)
		return fmt.Sprintf("%s %s in %.2fs", e.Path, event.Size(e.Bytes), e.Time.Sub(p.since).Seconds())
	case e.Kind == event.Data && e.Time.Sub(p.told) >= progressEvery:
		p.told = e.Time
		if p.size > 0 {
			return fmt.Sprintf("%s %s of %s", e.Path, event.Size(e.Bytes), event.Size(p.size))
		}
		return fmt.Sprintf("%s %s", e.Path, event.Size(e.Bytes))
	}
	return ""
}

func upper(k event.Kind) string { return strings.ToUpper(string(k)) }

func label(name, value string) string {
	if value == "" {
		return ""
	}
	return name + " " + value
}

// bracket sets words behind a sentence.
func bracket(words ...string) string {
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, ", ") + ")"
}

func join(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}
