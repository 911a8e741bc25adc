package machines

import (
	"cmp"
	"container/list"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/wire/event"
)

// A Machine is what is known of one.
type Machine struct {
	MAC     string    `json:"mac"`
	Address string    `json:"address,omitempty"` // that it has, as far as it said
	Arch    string    `json:"arch,omitempty"`    // of its last DISCOVER (option 93): "x86PC (0)"
	Class   string    `json:"class,omitempty"`   // the same (option 60)
	First   time.Time `json:"first,omitzero"`    // when it was heard
	Last    time.Time `json:"last,omitzero"`
	Boots   int       `json:"boots"`
	Boot    Boot      `json:"boot"` // the last
	Mark    *Mark     `json:"mark,omitempty"`

	at    *list.Element // of the Book
	chain chain
	xid   string // of its last question
	judging
}

// A Boot is how far a machine came.
type Boot struct {
	Began   time.Time `json:"began,omitzero"`
	Given   string    `json:"given,omitempty"`   // the boot file that it was told last
	Rule    string    `json:"rule,omitempty"`    // the line that decided
	Files   int       `json:"files"`             // that it fetched, by TFTP and HTTP
	Bytes   int64     `json:"bytes"`             // of these
	File    string    `json:"file,omitempty"`    // the last of these
	Getting string    `json:"getting,omitempty"` // what is under way
	Trouble string    `json:"trouble,omitempty"` // what went wrong, if nothing went well since
	Done    string    `json:"done,omitempty"`    // what its installer said at last

	Ended // zero as long as it goes on

	web string // what HTTP answered with last
}

// take learns from a fact of the machine.
func (m *Machine) take(e event.Event) {
	if e.Kind == event.Heard {
		m.judge(e)
		return
	}
	if m.echoes(e) {
		return
	}
	m.Address = cmp.Or(e.Attr("yiaddr"), e.Attr("ciaddr"), m.Address)
	switch e.Kind {
	case event.Discover, event.BOOTP:
		a := askerOf(e)
		m.Arch, m.Class = a.Arch, a.Class
		m.ask(e.Time, a)
	case event.Offer, event.ProxyAck, event.BootAck, event.Ack, event.BOOTPReply:
		m.Boot.give(e)
	case event.Ignore:
		m.ignored(e)
	default:
		m.chain.take(e)
		m.Boot.take(e)
	}
	m.Last = e.Time
	m.judge(e)
}

// echo is how long behind itself a wire brings what it doubled. No machine is back sooner.
const echo = time.Second

// echoes tells whether a question is one that the wire doubled, and brought when the machine had gone on: it begins nothing.
func (m *Machine) echoes(e event.Event) bool {
	asks := e.Kind == event.Discover || e.Kind == event.Ignore && event.Kind(e.Attr("of")) == event.Discover
	xid := e.Attr("xid")
	if !asks || xid == "" {
		return false
	}
	went := m.chain.Asked || m.Boot.Files > 0
	again := went && xid == m.xid && e.Time.Sub(m.Last) < echo
	m.xid = xid
	return again
}

// ignored takes a question that was not answered. A system that only wants an address changes nothing of a boot.
func (m *Machine) ignored(e event.Event) {
	asks := event.Kind(e.Attr("of")) == event.Discover
	if a := askerOf(e); asks && a.firmware() {
		m.Arch, m.Class = a.Arch, a.Class
		m.ask(e.Time, a)
	} else if asks && m.Boots > 0 {
		return
	}
	m.Boot.take(e)
}

// ask takes that the machine asks, and tells whether firmware begins another boot with it.
func (m *Machine) ask(now time.Time, a asker) (begins bool) {
	quiet := now.Sub(m.Last)
	m.Last = now
	if begins = m.chain.begins(a, quiet); begins {
		m.chain = chain{By: a}
	}
	if begins || m.Boots == 0 || quiet >= silence {
		m.begin(now, a)
	}
	return begins
}

func (m *Machine) begin(now time.Time, a asker) {
	m.close(now, a)
	m.Boots++
	m.Boot = Boot{Began: now}
}

// give takes an answer.
func (b *Boot) give(e event.Event) {
	b.Trouble = ""
	if e.Path != "" {
		b.Given, b.Rule = e.Path, e.Rule
	}
}

// take takes what came after it.
func (b *Boot) take(e event.Event) {
	switch e.Kind {
	case event.RRQ, event.HTTPRequest:
		b.Getting, b.Trouble = e.Path, ""
	case event.Got:
		if e.Path != b.web { // whose answer has told it
			b.got(e)
		}
	case event.HTTPResponse:
		b.answered(e)
	case event.Miss:
		b.Getting, b.Trouble = "", e.Path+" is not there"
	case event.Abort: // it wanted the size, or says why in its text
		if e.Attr("sent") == "all" { // all but the last ACK
			b.got(e)
		} else if b.Getting == e.Path {
			b.Getting = ""
		}
	case event.TFTPError, event.Unreachable, event.Nak, event.Conflict, event.Decline:
		b.Getting, b.Trouble = "", strings.TrimSpace(string(e.Kind)+" "+e.Text)
	case event.Ignore:
		if e.Attr("usual") == "" {
			b.Trouble = "no answer: " + e.Text
		}
	case event.Installed:
		b.Done = "installed"
		if e.Text != "" {
			b.Done += ": " + e.Text
		}
	}
}

// answered takes what HTTP says: nothing to a question for the size, and a file in one answer or in many.
func (b *Boot) answered(e event.Event) {
	b.Getting, b.Trouble = "", ""
	switch {
	case e.Code >= 400:
		b.Trouble = fmt.Sprintf("HTTP %d for %s", e.Code, e.Path)
	case e.Bytes > 0 && e.Path == b.web:
		b.Bytes += e.Bytes
	case e.Bytes > 0 && e.Code < 300:
		b.got(e)
		b.web = e.Path
	}
}

func (b *Boot) got(e event.Event) {
	b.Files, b.Bytes, b.File = b.Files+1, b.Bytes+e.Bytes, e.Path
	b.Getting, b.Trouble = "", ""
}

// Line says in one line how far a boot came.
func (b Boot) Line() string {
	var parts []string
	say := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if b.Given != "" {
		say("given %s", b.Given)
	}
	if b.Files > 0 {
		say("got %d %s of %s, at last %s", b.Files, plural(b.Files, "file"), event.Size(b.Bytes), path.Base(b.File))
	}
	switch {
	case b.Done != "":
		say("%s", b.Done)
	case b.Verdict != "":
		say("%s", b.says())
	case b.Getting != "":
		say("getting %s", b.Getting)
	case b.Trouble != "":
		say("%s", b.Trouble)
	case b.Files == 0 && b.Given != "":
		say("fetched nothing")
	}
	if len(parts) == 0 {
		return "was told nothing"
	}
	return teller.Clean(strings.Join(parts, "; "))
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}
