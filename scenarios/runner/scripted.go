package runner

import (
	"fmt"
	"time"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/wire/machine"
)

// scripted is a guest whose firmware is ours, in sim and tap.
type scripted struct {
	name  string
	guest *emulator.Guest
	stack *link.Stack
	port  link.Port
}

// plugScripted puts a guest's machine on the LAN. It is off until powerOn.
func (b *lab) plugScripted(g script.Guest) error {
	profile, err := b.req.profile(g.Firmware)
	if err != nil {
		return fmt.Errorf("%s: guest %s: %w", b.file.Name, g.Name, err)
	}
	s := &scripted{name: g.Name}
	s.guest = emulator.NewGuest(emulator.GuestConfig{
		Name: g.Name, Profile: profile, MAC: g.MAC, UUID: g.UUID, Memory: g.Memory, Seed: b.req.Seed, Events: b.facts,
	})
	s.stack = link.NewStack(link.StackConfig{MAC: g.MAC, TCP: true, NextHop: s.guest.NextHop}, s.guest)
	s.port = b.lan.Plug(g.Name, s.stack)
	b.lan.SetVLAN(s.port, b.vlan(g))
	b.witness(g, s.port)
	b.scripted = append(b.scripted, s)
	return nil
}

func (s *scripted) input(now time.Time, lan *link.LAN, in machine.Input) {
	s.stack.Receive(now, in)
	lan.Poke(now, s.port)
}

// powerOn switches those guests on that do not wait for the host, and are not on.
func (b *lab) powerOn(now time.Time) {
	for _, s := range b.scripted {
		if b.turn(s.name) {
			s.input(now, b.lan, machine.Reset{})
		}
	}
}

// turn tells whether a guest is to be switched on now, which it then is.
func (b *lab) turn(guest string) bool {
	if b.on[guest] || b.judge.Waits(guest) {
		return false
	}
	b.on[guest] = true
	return true
}

func (b *lab) close() {
	for _, s := range b.scripted {
		s.guest.Close()
	}
	if b.own != nil {
		b.own.end()
	}
}
