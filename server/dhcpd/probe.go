package dhcpd

import (
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// Patience is how long the listener lets an offer wait for the echo of its address. A neighbour answers
// within milliseconds; iPXE asks again after a second, and dnsmasq's three are why its first offer is
// often too late for it.
const Patience = 400 * time.Millisecond

const (
	// silence is how long it counts that nobody answered (dnsmasq: PING_CACHE_TIME).
	silence = 30 * time.Second
	// maxProbes bounds the offers that wait. When so many clients come at once, the rest is answered without
	// a probe, as dnsmasq does under load (dhcp.c, do_icmp_ping).
	maxProbes = 128
	maxSilent = 1024 // silences that are remembered
)

// A Probe asks whether somebody on a link has an address. Its owner sends the ICMP echo that RFC 2131
// section 3.1 recommends, and calls Alive if there is an answer.
type Probe struct {
	Link int
	Addr netip.Addr
}

// probes are the offers that wait for their address to stay silent.
type probes struct {
	patience time.Duration
	waiting  map[netip.Addr]waiting
	silent   map[netip.Addr]time.Time // since when
	ask      []Probe
}

// A waiting offer goes out at its time, unless its address answers before.
type waiting struct {
	until time.Time
	decided
}

func newProbes(patience time.Duration) probes {
	return probes{patience: patience, waiting: map[netip.Addr]waiting{}, silent: map[netip.Addr]time.Time{}}
}

// hold keeps an offer back whose address must be probed. A client that asks again meanwhile gets one
// answer, to its last question, no later than it would have got the first.
func (p *probes) hold(d decided) bool {
	addr := d.Probe
	if !addr.IsValid() || p.patience <= 0 {
		return false
	}
	if since, known := p.silent[addr]; known && d.at.Sub(since) < silence {
		return false
	}
	if first, already := p.waiting[addr]; already {
		p.waiting[addr] = waiting{first.until, d}
		return true
	}
	if len(p.waiting) >= maxProbes {
		return false
	}
	p.waiting[addr] = waiting{d.at.Add(p.patience), d}
	p.ask = append(p.ask, Probe{d.link, addr})
	return true
}

// expire yields the offers whose time has come.
func (p *probes) expire(now time.Time) []decided {
	var ready []decided
	for addr, w := range p.waiting {
		if !w.until.After(now) {
			ready = append(ready, w.decided)
			delete(p.waiting, addr)
			if len(p.silent) >= maxSilent {
				clear(p.silent) // then some are asked once more
			}
			p.silent[addr] = now
		}
	}
	return ready
}

func (p *probes) deadline() (earliest time.Time, some bool) {
	for _, w := range p.waiting {
		if !some || w.until.Before(earliest) {
			earliest, some = w.until, true
		}
	}
	return earliest, some
}

// renumber gives what waits the new numbers of links. The offers of those that have none are forgotten.
func (p *probes) renumber(number func(was int) int) {
	for addr, w := range p.waiting {
		if w.link = number(w.link); w.link < 0 {
			delete(p.waiting, addr)
			continue
		}
		p.waiting[addr] = w
	}
	p.ask = slices.DeleteFunc(p.ask, func(q Probe) bool { return number(q.Link) < 0 })
	for i := range p.ask {
		p.ask[i].Link = number(p.ask[i].Link)
	}
}

// NextProbe yields the next address to look for. It is asked after Next.
func (m *Machine) NextProbe() (Probe, bool) {
	if len(m.probes.ask) == 0 {
		return Probe{}, false
	}
	p := m.probes.ask[0]
	m.probes.ask = m.probes.ask[1:]
	return p, true
}

// Alive says that somebody has an address. If it is being probed, its client is offered another.
func (m *Machine) Alive(now time.Time, addr netip.Addr) {
	w, asked := m.probes.waiting[addr]
	if !asked {
		return
	}
	delete(m.probes.waiting, addr)
	m.leases.Taken(m.leaseTime(now), addr)
	m.cfg.Events.Record(event.Event{
		Time: now, Kind: event.Conflict, Source: "server", Client: w.req.Packet.ClientHWAddr.String(), Rule: w.Rule,
		Text:  addr.String() + " answers a ping: somebody has it already, so the client is offered another",
		Attrs: event.Attrs("link", w.req.Link.Name, "address", addr.String()),
	})
	m.decide(now, w.link, w.req)
}
