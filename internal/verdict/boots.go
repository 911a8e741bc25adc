package verdict

import (
	"iter"
	"net/netip"
	"strings"
	"time"

	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
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
// that the machine follows. The facts are all until the end, if that is not zero. What only wanted an address is none.
func Boots(facts []event.Event, ours netip.Addr, end time.Time) (all []Case) {
	var last *Boot
	for part, next := range parts(facts) {
		ends := end
		if len(next) > 0 {
			ends = time.Time{}
		}
		b, c, some := judge(last, part, next, ours, ends)
		last = b
		if !some {
			continue
		}
		if n := len(all) - 1; n >= 0 && all[n].Story.Fault() && !c.Story.Fault() && all[n].goesOnAs(c) {
			all[n].Story.Then = c.Class
		}
		all = append(all, c)
	}
	return all
}

// nextWay is how long after its beginning firmware gives a way to boot up at most, and takes the next: EDK2 asks by PXE for
// a minute, and as long by IPv6.
const nextWay = 4 * time.Minute

// goesOnAs tells whether the next boot is the same machine's next way to boot, as UEFI firmware that asks by PXE, and
// then by HTTP.
func (c Case) goesOnAs(next Case) bool {
	return next.Began.Sub(c.Began) <= nextWay && c.Story.Stage < Loaded && isHTTP(c.Class) != isHTTP(next.Class)
}

func isHTTP(class string) bool { return strings.HasPrefix(class, pxe.HTTPClient) }

// parts are the facts of each boot, and those behind them.
func parts(facts []event.Event) iter.Seq2[[]event.Event, []event.Event] {
	return func(yield func(part, next []event.Event) bool) {
		first, fetched, started, rom := 0, false, false, false
		for n, e := range facts {
			asks := e.Kind == event.Discover && Netboots(e)
			if n == first {
				rom = asks && isIPXE(e)
			} else if asks && (isIPXE(e) && rom && started || !isIPXE(e) && (fetched || e.Time.Sub(facts[n-1].Time) >= apart)) {
				if !yield(facts[first:n], facts[n:]) {
					return
				}
				first, fetched, started, rom = n, false, false, isIPXE(e)
			}
			fetched = fetched || e.Kind == event.Got || e.Kind == event.HTTPResponse
			started = started || isKernel(e)
		}
		if len(facts) > first {
			yield(facts[first:], nil)
		}
	}
}

// isKernel tells whether a fact is that somebody has a kernel, behind which an iPXE that asks is another boot's.
func isKernel(e event.Event) bool {
	b := Boot{stage: Loaded}
	return came(e) && b.roleOf(&file{path: e.Path, last: e}) >= kernel
}

// judge tells one boot, which is not the machine's first if last is not nil; false if it is none.
func judge(last *Boot, part, next []event.Event, ours netip.Addr, end time.Time) (b *Boot, c Case, some bool) {
	if !ours.IsValid() {
		ours = bootServer(part)
	}
	b = &Boot{Witnessed: true, Ours: ours, Ends: end}
	if last != nil {
		b.Follow(last, part[0].Time)
	}
	for _, e := range part {
		b.Take(e)
	}
	if len(next) > 0 {
		b.Close(next[0])
	}
	_, some = b.Deadline()
	if b.underWay() == nil {
		b.settle()
	}
	return b, Case{part[0].Time, b.client.class, b.client.arch, ours, b.Story()}, some
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
