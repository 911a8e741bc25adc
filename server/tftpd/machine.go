package tftpd

import (
	"bytes"
	"container/heap"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

// firstPort and up are the ports of a Machine's transfers, as IANA gives them for such use (RFC 6335).
const firstPort = 49152

// A Machine is the whole server in one machine.Machine, for the simulator: port 69 and a port for each
// transfer. Production code is Serve; both run the same Transfer.
type Machine struct {
	cfg     Config
	clients map[client]*running
	ports   map[uint16]*running
	timers  timers
	ready   []*running // may have something to send
	port    uint16     // given out last
	xfers   uint64
	links   func(int) (Link, bool)
	waiting []machine.Datagram // requests, while there are as many transfers as we may have
}

// maxWaiting is about what a kernel keeps for a socket that nobody reads.
const maxWaiting = 256

type client struct {
	link int
	addr netip.AddrPort
}

// running is a transfer in a Machine.
type running struct {
	*Transfer
	key   client
	port  uint16
	at    time.Time // its deadline when it was last asked
	index int       // in timers
	queue bool      // is in ready
}

// NewMachine makes a server that waits for its first request. A Datagram's Link is an index into links;
// without any all are served.
func NewMachine(cfg Config, links ...Link) *Machine {
	m := &Machine{cfg: cfg.filled()}
	if m.cfg.FirstPort == 0 {
		m.cfg.FirstPort, m.cfg.LastPort = firstPort, 65535
	}
	if !m.cfg.SinglePort {
		m.cfg.MaxTransfers = min(m.cfg.MaxTransfers, int(m.cfg.LastPort)-int(m.cfg.FirstPort)+1)
	}
	m.links = func(i int) (Link, bool) {
		if len(links) == 0 {
			return Link{}, true
		}
		if i < 0 || i >= len(links) {
			return Link{Name: "no link of ours"}, false
		}
		return links[i], !links[i].Closed
	}
	m.reset()
	return m
}

func (m *Machine) reset() {
	m.clients, m.ports = map[client]*running{}, map[uint16]*running{}
	m.timers, m.ready, m.waiting, m.port = nil, nil, nil, m.cfg.LastPort
}

// Listens reports whether the machine may have something behind a port. All that it gives to transfers
// count, so that a late ACK is swallowed and not answered by ICMP.
func (m *Machine) Listens(port uint16) bool {
	return port == Port || !m.cfg.SinglePort && port >= max(m.cfg.FirstPort, 1) && port <= m.cfg.LastPort
}

// Receive takes datagrams to port 69 and to the transfers' ports.
func (m *Machine) Receive(now time.Time, in machine.Input) {
	switch in := in.(type) {
	case machine.Reset:
		for _, r := range m.timers {
			r.Stop(now, "the server was reset")
		}
		m.reset()
	case machine.Unreachable:
		m.give(now, m.ports[in.Src.Port()], in)
		if m.cfg.SinglePort {
			m.give(now, m.byClient(in.Dst), in)
		}
	case machine.Datagram:
		mine := m.clients[client{in.Link, in.Src}]
		switch {
		case in.Dst.Port() != Port:
			m.give(now, m.ports[in.Dst.Port()], in)
		case m.cfg.SinglePort && mine != nil && opcode(in.Payload) != opRRQ:
			m.give(now, mine, in)
		default:
			m.request(now, in)
		}
	}
}

func (m *Machine) byClient(addr netip.AddrPort) *running {
	for key, r := range m.clients {
		if key.addr == addr {
			return r
		}
	}
	return nil
}

func (m *Machine) give(now time.Time, r *running, in machine.Input) {
	if r != nil {
		r.Receive(now, in)
		m.wake(r)
	}
}

func (m *Machine) request(now time.Time, d machine.Datagram) {
	key := client{d.Link, d.Src}
	old, found := m.clients[key]
	if found && old.Repeated(now, d.Payload) {
		m.wake(old)
		return
	}
	on, ours := m.links(d.Link)
	if !ours {
		m.cfg.elsewhere(now, d, on, on.Name)
		return
	}
	if !unicast(d.Dst.Addr()) || !m.cfg.deserves(now, d) {
		return
	}
	if !found && len(m.clients) >= m.cfg.MaxTransfers {
		m.wait(now, d)
		return
	}
	if found {
		old.Stop(now, "the client asked for another file")
		m.forget(old)
	}
	m.xfers++
	r := &running{key: key, port: Port, index: -1}
	if !m.cfg.SinglePort {
		r.port = m.freePort()
		m.ports[r.port] = r
	}
	r.Transfer = NewTransfer(now, m.cfg, Arrival{Datagram: d, Local: netip.AddrPortFrom(d.Dst.Addr(), r.port), On: on, Xfer: m.xfers})
	m.clients[key] = r
	r.at, _ = r.Deadline()
	heap.Push(&m.timers, r)
	m.wake(r)
}

// wait keeps a request until a transfer has ended.
func (m *Machine) wait(now time.Time, d machine.Datagram) {
	if len(m.waiting) == 0 {
		m.cfg.full(now)
	}
	if len(m.waiting) < maxWaiting {
		d.Payload = bytes.Clone(d.Payload)
		m.waiting = append(m.waiting, d)
	}
}

// unicast refuses requests to a broadcast: their answers would have no address to come from.
func unicast(a netip.Addr) bool {
	return a.IsValid() && !a.IsUnspecified() && !a.IsMulticast() && a != netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

func (m *Machine) freePort() uint16 {
	for {
		if m.port++; m.port < m.cfg.FirstPort || m.port > m.cfg.LastPort {
			m.port = m.cfg.FirstPort
		}
		if _, taken := m.ports[m.port]; !taken {
			return m.port
		}
	}
}

func (m *Machine) wake(r *running) {
	if !r.queue {
		r.queue = true
		m.ready = append(m.ready, r)
	}
}

func (m *Machine) forget(r *running) {
	delete(m.clients, r.key)
	delete(m.ports, r.port)
	if r.index >= 0 {
		heap.Remove(&m.timers, r.index)
	}
}

// admit starts the request that waited longest.
func (m *Machine) admit(now time.Time) {
	for len(m.waiting) > 0 && len(m.clients) < m.cfg.MaxTransfers {
		d := m.waiting[0]
		m.waiting = m.waiting[1:]
		m.request(now, d)
	}
}

// Next yields what the transfers have to send, in the order in which they were woken.
func (m *Machine) Next() (machine.Datagram, bool) {
	for len(m.ready) > 0 {
		r := m.ready[0]
		if d, ok := r.Next(); ok {
			return d, true
		}
		r.queue = false
		m.ready = m.ready[1:]
		if r.index < 0 {
			continue // was forgotten while it waited here
		}
		if r.Done() {
			m.forget(r)
			m.admit(r.now)
			continue
		}
		r.at, _ = r.Deadline()
		heap.Fix(&m.timers, r.index)
	}
	return machine.Datagram{}, false
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
