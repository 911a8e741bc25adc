package runner

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/bootrig/bootrig/emulator/sim"
	"github.com/bootrig/bootrig/scenarios/runner/steps"
)

// simPatience is generous, since virtual time costs nothing: pxelinux alone waits two minutes for each
// answer that does not come (core/fs/pxe/tftp.c, TimeoutTable).
const simPatience = time.Hour

// SimStart is when everything in virtual time takes place.
var SimStart = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// simulate runs in virtual time. A run that failed is done again to be captured: the same seed gives
// the same frames, and good runs do not pay for it.
func simulate(ctx context.Context, p *plan) (Result, error) {
	req := p.req
	if req.serverKind() != "ours" {
		return req.result(), notTested("sim holds only our own server; %s is a process, so it needs tap or qemu", req.Server)
	}
	var pcapng bytes.Buffer
	b, r, err := simulateOnce(ctx, p, writerIf(req.Keep && req.Out != "", &pcapng))
	if err != nil {
		return r, err
	}
	if r.Outcome == Failed && pcapng.Len() == 0 && req.Out != "" {
		again := *p
		again.req.Events = nil
		if _, _, err := simulateOnce(ctx, &again, &pcapng); err != nil {
			return r, err
		}
	}
	if pcapng.Len() > 0 {
		b.keep(&r, map[string]io.Reader{"wire.pcapng": &pcapng})
	}
	return r, nil
}

func writerIf(wanted bool, w io.Writer) io.Writer {
	if !wanted {
		return nil
	}
	return w
}

func simulateOnce(ctx context.Context, p *plan, pcapng io.Writer) (*lab, Result, error) {
	b, err := newLab(p, pcapng)
	if err != nil {
		return nil, p.req.result(), err
	}
	defer b.close()
	if err := b.startOwn(); err != nil {
		return nil, p.req.result(), err
	}
	b.breakServer(b.own.ports)
	for _, g := range p.Guests {
		if err := b.plugScripted(g); err != nil {
			return nil, p.req.result(), err
		}
	}
	if err := b.runSim(ctx); err != nil {
		return nil, p.req.result(), err
	}
	b.linger()
	if b.capture != nil {
		if err := b.capture.Flush(); err != nil {
			return nil, p.req.result(), fmt.Errorf("write capture: %w", err)
		}
	}
	r, err := b.result()
	r.Virtual, r.Hash = b.ended.Sub(b.began), b.sum()
	return b, r, err
}

// runSim jumps from deadline to deadline until the scenario has seen enough, or nothing is left to come.
func (b *lab) runSim(ctx context.Context) error {
	b.world = sim.New(b.lan, SimStart)
	world := b.world
	b.begin(SimStart, steps.Patience{Step: simPatience})
	b.powerOn(SimStart)
	taken, stalls := uint64(0), b.countsStalls()
	for n := 0; ; n++ {
		events, _ := b.facts.journal.After(taken)
		for _, e := range events {
			b.judge.Take(e)
		}
		taken += uint64(len(events))
		for _, act := range b.judge.Acts(world.Now()) {
			b.act(world.Now(), act)
		}
		if err := b.changeSim(world.Now()); err != nil {
			return err
		}
		if stalls {
			b.progress()
		}
		b.judge.Tick(world.Now())
		if b.enough(world.Now()) {
			return nil
		}
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if !world.Step() {
			b.judge.End("nothing more happens: everybody waits")
			return nil
		}
	}
}

// linger goes on behind the last step.
func (b *lab) linger() {
	for end := b.world.Now().Add(b.req.Linger); b.world.Now().Before(end) && b.world.Step(); {
	}
}

// changeSim does what the host is to do now.
func (b *lab) changeSim(now time.Time) error {
	for h, due := b.judge.Host(); due; h, due = b.judge.Host() {
		if err := b.simulateHost(now, h); err != nil {
			return &Mistake{fmt.Errorf("%s: %w", b.file.Name, err)}
		}
		b.judge.HostDone(now)
		b.powerOn(now)
	}
	return nil
}
