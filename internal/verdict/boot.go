package verdict

import (
	"net/netip"
	"strings"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A Boot is what was heard of one boot of one machine. The zero value has heard nothing.
type Boot struct {
	Witnessed bool       // its facts are of the wire; the server's own tell only why it was silent
	Ours      netip.Addr // the boot server, on the wire; invalid: there is none
	Ends      time.Time  // of the wire that was seen, as a capture does; zero: it was listened to until the Deadline

	now, progress time.Time // of the latest fact, and of the latest that went well
	stage         Stage
	client        client
	heard         []tally     // since the latest DHCP began, in the order in which they were first heard: they are few
	files         []*file     // since then; that of the latest fact is the last
	likes         likes       // of names that are not there
	program       string      // the last that it has
	is            string      // what that is, by its first bytes
	loops         int         // how often the same program came again by DHCP of its own
	out           *outcome    // nil: it has none yet
	begun         bool        // it is one: it asked by DHCP as firmware does, or by TFTP
	rests         bool        // the system was started, and what came before is forgotten
	asked         event.Event // with it this boot began
	kernel        string      // the first that it has
	rounds        []round     // that went before, all of one way
	turns         int         // how many those were
	backs         int         // how often in a row it began anew behind its program
	earlier       []Finding   // what ended the round before, of firmware that begins anew by itself
	left          bool        // something else than firmware asks for an address now: what it is told is no matter
	partial       bool        // transfers went well of which not all is there: not all that passed was captured
}

// An outcome is what is heard of a boot when it comes to something. Of most machines of a flood nothing is.
type outcome struct {
	said       event.Event // that it gave up
	handoff    event.Event // to what it handed over
	installed  event.Event
	installing installing
	back       event.Event // with it the firmware began anew
}

// outcome is what there is of it, to be read.
func (b *Boot) outcome() *outcome {
	if b.out == nil {
		return &none
	}
	return b.out
}

// none is that of boots that have none. Nobody writes to it.
var none outcome

// ends is the same, to be written.
func (b *Boot) ends() *outcome {
	if b.out == nil {
		b.out = &outcome{}
	}
	return b.out
}

// A what is a kind of message, and whose.
type what string

// What is told apart beside the kinds of facts, which are the client's and the boot server's.
const (
	leaseOffer what = "lease-offer" // of another DHCP server
	otherOffer what = "other-offer" // of another boot server
	otherAsked what = "other-asked" // on port 4011 of somebody else
	otherNak   what = "other-nak"
	otherAck   what = "other-ack"
	otherFile  what = "other-file" // a file that was asked of somebody else
	closed4011 what = "closed-4011"
	twice      what = "twice "  // an address that two hosts have
	refused    what = "refused" // an answer from port 4011, by the machine
	silence    what = "silence of "
)

// A tally is how often something was heard.
type tally struct {
	what  what
	n     int
	since time.Time
	last  event.Event
}

// of is the tally of something, an empty one if it was never heard.
func (b *Boot) of(w what) tally {
	if i := b.find(w); i >= 0 {
		return b.heard[i]
	}
	return tally{}
}

// find is its index, -1 if it was never heard.
func (b *Boot) find(w what) int {
	for i := range b.heard { // a tally is too large to be copied for this
		if b.heard[i].what == w {
			return i
		}
	}
	return -1
}

func (b *Boot) n(kinds ...event.Kind) (n int) {
	for _, k := range kinds {
		n += b.of(what(k)).n
	}
	return n
}

func (b *Boot) count(w what, e event.Event) {
	i := b.find(w)
	if i < 0 {
		if i = len(b.heard); i == 0 {
			b.heard = make([]tally, 0, 2) // a question, and an answer
		}
		b.heard = append(b.heard, tally{what: w, since: e.Time})
	}
	t := &b.heard[i]
	t.n++
	if e.Kind == event.Retry { // which says less than what it repeats
		t.last.Time = e.Time
		return
	}
	t.last = e
}

// Reached is how far it came.
func (b *Boot) Reached() Stage { return b.stage }

// Close says that the machine boots anew, with this question, and tells whether what it ran was refused, or ended. A program
// that was left alone for longer than anybody waits for it was not, but UEFI firmware first tries its other ways to boot,
// some for minutes, and a loader that asks for nothing never ran well.
func (b *Boot) Close(e event.Event) (ended bool) {
	until, _ := b.Deadline()
	if b.stage == Loaded && (b.client.uefi() || silentProgram(b) != nil) {
		until = b.now.Add(nextWay)
	}
	if b.stage != Loaded && b.stage != Configured || e.Time.After(until) {
		return false
	}
	b.ends().back = e
	b.backs++
	return true
}

// Rest forgets what is not needed any more, if the boot went well up to its kernel: thousands of machines may.
func (b *Boot) Rest() {
	if b.stage >= Kernel {
		b.heard, b.files, b.likes, b.rests = nil, nil, nil, true
	}
}

func (b *Boot) reach(s Stage) {
	if s > b.stage {
		b.stage, b.progress = s, b.now
	}
}

// Take takes a fact. They come in their order.
func (b *Boot) Take(e event.Event) {
	own := e.Source == "server"
	b.likes.take(e)
	if b.Witnessed && own && e.Kind != event.Ignore && e.Kind != event.Installed {
		return
	}
	if e.Kind == event.Retry && !b.repeats(e) {
		b.stutters(e)
		return
	}
	b.now = e.Time
	if b.progress.IsZero() {
		b.progress = e.Time
	}
	switch e.Kind {
	case event.Ignore:
		b.ignore(e)
	case event.Error:
		if b.outcome().said.Kind == "" {
			b.ends().said = e
		}
	case event.Handoff:
		b.ends().handoff = e
	case event.Installed:
		b.ends().installed = e
		b.reach(Installed)
	case event.Unreachable:
		b.unreachable(e)
	case event.RRQ, event.OACK, event.Data, event.Got, event.Miss, event.TFTPError, event.Abort, event.HTTPRequest, event.HTTPResponse:
		b.file(e)
	case event.Retry:
		if e.Path != "" {
			b.file(e)
		} else {
			b.message(event.Kind(e.Attr("of")), e)
		}
	default:
		b.message(e.Kind, e)
	}
}

// repeats tells whether a retransmission is the machine's: what a server sends again is no news of it.
func (b *Boot) repeats(e event.Event) bool {
	switch event.Kind(e.Attr("of")) {
	case event.Discover, event.Request, event.ProxyRequest, event.BootRequest, event.RRQ:
		return true
	}
	return false
}

// file takes a fact about a file.
func (b *Boot) file(e event.Event) {
	switch {
	case !b.ours(e):
		b.goesOn(e)
		b.count(otherFile, e)
	case b.installs(e):
		b.ends().installing.take(e)
		b.reach(Installing)
	default:
		b.fetch(e)
	}
}

// pxePort is where boot servers are asked (PXE 2.1, section 2.2.3).
const pxePort = 4011

// unreachable takes that a port is closed: of TFTP mostly.
func (b *Boot) unreachable(e event.Event) {
	switch byGuest := e.Attr("by") == "guest"; {
	case e.Peer.Port() == pxePort && byGuest:
		b.count(refused, e)
	case e.Peer.Port() == pxePort:
		b.count(closed4011, e)
	case !byGuest || e.Path != "":
		b.file(e)
	}
}

// ours tells whether a fact is about the boot server.
func (b *Boot) ours(e event.Event) bool {
	return e.Source == "server" || b.Ours.IsValid() && sender(e) == b.Ours
}

// sender is who is behind an answer: what a relay brought is from the server that option 54 names.
func sender(e event.Event) netip.Addr {
	if server, err := netip.ParseAddr(e.Attr("server")); err == nil && e.Kind != event.Request {
		return server
	}
	return e.Peer.Addr().Unmap()
}

// ignore takes the boot server's own reason for a silence, which is a question too if nobody else tells it.
func (b *Boot) ignore(e event.Event) {
	of := event.Kind(e.Attr("of"))
	foreign := b.left || !b.Witnessed && b.leaves(of, b.client.learn(e)) // the wire has told who asks
	if e.Attr("usual") == "" && !foreign {
		b.count(silence+what(of), e)
	}
	if !b.Witnessed && of != "" {
		b.message(of, e)
	}
}

// isLease tells whether an answer gives an address.
func isLease(e event.Event) bool { return e.Attr("yiaddr") != "" && e.Attr("yiaddr") != "0.0.0.0" }

// isPXE tells whether an answer says that it is one to netboot clients.
func isPXE(e event.Event) bool {
	class := e.Attr("class")
	return strings.HasPrefix(class, "PXEClient") || strings.HasPrefix(class, "HTTPClient")
}
