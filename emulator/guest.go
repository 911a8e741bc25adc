package emulator

import (
	"net"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/emulator/loader"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// GuestConfig is a scripted computer.
type GuestConfig struct {
	Name    string
	Profile rom.Profile
	MAC     net.HardwareAddr
	UUID    [16]byte // as it is written: 00112233-4455-... is 00 11 22 33 44 55 ...
	Memory  int64    // bytes that boot files may fill; 0: any
	Seed    uint64   // of transaction ids and port numbers
	Events  event.Recorder

	// FirmwareOnly ends the boot when the firmware has a boot program that it would run. So any program will do,
	// where otherwise one that the emulator does not know is a failure.
	FirmwareOnly bool
	// AnyProgram ends the boot well, too, where the firmware runs a program that the emulator does not know.
	AnyProgram bool
	// Announces has it say to all whose its address is now, as link.StackConfig tells. Firmware does not.
	Announces bool
}

// A Result is how a guest's boot ended: Handoff or Failure is set, unless it was switched off.
type Result struct {
	Stage   int // the stage that ended it
	Handoff *loader.Handoff
	Failure *rom.Failure
}

// A stage is what runs at one time: the ROM, then a boot program.
type stage interface {
	machine.Machine
	Close()
}

// A Guest is a machine.Machine that boots: a list of stages, each built from what the one before left. A
// machine.Reset switches it on, and starts it over at any time.
type Guest struct {
	cfg    GuestConfig
	rom    *rom.ROM
	run    stage // the current stage; nil before power on
	prog   *loader.Program
	last   []machine.Datagram // of the program before
	stage  int
	resets uint64
	result Result
	done   bool
}

// NewGuest makes a guest that is off.
func NewGuest(cfg GuestConfig) *Guest {
	if cfg.Events == nil {
		cfg.Events = event.Discard
	}
	return &Guest{cfg: cfg}
}

// Done gives the result once the boot has ended.
func (g *Guest) Done() (Result, bool) { return g.result, g.done }

// NextHop tells through whom a host is reached, as the guest's lease says; for link.StackConfig. Without
// a mask in the lease all hosts are near.
func (g *Guest) NextHop(dst netip.Addr) (netip.Addr, bool) {
	if g.rom == nil {
		return dst, true
	}
	on, router := g.rom.Network()
	if !on.IsValid() || on.Contains(dst) {
		return dst, true
	}
	return router, router.IsValid() && on.Contains(router)
}

// Close ends the guest wherever it is. A guest that is not closed leaks the coroutine of its boot program.
func (g *Guest) Close() {
	if g.run != nil {
		g.run.Close()
	}
	g.run, g.rom, g.prog, g.last = nil, nil, nil, nil
}

// Release gives the address of its lease back, which no firmware does; false: it has none.
func (g *Guest) Release() bool { return g.rom != nil && g.rom.Release() }

// Receive takes a Reset, a PowerOff, a Key, or what comes from the network.
func (g *Guest) Receive(now time.Time, in machine.Input) {
	switch in := in.(type) {
	case machine.Reset:
		g.powerOn(now)
	case machine.PowerOff:
		g.Close()
		g.result, g.done = Result{}, true
	case machine.Key:
		g.record(event.Event{Kind: event.Key, Time: now, Text: string(in)})
	}
	if g.run != nil && !g.done {
		g.run.Receive(now, in)
		g.advance(now)
	}
}

// Expire acts on the deadline.
func (g *Guest) Expire(now time.Time) {
	if g.run != nil && !g.done {
		g.run.Expire(now)
		g.advance(now)
	}
}

// Next yields a datagram to send.
func (g *Guest) Next() (machine.Datagram, bool) {
	if g.run == nil {
		return machine.Datagram{}, false
	}
	if g.prog != nil {
		// The ROM's last packet, the ACK of the boot program's last block, goes first.
		if d, ok := g.rom.Next(); ok {
			return d, true
		}
	}
	if len(g.last) > 0 {
		d := g.last[0]
		g.last = g.last[1:]
		return d, true
	}
	return g.run.Next()
}

// Deadline is when Expire has something to do.
func (g *Guest) Deadline() (time.Time, bool) {
	if g.run == nil || g.done {
		return time.Time{}, false
	}
	return g.run.Deadline()
}

// powerOn starts over: with the same seed for the first boot, another for each reset.
func (g *Guest) powerOn(now time.Time) {
	g.Close()
	g.stage, g.result, g.done = 0, Result{}, false
	g.rom = rom.New(rom.Config{
		Profile: g.cfg.Profile, MAC: mac6(g.cfg.MAC), UUID: g.cfg.UUID, Memory: g.cfg.Memory,
		Seed: g.cfg.Seed + g.resets<<32, Events: event.Func(g.record),
	})
	g.resets++
	g.run = g.rom
	g.record(event.Event{Kind: event.Stage, Time: now, Text: g.cfg.Profile.Name})
}

func mac6(mac net.HardwareAddr) (m [6]byte) {
	copy(m[:], mac)
	return m
}
