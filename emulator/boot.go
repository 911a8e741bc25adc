package emulator

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/machine"
)

// A Boot is a scripted computer on a lab that was switched on.
type Boot struct {
	lab   *Lab
	name  string
	guest *Guest
	stack *link.Stack
	port  link.Port
	done  chan struct{}
	ended bool
	once  sync.Once
}

// Boot switches a scripted computer on, waits for the end of its boot and takes it off the LAN again. The error says
// why it did not boot: a *rom.Failure, or ctx ended before.
func (l *Lab) Boot(ctx context.Context, cfg GuestConfig) (Result, error) {
	b, err := l.Start(cfg)
	if err != nil {
		return Result{}, err
	}
	defer b.Close()
	return b.Wait(ctx)
}

// lastWords is how long a boot that has ended is not told: its last ACK is on the way, and a server that never gets
// it, since all is torn down, would send the last block again for a while.
const lastWords = 5 * time.Millisecond

// Start plugs a scripted computer in and switches it on.
func (l *Lab) Start(cfg GuestConfig) (*Boot, error) {
	b, err := l.Plug(cfg)
	if err == nil {
		b.PowerOn()
	}
	return b, err
}

// Plug plugs a scripted computer in that is off. Without a name it is called by its MAC.
func (l *Lab) Plug(cfg GuestConfig) (*Boot, error) {
	if cfg.Name == "" {
		cfg.Name = cfg.MAC.String()
	}
	if cfg.Name == "" {
		cfg.Name = "guest"
	}
	if cfg.Events == nil {
		cfg.Events = l.events
	}
	if err := cfg.Profile.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", cfg.Name, err)
	}
	if err := l.hosts.take(cfg.Name, cfg.MAC, netip.Prefix{}); err != nil {
		return nil, err
	}
	b := &Boot{lab: l, name: cfg.Name, guest: NewGuest(cfg), done: make(chan struct{})}
	b.stack = link.NewStack(link.StackConfig{MAC: cfg.MAC, Announces: cfg.Announces, TCP: true, NextHop: b.guest.NextHop}, watched{b})
	var err error
	if b.port, err = l.plug(cfg.Name, b.stack, b.guest.Close); err != nil {
		l.hosts.leave(cfg.Name)
		return nil, err
	}
	return b, nil
}

// PowerOn switches it on.
func (b *Boot) PowerOn() { b.input(machine.Reset{}) }

// Firmware gives f its firmware, at rest; what f has that send is sent then. Before it is on, and after the lab's end, f is
// not called.
func (b *Boot) Firmware(f func(*rom.ROM)) {
	b.lab.Do(func(now time.Time, lan *link.LAN) {
		if b.guest.rom != nil {
			f(b.guest.rom)
			lan.Poke(now, b.port)
		}
	})
}

// Key presses a key of its keyboard, by QEMU's name for it: "ret", "f8", "down", "a".
func (b *Boot) Key(name string) { b.input(machine.Key(name)) }

func (b *Boot) input(in machine.Input) {
	b.lab.Do(func(now time.Time, lan *link.LAN) {
		b.stack.Receive(now, in)
		lan.Poke(now, b.port)
	})
}

// Port is where it is plugged in.
func (b *Boot) Port() link.Port { return b.port }

// Done is closed when its boot has ended.
func (b *Boot) Done() <-chan struct{} { return b.done }

// Wait waits for the end of its boot. The error is the one of Lab.Boot.
func (b *Boot) Wait(ctx context.Context) (Result, error) {
	select {
	case <-b.done:
	case <-b.lab.ended:
	case <-ctx.Done():
		return Result{}, fmt.Errorf("%s: the boot has not ended: %w", b.name, context.Cause(ctx))
	}
	r, ended := b.guest.Done() // it changes no more
	if !ended {
		return Result{}, fmt.Errorf("%s: the boot has not ended: %w", b.name, errClosing)
	}
	if r.Failure != nil {
		return r, r.Failure
	}
	return r, nil
}

// Close takes the computer off the LAN, whatever it does.
func (b *Boot) Close() {
	b.once.Do(func() { b.lab.unplug(b.name, b.port) })
}

// watched is a Boot's machine: it tells when the boot has ended.
type watched struct{ b *Boot }

func (w watched) Receive(now time.Time, in machine.Input) {
	w.b.guest.Receive(now, in)
	w.look()
}

func (w watched) Expire(now time.Time) {
	w.b.guest.Expire(now)
	w.look()
}

func (w watched) Next() (machine.Datagram, bool) { return w.b.guest.Next() }

func (w watched) Deadline() (time.Time, bool) { return w.b.guest.Deadline() }

func (w watched) look() {
	if _, ok := w.b.guest.Done(); ok && !w.b.ended {
		w.b.ended = true
		time.AfterFunc(lastWords, func() { close(w.b.done) })
	}
}
