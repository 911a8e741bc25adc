package dhcpd

import (
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/machines"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/server/relay"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// Config is what a Machine is made of.
type Config struct {
	PXE    *proxydhcp.Config
	Lease  *lease.Config // nil: no addresses are given
	Known  []lease.Lease // the leases of the last time
	Silent bool          // a Listener tells what it would answer, and sends nothing
	Links  []dhcp.Link
	Events event.Recorder // nil: nobody listens

	Relays  relay.Relays
	Uplinks []dhcp.Link // where only the answers to relayed requests are heard; numbered on from Links

	// Store keeps leases for good, before a client is told of them. When it fails they are in memory, and it is told
	// them again, with what is new, until it returns nil; with none at first, and while it fails. Nil: nothing is kept.
	Store func([]lease.Change) error

	// Clock is the time by which leases end, which Known are of. Nil: that which the owner of a Machine says.
	Clock func() time.Time

	Learn Learn // nil: the owner knows better

	// Machines gives machines tags by their marks, and keeps what becomes of marks before clients are answered. Nil: nobody
	// is marked.
	Machines *machines.Book
	// Elsewhere says that what clients are told to fetch is not fetched from this server, or nobody knows by whom.
	Elsewhere bool

	// Patience is how long an offer waits for its address to answer a probe. Zero: nothing is probed.
	Patience time.Duration
}

// Learn is told of a client that is sent to but cannot be asked where it is, because it has no address
// yet, before the datagram is handed out.
type Learn func(link int, addr netip.Addr, mac net.HardwareAddr)

// Machine is the DHCP service as a machine.Machine: ports 67 (or that of PXE.Ports) and 4011 of the links.
// Its answers are ready when its owner asks Next, but for those that wait: for a probe, or by
// dhcp-reply-delay.
//
// An owner that calls Receive several times before Next has all that came stored at once.
type Machine struct {
	cfg     Config
	leases  *lease.Server
	gave    bool // addresses, at some time
	decided []decided
	keeping keeping
	probes  probes
	out     []outgoing
	went    int       // how many of out Next has yielded
	later   []delayed // the next to send first
}

// A decided request waits for its leases to be stored.
type decided struct {
	at    time.Time
	link  int
	req   dhcp.Request
	asked event.Event
	dhcp.Decision
}

// NewMachine makes a Machine. A Datagram's Link is an index into cfg.Links.
func NewMachine(cfg Config) *Machine {
	cfg = cfg.filled()
	return &Machine{
		cfg: cfg, leases: lease.New(cfg.Lease, cfg.PXE, cfg.Known), gave: len(cfg.Lease.Ranges) > 0,
		keeping: newKeeping(), probes: newProbes(cfg.Patience),
	}
}

// Receive decides about one datagram.
func (m *Machine) Receive(now time.Time, in machine.Input) {
	d, ok := in.(machine.Datagram)
	if !ok || d.Link < 0 {
		return
	}
	relayed := m.relay(now, d)
	if relayed && relay.Answer(d.Payload) || d.Link >= len(m.cfg.Links) {
		return
	}
	if !m.cfg.Links[d.Link].Prefix.IsValid() { // an alias of an interface that is not there
		return
	}
	if d.Dst.Port() == m.cfg.PXE.Ports.DHCPClient() {
		m.hear(now, d)
		return
	}
	packet, err := dhcp.Parse(d.Payload)
	if err != nil {
		if !relayed {
			m.cfg.Events.Record(garbage(now, d, err))
		}
		return
	}
	link := m.link(d)
	req := dhcp.Request{Link: m.cfg.Links[link], Port: d.Dst.Port(), Src: d.Src, To: d.Dst.Addr(), Packet: packet}
	if !relayed || m.leases.Serves(req) {
		m.decide(now, link, req)
	}
}

func (m *Machine) decide(now time.Time, link int, req dhcp.Request) {
	asked := question(now, req)
	req.Marks = m.cfg.Machines.Asked(asked)
	d := decided{now, link, req, asked, m.leases.Decide(m.leaseTime(now), req)}
	if !m.probes.hold(d) {
		m.decided = append(m.decided, d)
	}
}

// link picks the right address of an interface that has several: the one the packet was sent to, else
// the first that a range is for.
func (m *Machine) link(d machine.Datagram) int {
	links := m.cfg.Links
	same := func(fits func(dhcp.Link) bool) int {
		return slices.IndexFunc(links, func(l dhcp.Link) bool {
			return l.Index == links[d.Link].Index && l.Name == links[d.Link].Name && fits(l)
		})
	}
	if i := same(func(l dhcp.Link) bool { return l.Prefix.Addr() == d.Dst.Addr() }); i >= 0 {
		return i
	}
	if i := same(m.served); i >= 0 {
		return i
	}
	return d.Link
}

// served tells whether a network is for the link.
func (m *Machine) served(l dhcp.Link) bool {
	on := func(n dhcp.Network) bool { return n.On(l) || m.cfg.PXE.Shared.On(l, n) }
	return slices.ContainsFunc(m.cfg.PXE.Networks, on) || slices.ContainsFunc(m.cfg.Lease.Networks(), on)
}

// Next yields the next answer. Leases are stored before the first one that needs them.
func (m *Machine) Next() (machine.Datagram, bool) {
	out, ok := m.next()
	if ok && out.mac != nil && m.cfg.Learn != nil {
		m.cfg.Learn(out.Link, out.Dst.Addr(), out.mac)
	}
	return out.Datagram, ok
}

func (m *Machine) next() (outgoing, bool) {
	m.settle()
	if m.went == len(m.out) {
		m.out, m.went = m.out[:0], 0
		return outgoing{}, false
	}
	m.went++
	return m.out[m.went-1], true
}

// settle stores the leases that were made and lets the answers go.
func (m *Machine) settle() {
	if len(m.decided) == 0 {
		return
	}
	now := m.decided[len(m.decided)-1].at
	for _, d := range m.decided {
		if d.Reply != nil && d.Reply.Kind != event.Nak {
			m.cfg.Machines.Answered(d.asked, m.seen(d))
		}
	}
	m.cfg.Machines.Settle(now)
	m.keep(now)
	for _, d := range m.decided {
		m.record(d)
		if r := d.Reply; r != nil {
			datagram := machine.Datagram{Link: d.link, Src: r.Src, Dst: r.Dst, Payload: r.Payload}
			m.queue(d.at.Add(d.Delay), d.Delay, m.by(datagram, neighbour(r)))
		}
	}
	m.decided = m.decided[:0]
}

// Expire sends the answers whose delay is over, and the offers whose address nobody has. What could not be stored is
// tried again.
func (m *Machine) Expire(now time.Time) {
	m.decided = append(m.decided, m.probes.expire(now)...)
	m.settle()
	m.keep(now)
	for len(m.later) > 0 && !m.later[0].at.After(now) {
		m.out = append(m.out, m.later[0].outgoing)
		m.later = m.later[1:]
	}
}

// Deadline is that of the next answer that waits, or of the next attempt to store what could not be stored.
func (m *Machine) Deadline() (at time.Time, some bool) {
	sooner := func(t time.Time, waits bool) {
		if waits && (!some || t.Before(at)) {
			at, some = t, true
		}
	}
	sooner(m.probes.deadline())
	if len(m.later) > 0 {
		sooner(m.later[0].at, true)
	}
	sooner(m.keeping.again, m.cfg.Store != nil && !m.keeping.works)
	return at, some
}
