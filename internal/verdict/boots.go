package verdict

import (
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
	first, fetched := 0, false
	end := func(next int) {
		server := ours
		if !server.IsValid() {
			server = bootServer(facts[first:next])
		}
		b := Boot{Witnessed: true, Ours: server}
		for _, e := range facts[first:next] {
			b.Take(e)
		}
		if next < len(facts) {
			b.Close(facts[next])
		}
		if _, some := b.Deadline(); some {
			all = append(all, Case{facts[first].Time, b.client.class, b.client.arch, server, b.Story()})
		}
		first, fetched = next, false
	}
	for n, e := range facts {
		begins := e.Kind == event.Discover && Netboots(e) && !isIPXE(e) && n > first
		if begins && (fetched || e.Time.Sub(facts[n-1].Time) >= apart) {
			end(n)
		}
		fetched = fetched || e.Kind == event.Got || e.Kind == event.HTTPResponse
	}
	if len(facts) > first {
		end(len(facts))
	}
	return all
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
