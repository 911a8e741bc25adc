package verdict

import (
	"iter"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A Case is one of the boots of a machine.
type Case struct {
	Began  time.Time  `json:"began"`
	Class  string     `json:"class,omitempty"` // option 60 of who asked last
	Arch   int        `json:"arch"`            // option 93; -1: it says none
	Server netip.Addr `json:"server,omitzero"` // the boot server
	Story  Story      `json:"story"`
}

// apart is how long firmware is silent before what it asks is another boot.
const apart = time.Minute

// Boots tells the boots of one machine, of facts of its wire. The boot server is ours, or if that is not valid the one
// that the machine follows. What only wanted an address is none.
func Boots(facts []event.Event, ours netip.Addr) (all []Case) {
	for part, next := range parts(facts) {
		if c, _, some := judge(part, next, ours); some {
			all = append(all, c)
		}
	}
	return all
}

// parts are the facts of each boot, and those behind them.
func parts(facts []event.Event) iter.Seq2[[]event.Event, []event.Event] {
	return func(yield func(part, next []event.Event) bool) {
		first, fetched := 0, false
		for n, e := range facts {
			begins := e.Kind == event.Discover && Netboots(e) && !isIPXE(e) && n > first
			if begins && (fetched || e.Time.Sub(facts[n-1].Time) >= apart) {
				if !yield(facts[first:n], facts[n:]) {
					return
				}
				first, fetched = n, false
			}
			fetched = fetched || e.Kind == event.Got || e.Kind == event.HTTPResponse
		}
		if len(facts) > first {
			yield(facts[first:], nil)
		}
	}
}

// judge tells one boot, and when it is over if nothing more is heard; false if it is none.
func judge(part, next []event.Event, ours netip.Addr) (c Case, until time.Time, some bool) {
	if !ours.IsValid() {
		ours = bootServer(part)
	}
	b := Boot{Witnessed: true, Ours: ours}
	for _, e := range part {
		b.Take(e)
	}
	if len(next) > 0 {
		b.Close(next[0])
	}
	until, some = b.Deadline()
	return Case{part[0].Time, b.client.class, b.client.arch, ours, b.Story()}, until, some
}

// bootServer is whom a machine follows: who has the files that it asks for, else who told it to, else who offers to
// netboot clients, else whom it asks; invalid if there is nobody.
func bootServer(facts []event.Event) netip.Addr {
	var told, offers, asked netip.Addr
	for _, e := range facts {
		switch e.Kind {
		case event.Got, event.OACK, event.HTTPResponse:
			return e.Peer.Addr()
		case event.ProxyAck, event.BootAck:
			told = sender(e)
		case event.Offer:
			if isPXE(e) || e.Path != "" {
				offers = sender(e)
			}
		case event.RRQ, event.HTTPRequest:
			asked = e.Peer.Addr()
		}
	}
	for _, addr := range []netip.Addr{told, offers, asked} {
		if addr.IsValid() {
			return addr
		}
	}
	return netip.Addr{}
}
