package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/peer"
	"github.com/bootrig/bootrig/scenarios/runner/steps"
	"github.com/bootrig/bootrig/wire/event"
)

// How long a step without within= may stand still. A scripted boot program waits up to 14 seconds
// between two tries (pxelinux); a real kernel under an emulated processor is silent while it unpacks.
var patience = map[string]steps.Patience{
	Tap:  {Step: 30 * time.Second, Stall: true},
	QEMU: {Step: 90 * time.Second, Stall: true, AfterError: 3 * time.Second},
}

// beat is how often a run in real time looks at the clock.
const beat = 100 * time.Millisecond

// realRun is a lab in real time, inside the run's child.
type realRun struct {
	*lab
	wire   *tap.Lab
	server *tap.Host
	killed *atomic.Bool // a step killed its process
	guests []*realGuest
	dir    string   // on the run's own tmpfs
	paths  []string // of the host, that the server is to see
	peer   peer.Program
	gone   chan Ending
	looked time.Time // when a screen was last looked at
	due    time.Time // when the host has settled after what it did last; zero: it has done nothing
}

// runReal is simulate for tap and qemu.
func runReal(ctx context.Context, o order) (Result, error) {
	req := o.Request
	p, err := newPlan(req, true)
	if err != nil {
		return req.result(), err
	}
	p.golden = o.Golden
	dir, err := os.MkdirTemp("", "scenario")
	if err != nil {
		return req.result(), err
	}
	pcapng, err := os.Create(filepath.Join(dir, "pcapng"))
	if err != nil {
		return req.result(), err
	}
	defer func() { _ = pcapng.Close() }()
	b, err := newLab(p, pcapng)
	if err != nil {
		return req.result(), err
	}
	r := &realRun{lab: b, dir: dir, paths: o.Paths, peer: o.Peer, gone: make(chan Ending, len(p.Guests)+1)}
	if err := r.run(ctx); err != nil {
		return req.result(), err
	}
	result, err := r.result()
	if err != nil {
		return result, err
	}
	r.machines(&result)
	if err := r.capture.Flush(); err != nil {
		result.lost(err)
	}
	switch {
	case req.Out == "":
	case req.Keep || result.Outcome == Failed:
		if _, err := pcapng.Seek(0, io.SeekStart); err != nil {
			return result, err
		}
		r.keep(&result, r.artefacts(pcapng))
	case len(r.guests) > 0: // a story has the milestones only
		r.keep(&result, r.consoles())
	}
	return result, nil
}

// run drives the lab until the scenario has seen enough, and takes it down again.
func (r *realRun) run(ctx context.Context) error {
	r.wire = tap.Drive(r.lan)
	ctx, cancel := context.WithCancel(ctx)
	ran := make(chan error, 1)
	go func() { ran <- r.wire.Run(ctx) }()
	err := r.start(ctx)
	if err == nil {
		err = r.judgeAll(ctx, ran)
	}
	if err == nil && r.req.Linger > 0 {
		select {
		case <-time.After(r.req.Linger):
		case <-ctx.Done():
		}
	}
	for _, g := range r.guests {
		g.tail = g.qemu.Tail(tailLines)
		if r.judge != nil && (r.judge.Failed() || r.req.Keep) {
			g.shoot(r.dir, atEnd)
		}
		g.qemu.Stop()
	}
	cancel()
	runErr := <-ran
	r.close()
	if err != nil {
		return err // the lab's own error is its consequence
	}
	return runErr
}

// start brings up the server, and then the guests.
func (r *realRun) start(ctx context.Context) error {
	var err error
	if r.server, err = r.startServer(ctx); err != nil {
		return err
	}
	r.watchServer()
	r.wire.Do(func(time.Time, *link.LAN) { r.breakServer(r.server.Ports()) })
	for _, g := range r.Guests {
		if r.req.World != QEMU {
			r.wire.Do(func(time.Time, *link.LAN) { err = r.plugScripted(g) })
		}
		if err != nil {
			return err
		}
	}
	r.wire.Do(func(now time.Time, _ *link.LAN) { r.begin(now, patience[r.req.World]) })
	return r.switchOn(ctx)
}

// switchOn switches those guests on whose turn it is.
func (r *realRun) switchOn(ctx context.Context) error {
	r.wire.Do(func(now time.Time, _ *link.LAN) { r.powerOn(now) })
	for _, g := range r.Guests {
		if r.req.World == QEMU && r.turn(g.Name) {
			if err := r.startReal(ctx, g); err != nil {
				return err
			}
		}
	}
	return nil
}

// changeHost does what the host is to do now, and goes on when it has settled.
func (r *realRun) changeHost(ctx context.Context) error {
	h, due := r.judge.Host()
	switch now := time.Now(); {
	case !due:
		return nil
	case r.due.IsZero():
		r.due = now.Add(settle)
		if err := r.change(ctx, h); err != nil {
			return &Mistake{fmt.Errorf("%s: %w", r.file.Name, err)}
		}
		return nil
	case now.Before(r.due):
		return nil
	}
	r.due = time.Time{}
	r.judge.HostDone(time.Now())
	return r.switchOn(ctx)
}

// judgeAll feeds the judge until it has seen enough. Facts are read with the wire at rest: a guest that
// gives up says so while its last ACK, and what the witness sees in it, is still to leave its card.
func (r *realRun) judgeAll(ctx context.Context, ran chan error) error {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for seen := uint64(0); ; {
		var events []event.Event
		var more <-chan struct{}
		r.wire.Do(func(time.Time, *link.LAN) { events, more = r.facts.journal.After(seen) })
		seen += uint64(len(events))
		for _, e := range events {
			r.judge.Take(e)
		}
		r.follow(events)
		if err := r.acts(ctx); err != nil {
			return err
		}
		r.watchStops()
		r.look()
		if err := r.changeHost(ctx); err != nil {
			return err
		}
		r.judge.Tick(time.Now())
		enough := false
		r.wire.Do(func(now time.Time, _ *link.LAN) { enough = r.enough(now) })
		if enough {
			return nil
		}
		select {
		case <-more:
		case <-tick.C:
			r.wire.Do(func(time.Time, *link.LAN) { r.progress() })
		case e := <-r.gone:
			e.tell(r.judge)
		case err := <-ran:
			ran <- nil
			return errors.Join(errors.New("the lab's wire failed"), err)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
