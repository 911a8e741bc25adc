package tftpd

import (
	"container/heap"
	"container/list"
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

// firstPort is that of the ports that a Machine without sockets gives to transfers, as IANA has them for
// such use (RFC 6335).
const firstPort = 49152

// pressSilence is how long a client may be silent while others wait for its place: no client that is alive
// repeats its last packet so late.
const pressSilence = 30 * time.Second

// A Machine is the whole server without sockets and clock: port 69, the ports that transfers share, and
// all rules. The simulator drives it as it is, Serve with sockets.
type Machine struct {
	cfg      Config
	wires    wires
	ports    []uint16 // what transfers speak from
	rng      *rand.Rand
	wary     bool // strangers may forge packets; nobody does in a simulation, which has no secrets either
	xfers    uint64
	table    table
	ended    ended
	suspects suspects
	waiting  waiting
	timers   timers
	pressed  time.Time          // when a silent transfer was last looked for
	out      []machine.Datagram // what belongs to no transfer
	ready    []*running         // may have something to send
	head     int                // of ready
	said     *running           // the last that has said all; nil: prepare has seen to it

	finishing bool // there are no more requests
}

// anyLink is the Link of what goes where the route leads. No interface has the index, and the simulator has
// one link there.
const anyLink = 0

// wires find the link that a datagram came by.
type wires func(d machine.Datagram) (on Link, ours bool)

// running is a transfer in a Machine.
type running struct {
	*Transfer
	at               time.Time // its deadline when it was last asked
	index            int       // in timers
	queued           bool      // is in ready
	failed           bool      // a send has failed and was recorded
	inTable, inShare *list.Element
}

// NewMachine makes a server that waits for its first request. A Datagram's Link is an index into links;
// without any all are served.
func NewMachine(cfg Config, links ...Link) *Machine {
	cfg = cfg.filled().on(links)
	var m *Machine
	m = newMachine(cfg, cfg.simulated(), [32]byte{}, func(d machine.Datagram) (Link, bool) {
		links := m.cfg.Links()
		if len(links) == 0 {
			return Link{}, true
		}
		if d.Link < 0 || d.Link >= len(links) {
			return Link{Name: "no link of ours"}, false
		}
		on := links[d.Link]
		if other, is := foreign(links, on.Index, d.Src.Addr()); is {
			return Link{Name: on.Name + " from the network of " + other.Name, Rule: on.Rule}, false
		}
		return on, !on.Closed
	})
	return m
}

// simulated are the ports of transfers where there are no sockets.
func (c Config) simulated() (ports []uint16) {
	if c.SinglePort {
		return []uint16{Port}
	}
	first := c.FirstPort
	if first == 0 {
		first = firstPort
	}
	for i := range c.Ports {
		ports = append(ports, first+uint16(i))
	}
	return ports
}

// Change lets a Machine of NewMachine go on with another configuration, as Server.Change does.
func (m *Machine) Change(cfg Config) {
	if cfg.Links == nil {
		cfg.Links = m.cfg.Links
	}
	cfg = cfg.filled()
	m.change(cfg, cfg.simulated())
}

func (m *Machine) change(cfg Config, ports []uint16) {
	cfg.Ports = len(ports)
	m.cfg, m.ports, m.finishing = cfg, ports, false
	m.table.max, m.table.perAddr = cfg.MaxTransfers, cfg.MaxPerClient
}

// Finish takes no more requests, until Change. What is under way goes on.
func (m *Machine) Finish() { m.finishing, m.waiting = true, nil }

// finished tells whether there is nothing left to do, for good.
func (m *Machine) finished() bool { return m.finishing && len(m.table.clients) == 0 }

// newMachine is given the ports that could be had, and the secret by which they are dealt out.
func newMachine(cfg Config, ports []uint16, secret [32]byte, wires wires) *Machine {
	cfg.Ports = len(ports)
	m := &Machine{cfg: cfg, ports: ports, rng: rand.New(rand.NewChaCha8(secret)), wary: secret != [32]byte{}, wires: wires}
	m.suspects = newSuspects(m.rng)
	m.reset()
	return m
}

func (m *Machine) reset() {
	m.table, m.ended = newTable(m.cfg), ended{}
	m.timers, m.ready, m.head, m.said, m.waiting, m.out = nil, nil, 0, nil, nil, nil
}

// Listens reports whether the machine may have something behind a port.
func (m *Machine) Listens(port uint16) bool {
	if port == Port {
		return true
	}
	for _, p := range m.ports {
		if p == port {
			return true
		}
	}
	return false
}

// Receive takes datagrams to port 69 and to the transfers' ports.
func (m *Machine) Receive(now time.Time, in machine.Input) {
	switch in := in.(type) {
	case machine.Reset:
		m.stop(now, "the server was reset")
	case machine.Unreachable:
		if r := m.table.clients[in.Dst]; r != nil && r.local == in.Src {
			r.Receive(now, in)
			m.wake(r)
		}
	case machine.Datagram:
		if !m.give(now, in) {
			m.request(now, in)
		}
	}
}

func (m *Machine) stop(now time.Time, text string) {
	for _, r := range m.timers {
		r.Stop(now, text)
	}
	m.reset()
}

// give hands a datagram to the transfer that it is for, or does with it what strangers deserve. It is
// false for what has to be taken as a request.
func (m *Machine) give(now time.Time, d machine.Datagram) bool {
	r := m.table.clients[d.Src]
	switch {
	case r != nil && r.local == d.Dst && (d.Dst.Port() != Port || opcode(d.Payload) != opRRQ):
		r.now = now
		r.receive(d.Payload)
		if r.link != anyLink && r.heardAt.Equal(now) {
			r.link = d.Link // where the client is by now
		}
		if r.answered || r.phase == over {
			m.table.settle(now, r)
		}
		m.wake(r)
	case d.Dst.Port() != Port, m.cfg.SinglePort && opcode(d.Payload) == opACK && m.late(d.Src):
		if r == nil { // a client that has a transfer elsewhere has its answer there
			m.strange(d)
		}
	default:
		return false
	}
	return true
}

// strange tells somebody that no transfer of his has the port (RFC 1350 section 4). That of a late ACK
// just has ended.
func (m *Machine) strange(d machine.Datagram) {
	if m.late(d.Src) || opcode(d.Payload) == opERROR || !unicast(d.Src.Addr()) || d.Src.Port() == 0 {
		return
	}
	m.out = append(m.out, machine.Datagram{Link: d.Link, Src: d.Dst, Dst: d.Src,
		Payload: errorPacket(codeUnknownTID, "this port belongs to another transfer")})
}

func (m *Machine) late(client netip.AddrPort) bool {
	_, late := m.ended.ports[client]
	return late
}

func (m *Machine) wake(r *running) {
	if !r.queued {
		r.queued = true
		m.ready = append(m.ready, r)
	}
}

func (m *Machine) forget(r *running) {
	m.table.remove(r)
	m.ended.add(r.client, r.local.Port())
	if r.index >= 0 {
		heap.Remove(&m.timers, r.index)
	}
}

// Next yields what there is to send: first what belongs to no transfer, then what the transfers have to
// say, in the order in which they were woken.
func (m *Machine) Next() (machine.Datagram, bool) {
	for {
		if len(m.out) > 0 {
			d := m.out[0]
			m.out = m.out[1:]
			return d, true
		}
		if m.head == len(m.ready) {
			m.ready, m.head = m.ready[:0], 0
			return machine.Datagram{}, false
		}
		r := m.ready[m.head]
		if d, ok := r.Next(); ok {
			return d, true
		}
		m.rest(r)
	}
}

// rest takes a transfer that has said all from the head of ready.
func (m *Machine) rest(r *running) {
	r.queued = false
	m.ready[m.head] = nil
	m.head++
	switch {
	case r.index < 0: // was forgotten while it waited here
	case r.Done():
		m.forget(r)
		m.admit(r.now)
	default:
		r.at, _ = r.Deadline()
		heap.Fix(&m.timers, r.index)
		m.said = r
	}
}

// prepare has the transfer that was the last to speak make ready what it will say next, for who has time.
func (m *Machine) prepare() {
	if m.said != nil {
		m.said.prepare()
		m.said = nil
	}
}

// Deadline is the earliest one of all transfers.
func (m *Machine) Deadline() (time.Time, bool) {
	if len(m.timers) == 0 {
		return time.Time{}, false
	}
	return m.timers[0].at, true
}

// Expire wakes the transfers whose time has come.
func (m *Machine) Expire(now time.Time) {
	for len(m.timers) > 0 && !m.timers[0].at.After(now) {
		r := m.timers[0]
		r.Expire(now)
		m.wake(r)
		// Out of the way until Next has asked it: a transfer that gave up has no deadline.
		r.at = now.Add(time.Hour)
		heap.Fix(&m.timers, 0)
	}
}
