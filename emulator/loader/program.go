package loader

import (
	"bytes"
	"fmt"
	"iter"
	"time"

	"github.com/bootrig/bootrig/emulator/loader/ipxe"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// Config is a program to run.
type Config struct {
	Handover *rom.Handover
	Profile  rom.Profile // of the ROM: an iPXE goes on as it began
	Seed     uint64
	Memory   int64 // bytes for files, 0 for any
	Events   event.Recorder
	Stage    func(now time.Time, name string) // a program starts a program: "mboot.c32"; nil for nothing
}

// An Outcome is how a program ends: one field is set.
type Outcome struct {
	Handoff *Handoff
	Failure *rom.Failure
	Chain   *rom.Handover // a program that the program starts
	Back    bool          // the firmware has the machine again
}

// A Handoff is what a boot program leaves to a kernel.
type Handoff struct {
	Kind     string   // linux, multiboot, local, program, san
	Cmdlines []string // what the kernels will print: for multiboot the modules' own, file names cut off
	Modules  []Module
}

// A Module is one file in memory at the hand-off.
type Module struct {
	Name    string // as the configuration names it
	Cmdline string // what the kernel is given for it
	Size    int64
	SHA256  string
}

// A Program is a machine.Machine around a boot program.
type Program struct {
	env     *env
	resume  func() (*wait, bool)
	stop    func()
	waiting *wait
	out     []machine.Datagram
}

// Start runs the program that the ROM fetched, up to its first wait. What it is, its content tells.
func Start(now time.Time, cfg Config) (*Program, *rom.Failure) {
	if cfg.Events == nil {
		cfg.Events = event.Discard
	}
	_, run := identify(cfg.Handover.Program)
	if cfg.Profile.Fixed != nil {
		run = runFixed
	}
	if ipxe.Is(cfg.Handover.Program) && !cfg.Profile.Scripts {
		return nil, &rom.Failure{Text: "the machine hangs", Cause: cfg.Handover.Name + " is an iPXE script, and what should run it is no iPXE"}
	}
	if run == nil {
		return nil, &rom.Failure{
			Text:  "the boot program " + cfg.Handover.Name + " is not one this emulator knows",
			Cause: fmt.Sprintf("it is none of pxelinux 4 and 6, iPXE, shim, GRUB for UEFI and bootrig's own; it begins with % x", head(cfg.Handover.Program, 8)),
		}
	}
	e := &env{Config: cfg, now: now, port: 49152}
	p := &Program{env: e}
	p.resume, p.stop = iter.Pull(e.sequence(run))
	p.step(now)
	return p, nil
}

// Identify names a boot program by its content: "pxelinux 6", "iPXE", "GRUB", "bootrig", "unknown".
func Identify(program []byte) string {
	name, _ := identify(program)
	return name
}

func identify(program []byte) (name string, run func(*env)) {
	switch {
	case ipxe.Is(program):
		return "iPXE script", runScript
	case rom.UBootScript(program):
		return "U-Boot script", runUBoot
	case bytes.Contains(program, []byte("bootrig boot program")):
		return "bootrig", ownProgram
	case isGRUB(program):
		return "GRUB", runGRUB
	case isShim(program):
		return "shim", runShim
	case isIPXE(program):
		return "iPXE", ipxeProgram
	case bytes.Contains(program, []byte("PXELINUX 6.04 lwIP")):
		return "lpxelinux 6", lpxelinux
	case bytes.Contains(program, []byte("PXELINUX 6.")):
		return "pxelinux 6", func(e *env) { pxelinux(e, 6) }
	case bytes.Contains(program, []byte("PXELINUX 4.")):
		return "pxelinux 4", func(e *env) { pxelinux(e, 4) }
	}
	return Unknown, nil
}

// Unknown is the name of all programs that the emulator cannot run.
const Unknown = "unknown"

func head(b []byte, n int) []byte { return b[:min(n, len(b))] }

// Outcome is how the program ended, once it has.
func (p *Program) Outcome() (Outcome, bool) {
	return p.env.outcome, p.env.outcome != Outcome{}
}

// Profile is what runs the programs that this one leaves for: an iPXE takes the place of the firmware.
func (p *Program) Profile() rom.Profile { return p.env.Profile }

// Close ends the program wherever it is.
func (p *Program) Close() { p.stop() }

// Receive takes a datagram or a key.
func (p *Program) Receive(now time.Time, in machine.Input) {
	if key, ok := in.(machine.Key); ok {
		p.env.press(string(key))
	}
	if w := p.waiting; w != nil && w.on != nil {
		w.on.Receive(now, in)
	}
	p.step(now)
}

// Expire acts on the deadline.
func (p *Program) Expire(now time.Time) {
	if w := p.waiting; w != nil && w.on != nil {
		w.on.Expire(now)
	}
	p.step(now)
}

// step resumes the program as long as it does not wait.
func (p *Program) step(now time.Time) {
	p.env.now = now
	for p.waiting == nil || p.waiting.over(p.env) {
		if w := p.waiting; w != nil && w.on != nil {
			if c, ok := w.on.(interface{ Close() }); ok {
				c.Close() // a connection ends with its file
			}
			for d, ok := w.on.Next(); ok; d, ok = w.on.Next() {
				p.out = append(p.out, d) // the final ACK outlives its transfer
			}
		}
		var more bool
		if p.waiting, more = p.resume(); !more {
			p.waiting = &wait{forever: true}
		}
	}
}

// Next yields a datagram to send.
func (p *Program) Next() (machine.Datagram, bool) {
	if len(p.out) > 0 {
		d := p.out[0]
		p.out = p.out[1:]
		return d, true
	}
	if p.waiting.on != nil {
		return p.waiting.on.Next()
	}
	return machine.Datagram{}, false
}

// Deadline is when Expire has something to do.
func (p *Program) Deadline() (time.Time, bool) {
	at, ok := p.waiting.until, !p.waiting.until.IsZero()
	if p.waiting.on != nil {
		if its, expects := p.waiting.on.Deadline(); expects && (!ok || its.Before(at)) {
			return its, true
		}
	}
	return at, ok
}
