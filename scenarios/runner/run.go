package runner

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/bootrig/bootrig/scenarios/runner/content"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// Run does what a Request asks for. The error is for mistakes of the scenario or the caller, a [Mistake], and
// for what breaks in between; what the run itself found, or lacked, is in the Result.
func Run(ctx context.Context, req Request) (Result, error) {
	r, err := run(ctx, req)
	if errors.Is(err, errNotTested) {
		r = req.result()
		r.Outcome, r.Reason = NotTested, strings.TrimPrefix(err.Error(), errNotTested.Error()+": ")
		err = nil
	}
	if err == nil && r.Failure != nil {
		r.Notes = append(r.Notes, drift(req)...)
	}
	if err != nil {
		r.Outcome, r.Reason = Wrong, err.Error()
	}
	return r, err
}

// drift names content that is not what the manifests say, once a run has failed: Debian's point releases
// change files, and so does a bad disk.
func drift(req Request) []string {
	file, err := script.Parse(req.Name, req.Source)
	cache := req.Cache
	if cache == "" && err == nil {
		cache, err = content.CacheDir()
	}
	if err != nil {
		return nil
	}
	var notes []string
	for _, c := range file.Plan(req.env()).Contents {
		if set, err := content.LookupSet(c.Set); err == nil {
			found, _ := content.Verify(set, cache) // what is missing was told before the run
			notes = append(notes, found...)
		}
	}
	return notes
}

func run(ctx context.Context, req Request) (Result, error) {
	if err := req.check(); err != nil {
		return req.result(), err
	}
	req, err := req.absolute()
	if err != nil {
		return req.result(), err
	}
	p, err := newPlan(req, false)
	if err != nil {
		return req.result(), err
	}
	if p.Skip != "" {
		r := req.result()
		r.Outcome, r.Reason, r.Skipped = NotTested, p.Skip, true
		return r, nil
	}
	if err := p.readGolden(); err != nil {
		return req.result(), err
	}
	r, err := p.inRoom(ctx)
	r.Notes = append(p.notes, r.Notes...)
	if err == nil && req.Update && r.Failure == nil {
		err = p.update(&r)
	}
	return r, err
}

// inRoom runs the plan once the host has room for its real machines. What it waited is not its own time.
func (p *plan) inRoom(ctx context.Context) (Result, error) {
	if p.req.World == QEMU {
		leave, err := here().enter(ctx, p.Guests)
		if err != nil {
			return p.req.result(), err
		}
		defer leave()
	}
	started := time.Now()
	r, err := p.inWorld(ctx)
	r.Elapsed = time.Since(started)
	return r, err
}

func (p *plan) inWorld(ctx context.Context) (Result, error) {
	// The trees are made once more inside a run in real time; here they only tell early, and without a lab,
	// what is missing, and so does the configuration.
	l := unplugged(p)
	var err error
	if l.trees, err = p.trees(); err != nil {
		return p.req.result(), err
	}
	if p.req.serverKind() == "ours" {
		if _, err := l.settings(); err != nil {
			return p.req.result(), &Mistake{err}
		}
	}
	if p.req.World == Sim {
		return simulate(ctx, p)
	}
	return p.inLab(ctx)
}
