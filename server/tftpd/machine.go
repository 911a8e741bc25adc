package tftpd

import (
	"container/heap"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/internal/machine"
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
}

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

// NewMachine makes a server that waits for its first request.
func NewMachine(cfg Config) *Machine {
	m := &Machine{cfg: cfg.filled()}
	m.cfg.MaxTransfers = min(m.cfg.MaxTransfers, 65536-firstPort)
	m.reset()
	return m
}

func (m *Machine) reset() {
	m.clients, m.ports = map[client]*running{}, map[uint16]*running{}
	m.timers, m.ready, m.port = nil, nil, firstPort-1
}

// Listens reports whether the machine may have something behind a port. All that it gives to transfers
// count, so that a late ACK is swallowed and not answered by ICMP.
func (m *Machine) Listens(port uint16) bool { return port == Port || port >= firstPort }

// Receive takes datagrams to port 69 and to the transfers' ports.
func (m *Machine) Receive(now time.Time, in machine.Input) {
	switch in := in.(type) {
	case machine.Reset:
		for _, r := range m.timers {
			r.Stop(now, "the server was reset")
		}
		m.reset()
	case machine.Unreachable:
		m.give(now, in.Src.Port(), in)
	case machine.Datagram:
		if in.Dst.Port() == Port {
			m.request(now, in)
		} else {
			m.give(now, in.Dst.Port(), in)
		}
	}
}

func (m *Machine) give(now time.Time, port uint16, in machine.Input) {
	if r, found := m.ports[port]; found {
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
	if !unicast(d.Dst.Addr()) || !m.cfg.deserves(now, d, len(m.clients)) {
		return
	}
	if found {
		old.Stop(now, "the client asked for another file")
		m.forget(old)
	}
	m.xfers++
	r := &running{key: key, port: m.freePort(), index: -1}
	r.Transfer = NewTransfer(now, m.cfg, Arrival{Datagram: d, Local: netip.AddrPortFrom(d.Dst.Addr(), r.port), Xfer: m.xfers})
	m.clients[key], m.ports[r.port] = r, r
	r.at, _ = r.Deadline()
	heap.Push(&m.timers, r)
	m.wake(r)
}

// unicast refuses requests to a broadcast: their answers would have no address to come from.
func unicast(a netip.Addr) bool {
	return a.IsValid() && !a.IsUnspecified() && !a.IsMulticast() && a != netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

func (m *Machine) freePort() uint16 {
	for {
		if m.port++; m.port < firstPort {
			m.port = firstPort
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
