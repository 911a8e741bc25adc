package page

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/wire/event"
)

// A folder makes rows of facts. What a boot program does many times becomes one.
type folder struct {
	lanes  []lane
	facts  []event.Event
	server netip.Addr
	ended  map[uint64]event.Kind // by transfer
	since  map[uint64]time.Time  // by transfer
	rows   []row
}

// marks name what went wrong, or nearly.
var marks = map[event.Kind]string{
	event.Retry: "again", event.Miss: "not there", event.TFTPError: "refused", event.Unreachable: "closed", event.Nak: "refused", event.Decline: "refused",
	event.Conflict: "conflict", event.Fault: "fault", event.Error: "gives up", event.Ignore: "silence",
}

func (f *folder) take(e event.Event) {
	switch {
	case e.Source == "wire":
		f.message(e)
	case e.Source == "server" && ownNote(e):
		f.note(e, f.at(f.server))
	case e.Source == "guest" && (e.Kind != event.Console || teller.Milestone(e.Text)):
		f.note(e, f.lanes[0])
	}
}

// ownNote tells what a server does that nobody sees on the wire.
func ownNote(e event.Event) bool {
	switch e.Kind {
	case event.Ignore:
		return e.Attr("usual") == ""
	case event.Fault, event.Change, event.Installed, event.Conflict, event.Relay:
		return true
	}
	return false
}

func (f *folder) note(e event.Event, at lane) {
	mark := marks[e.Kind]
	f.add(row{time: e.Time, Note: true, From: at.Name, Left: at.Left, Mark: mark, Text: strings.TrimPrefix(words(e), mark+": ")})
}

// add adds a row, unless it says what the one before it says.
func (f *folder) add(r row) {
	if n := len(f.rows); n > 0 && r.Mark != "" {
		if last := &f.rows[n-1]; last.Text == r.Text && last.From == r.From && last.Mark == r.Mark {
			last.times++
			return
		}
	}
	r.times = 1
	f.rows = append(f.rows, r)
}

// message takes what crossed the wire.
func (f *folder) message(e event.Event) {
	r := row{time: e.Time, Mark: marks[e.Kind], Text: words(e)}
	switch e.Kind {
	case event.Data:
		return
	case event.OACK:
		if f.ended[e.Xfer] != "" {
			return
		}
	case event.RRQ:
		f.since[e.Xfer] = e.Time
		if f.ended[e.Xfer] == event.Miss {
			return
		}
	case event.Miss:
		f.miss(e, r)
		return
	case event.Retry:
		r.Text = strings.TrimPrefix(r.Text, "again: ")
	case event.Got:
		if took := e.Time.Sub(f.since[e.Xfer]); e.Xfer != 0 && !f.since[e.Xfer].IsZero() {
			r.Text += " in " + brief(took)
		}
	case event.HTTPResponse:
		if e.Code >= 400 { // RFC 9110, 15.5 and 15.6
			r.Mark = "refused"
		}
	}
	guest, peer := f.lanes[0], f.at(e.Peer.Addr())
	if asks(e) {
		arrow(&r, guest, peer)
	} else {
		arrow(&r, peer, guest)
		r.Why = f.why(e)
	}
	f.add(r)
}

// miss takes a name that is not there. Those that a boot program tries one after the other are one row.
func (f *folder) miss(e event.Event, r row) {
	name := short(teller.Clean(e.Path))
	if n := len(f.rows); n > 0 && len(f.rows[n-1].Names) > 0 {
		f.rows[n-1].Names = append(f.rows[n-1].Names, name)
		return
	}
	arrow(&r, f.at(e.Peer.Addr()), f.lanes[0])
	r.Names, r.Why, r.times = []string{name}, f.why(e), 1
	f.rows = append(f.rows, r)
}

// asks tells what a guest sends from what it hears.
func asks(e event.Event) bool {
	kind := e.Kind
	if kind == event.Retry {
		kind = event.Kind(e.Attr("of"))
	}
	switch kind {
	case event.Ack:
		return e.Kind == event.Retry && e.Path != "" && e.Xfer != 0 // of TFTP
	case event.Discover, event.Request, event.Inform, event.Decline, event.Release, event.BOOTP, event.ProxyRequest, event.BootRequest, event.RRQ, event.HTTPRequest:
		return true
	case event.Abort:
		return e.Attr("by") != "server"
	case event.Unreachable:
		return e.Attr("by") == "guest"
	}
	return false
}

// at is the lane of an address. Whoever all hear, or has none of his own, is the last.
func (f *folder) at(addr netip.Addr) lane {
	for _, l := range f.lanes {
		if l.addr == addr && addr.IsValid() {
			return l
		}
	}
	return f.lanes[len(f.lanes)-1]
}

// soon is how much later than its packet a server may say why it sent it.
const soon = 50 * time.Millisecond

// why is the server's own reason for an answer: the last that it gave for one of that kind, up to then.
func (f *folder) why(answer event.Event) string {
	if answer.Peer.Addr() != f.server || answer.Kind == event.Retry {
		return ""
	}
	var reason event.Event
	for _, e := range f.facts {
		if e.Source == "server" && e.Kind == answer.Kind && e.Path == answer.Path && !e.Time.After(answer.Time.Add(soon)) {
			reason = e
		}
	}
	var parts []string
	if reason.Text != "" && reason.Text != answer.Text {
		parts = append(parts, reason.Text)
	}
	if like := reason.Attr("like"); like != "" {
		parts = append(parts, "there is "+like)
	}
	if reason.Rule != "" {
		parts = append(parts, reason.Rule)
	}
	return short(teller.Clean(strings.Join(parts, ", ")))
}

// brief is a duration as people read it.
func brief(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
