package emulator

import (
	"time"

	"github.com/bootrig/bootrig/emulator/loader"
	"github.com/bootrig/bootrig/emulator/loader/ipxe"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/event"
)

// advance looks whether the stage has ended, and builds the next one or ends the boot.
func (g *Guest) advance(now time.Time) {
	if g.prog == nil {
		o, ended := g.rom.Outcome()
		switch {
		case !ended:
			return
		case o.Handover != nil:
			g.load(now, o.Handover)
		case o.Local:
			g.end(now, Result{Handoff: &loader.Handoff{Kind: "local"}})
		default:
			g.end(now, Result{Failure: o.Failure})
		}
	}
	if g.prog == nil || g.done {
		return
	}
	switch o, ended := g.prog.Outcome(); {
	case !ended:
	case o.Chain != nil:
		for d, ok := g.prog.Next(); ok; d, ok = g.prog.Next() {
			g.last = append(g.last, d) // the ACK of the last block
		}
		g.load(now, o.Chain)
		g.advance(now) // it may have ended at once
	case o.Back && g.goOn(now, ""):
	case o.Back:
		g.end(now, Result{Failure: &rom.Failure{Text: "=>", Cause: "the script has ended, and the firmware has nothing else to boot"}})
	default:
		g.end(now, Result{Handoff: o.Handoff, Failure: o.Failure})
	}
}

// load starts the boot program that the ROM has fetched.
func (g *Guest) load(now time.Time, h *rom.Handover) {
	profile := g.profile()
	script := profile.Scripts && ipxe.Is(h.Program)
	if why := g.refuses(h.Program); why != "" && !script && profile.Fixed == nil {
		failure := profile.Fail(rom.NotExecutable, "", h.Name+": "+why)
		if g.goOn(now, failure.Text) {
			return
		}
		g.end(now, Result{Failure: failure})
		return
	}
	if g.cfg.FirmwareOnly || g.cfg.AnyProgram && loader.Identify(h.Program) == loader.Unknown {
		g.end(now, Result{Handoff: &loader.Handoff{Kind: "program", Modules: []loader.Module{loader.NewModule(h.Name, "", h.Program)}}})
		return
	}
	if g.cfg.Profile.Fixed == nil {
		g.enter(now, loader.Identify(h.Program))
	}
	prog, failure := loader.Start(now, loader.Config{
		Handover: h, Profile: profile, Seed: g.cfg.Seed + uint64(g.stage)<<40, Memory: g.cfg.Memory, Events: event.Func(g.record), Stage: g.enter,
	})
	if failure != nil {
		g.end(now, Result{Failure: failure})
		return
	}
	g.prog, g.run = prog, prog
}

// goOn has the firmware go on with what it tries next, after it has said why.
func (g *Guest) goOn(now time.Time, why string) bool {
	if !g.rom.GoOn(now) {
		return false
	}
	if why != "" {
		g.record(event.Event{Kind: event.Console, Time: now, Text: why})
	}
	for p := g.prog; p != nil; p = nil {
		for d, ok := p.Next(); ok; d, ok = p.Next() {
			g.last = append(g.last, d) // the ACK of the last block
		}
		p.Close()
	}
	g.prog, g.run = nil, g.rom
	return true
}

// profile is what runs boot programs: the firmware, until one of them is firmware itself.
func (g *Guest) profile() rom.Profile {
	if g.prog != nil {
		return g.prog.Profile()
	}
	return g.cfg.Profile
}

// refuses says why that does not run a program, "" if it does.
func (g *Guest) refuses(program []byte) string {
	if p := g.profile(); p.Name != g.cfg.Profile.Name {
		return p.Refuses(program)
	}
	return g.rom.Refuses(program)
}

// enter records that a program runs.
func (g *Guest) enter(now time.Time, name string) {
	g.stage++
	g.record(event.Event{Kind: event.Stage, Time: now, Text: name})
}

// end records how the boot ended.
func (g *Guest) end(now time.Time, r Result) {
	r.Stage = g.stage
	g.result, g.done = r, true
	if r.Failure != nil {
		g.record(r.Failure.Event(now))
		return
	}
	for _, line := range r.Handoff.Cmdlines {
		g.record(event.Event{Kind: event.Cmdline, Time: now, Text: line})
	}
	g.record(event.Event{Kind: event.Handoff, Time: now, Attrs: event.Attrs("kind", r.Handoff.Kind)})
}

// record is the guest's own voice.
func (g *Guest) record(e event.Event) {
	e.Source, e.Client, e.Stage = "guest", g.cfg.Name, g.stage
	g.cfg.Events.Record(e)
}
