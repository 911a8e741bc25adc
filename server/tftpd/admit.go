package tftpd

import (
	"container/heap"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// request starts a transfer, or lets the request wait.
func (m *Machine) request(now time.Time, d machine.Datagram) {
	if a, ok := m.admissible(now, d); ok {
		m.begin(now, NewTransfer(now, m.cfg, a))
	}
}

// admissible decides whether a request gets a transfer, and what that is given.
func (m *Machine) admissible(now time.Time, d machine.Datagram) (Arrival, bool) {
	old := m.table.clients[d.Src]
	if old != nil && old.Repeated(now, d.Payload) {
		m.wake(old)
		return Arrival{}, false
	}
	if m.finishing {
		return Arrival{}, false
	}
	on, ours := m.wires(d)
	if !ours {
		m.cfg.elsewhere(now, d, on)
		return Arrival{}, false
	}
	if !unicast(d.Dst.Addr()) || !m.cfg.deserves(now, d, on) {
		return Arrival{}, false
	}
	if old != nil && opcode(d.Payload) != opRRQ {
		// Anybody can send this in the name of a client; only that it asks anew ends its transfer.
		m.cfg.ignore(now, d, event.BuiltIn, "the client has a transfer, and this is no read request")
		return Arrival{}, false
	}
	if goes, crowded, ok := m.table.room(now, d.Src.Addr()); old == nil && (goes != nil || !ok) && !m.press(now, d.Src.Addr(), crowded) && !ok {
		m.wait(now, d)
		return Arrival{}, false
	}
	m.xfers++
	if on.routed {
		d.Link = anyLink
	}
	a := Arrival{Datagram: d, Local: netip.AddrPortFrom(d.Dst.Addr(), m.deal(d.Src, old)), On: on, Xfer: m.xfers}
	if m.wary && len(m.ports) == 1 {
		a.suspect = m.suspects.get(now, d.Src.Addr())
	}
	return a, true
}

// deal chooses one of the ports so that nobody but the client learns which.
func (m *Machine) deal(client netip.AddrPort, old *running) uint16 {
	last, known := m.ended.ports[client]
	if old != nil {
		last, known = old.local.Port(), true
	}
	for {
		port := m.ports[m.rng.IntN(len(m.ports))]
		if !known || port != last || len(m.ports) == 1 {
			return port
		}
	}
}

// begin lets a new transfer run, in the place of the client's last one, or of the one that has to go.
func (m *Machine) begin(now time.Time, t *Transfer) {
	if old := m.table.clients[t.client]; old != nil {
		old.Stop(now, "the client asked for another file")
		m.forget(old)
	}
	if t.phase == over {
		m.out = append(m.out, t.control...)
		m.admit(now)
		return
	}
	goes, crowded, _ := m.table.room(now, t.client.Addr())
	if crowded {
		m.crowded(now, t.client.Addr())
	}
	if goes != nil {
		goes.Stop(now, "another request needs its place, and the client has not answered")
		m.forget(goes)
	}
	r := &running{Transfer: t, index: -1}
	m.table.add(now, r)
	r.at, _ = r.Deadline()
	heap.Push(&m.timers, r)
	m.wake(r)
}

func (m *Machine) wait(now time.Time, d machine.Datagram) {
	if _, crowded, _ := m.table.room(now, d.Src.Addr()); crowded {
		m.crowded(now, d.Src.Addr())
	} else if len(m.waiting) == 0 {
		m.cfg.full(now)
	}
	if m.table.debts.of(now, d.Src.Addr()) >= tooMuch {
		return // others have more need of the place
	}
	m.waiting.add(now, d)
}

// press ends the transfer that has been silent longest, if that is long: of the address, if that is what has
// too many, or of all. It comes before those who have had no time to answer.
func (m *Machine) press(now time.Time, addr netip.Addr, crowded bool) bool {
	if now.Sub(m.pressed) < time.Second {
		return false
	}
	m.pressed = now
	var silent *running
	for _, r := range m.timers {
		if mine := !crowded || r.client.Addr() == addr; mine && (silent == nil || r.heardAt.Before(silent.heardAt)) {
			silent = r
		}
	}
	if silent == nil || now.Sub(silent.heardAt) < pressSilence {
		return false
	}
	silent.Stop(now, "another request needs its place, and the client is silent")
	m.forget(silent)
	return true
}

func (m *Machine) crowded(now time.Time, addr netip.Addr) {
	if s := m.table.shares[addr]; s != nil && !s.told {
		s.told = true
		m.cfg.crowded(now, addr)
	}
}

// admit starts the request that waited longest.
func (m *Machine) admit(now time.Time) {
	if len(m.waiting) == 0 {
		return
	}
	d, ok := m.waiting.take(now, func(addr netip.Addr) bool {
		_, _, ok := m.table.room(now, addr)
		return ok
	})
	if ok {
		m.request(now, d)
	}
}
