package storm

import (
	"net"
	"time"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/observe"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// A client is one machine of a crowd: a machine.Machine around its guest, which looks how the guest fares.
type client struct {
	crowd   *crowd
	mac     net.HardwareAddr
	guest   *emulator.Guest
	stack   *link.Stack
	port    link.Port
	moments moments
	boot    Boot
	keys    int // that were pressed
	waits   bool
	ended   bool
	left    time.Time
	parts   bool // it does nothing more but to give its address back
}

// switchOn plugs a client in and switches it on.
func (c *crowd) switchOn(now time.Time, lan *link.LAN, number int) {
	m := &client{crowd: c, mac: mac(c.cfg.Mark, number)}
	m.moments.on = now
	name, profile := m.mac.String(), c.firmware[number-1]
	m.boot = Boot{LAN: c.number, Client: number, MAC: name, Profile: profile.Name, Began: now.Sub(c.began)}
	m.guest = emulator.NewGuest(emulator.GuestConfig{
		Name: name, Profile: profile, MAC: m.mac, UUID: c.uuid(number), Seed: c.seed*0x9e3779b97f4a7c15 + uint64(number), Events: m,
		AnyProgram: c.lent,
	})
	m.stack = link.NewStack(link.StackConfig{MAC: m.mac, Announces: c.lent, TCP: true, NextHop: m.guest.NextHop}, m)
	m.port = lan.Plug(name, m.stack)
	m.watch(lan)
	c.booting[number] = m
	m.input(now, lan, machine.Reset{})
}

// watch reads its port.
func (m *client) watch(lan *link.LAN) {
	lan.Ignore(m.port, func(frame []byte) bool { return ignores(m.mac, m.moments.addr, frame) })
	lan.Watch(m.port, observe.New(observe.Config{Guest: m.boot.MAC, MAC: m.mac, Events: m}).Frame)
}

func (m *client) input(now time.Time, lan *link.LAN, in machine.Input) {
	m.stack.Receive(now, in)
	lan.Poke(now, m.port)
}

// Record takes what its wire shows, and what it says.
func (m *client) Record(e event.Event) {
	m.moments.take(e)
	if m.crowd.facts != nil {
		m.crowd.facts.Record(e)
	}
}

// press presses the next key. Without one, the client waits for ever.
func (m *client) press(now time.Time, lan *link.LAN) {
	m.waits = false
	if m.ended {
		return
	}
	if m.keys < len(m.crowd.cfg.Keys) {
		m.keys++
		m.input(now, lan, machine.Key(m.crowd.cfg.Keys[m.keys-1]))
		return
	}
	m.end(now, 0, &Loss{Text: "it waits for a key", Cause: "a menu or a prompt without a timeout, and --key presses none"})
}

// Receive, Expire, Next and Deadline are the guest's.
func (m *client) Receive(now time.Time, in machine.Input) {
	if m.parts {
		return
	}
	m.guest.Receive(now, in)
	m.look(now)
}

// Expire is the guest's.
func (m *client) Expire(now time.Time) {
	if m.parts {
		return
	}
	m.guest.Expire(now)
	m.look(now)
}

// Next is the guest's.
func (m *client) Next() (machine.Datagram, bool) { return m.guest.Next() }

// Deadline is the guest's.
func (m *client) Deadline() (time.Time, bool) {
	if m.parts {
		return time.Time{}, false
	}
	return m.guest.Deadline()
}

// look sees whether the boot has ended, or goes on with a key alone.
func (m *client) look(now time.Time) {
	if m.ended {
		return
	}
	r, done := m.guest.Done()
	switch _, timed := m.guest.Deadline(); {
	case done && r.Failure != nil:
		m.end(now, 0, &Loss{Text: r.Failure.Text, Cause: r.Failure.Cause, Patience: r.Failure.Patience})
	case done:
		m.end(now, len(r.Handoff.Modules), nil)
	case !timed && !m.waits:
		m.waits = true
		m.crowd.waiting = append(m.crowd.waiting, m)
	}
}

// end says what became of the boot.
func (m *client) end(now time.Time, modules int, lost *Loss) {
	m.ended, m.left = true, now
	m.boot.Ended, m.boot.Took, m.boot.Again, m.boot.Lost = now.Sub(m.crowd.began), m.moments.took(now, modules), m.moments.again, lost
	delete(m.crowd.booting, m.boot.Client)
	m.crowd.leaving = append(m.crowd.leaving, m)
}

// giveBack gives the address back; false: it has none.
func (m *client) giveBack(now time.Time, lan *link.LAN) bool {
	m.parts, m.left = m.guest.Release(), now
	lan.Poke(now, m.port)
	return m.parts
}

// unplug takes it off the LAN.
func (m *client) unplug(lan *link.LAN) Boot {
	lan.Unplug(m.port)
	m.guest.Close()
	return m.boot
}
