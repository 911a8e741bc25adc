package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/wire/event"
)

// A Ground is the LAN of a request with the house, the faults and the server under test, and without guests: who opens
// it brings them. What else its scenario says is passed over.
type Ground struct{ p *plan }

// A Lacking says what this host lacks: neither the request nor a server is to blame.
type Lacking struct{ Reason string }

func (l *Lacking) Error() string { return "could not test: " + l.Reason }

// lacking makes a Lacking of an error that is one.
func lacking(err error) error {
	if errors.Is(err, errNotTested) {
		return &Lacking{strings.TrimPrefix(err.Error(), errNotTested.Error()+": ")}
	}
	return err
}

// NewGround tells what is wrong with a request before anything runs: it is a [Mistake], or a [Lacking].
func NewGround(req Request) (*Ground, error) {
	if err := req.check(); err != nil {
		return nil, err
	}
	req, err := req.absolute()
	if err != nil {
		return nil, err
	}
	if req.World == Sim && req.serverKind() != "ours" {
		return nil, lacking(notTested("sim holds only our own server; %s is a process, so it needs tap", req.Server))
	}
	p, err := newPlan(req, false)
	if err != nil {
		return nil, err
	}
	if p.Skip != "" {
		return nil, &Lacking{p.Skip}
	}
	if req.serverKind() == "ours" {
		if _, err := unplugged(p).settings(); err != nil {
			return nil, &Mistake{err}
		}
	}
	return &Ground{p}, nil
}

// Sim puts one up in virtual time, at SimStart. The seed decides its faults.
func (g *Ground) Sim(seed uint64, events event.Recorder) (*link.LAN, error) {
	p := *g.p
	p.req.Seed, p.req.Events = seed, events
	b, err := newLab(&p, nil)
	if err != nil {
		return nil, lacking(err)
	}
	b.facts.forgets = true
	if err := b.startOwn(); err != nil {
		return nil, &Mistake{err}
	}
	b.breakServer(b.own.ports)
	b.cut(SimStart)
	return b.lan, nil
}

// Real is a Ground in real time, for who is in the child of the run.
type Real struct {
	Wire   *tap.Lab
	Server *tap.Host
	Gone   <-chan Ending // of the server
}

// An Act is what a child can do on a Ground. The spec is what Perform was given, and what is told is heard there.
type Act struct {
	Name string
	Do   func(ctx context.Context, on Real, spec json.RawMessage, tell func(json.RawMessage)) error
}

// Perform has a child do an act: one of those that the program's Child knows.
func (g *Ground) Perform(ctx context.Context, act string, spec any, hear func(json.RawMessage)) error {
	o, err := g.p.order(ctx)
	if err != nil {
		return lacking(err)
	}
	o.Act = act
	if o.Spec, err = json.Marshal(spec); err != nil {
		return err
	}
	_, err = inChild(ctx, o, hear)
	return lacking(err)
}

// perform does an act in real time.
func perform(ctx context.Context, o order, acts []Act, tell func(json.RawMessage)) error {
	i := slices.IndexFunc(acts, func(a Act) bool { return a.Name == o.Act })
	if i < 0 {
		return fmt.Errorf("this program's Child was not given the act %q", o.Act)
	}
	r, err := newGround(o)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	ran := make(chan error, 1)
	go func() { ran <- r.wire.Run(ctx) }()
	if r.server, err = r.startServer(ctx); err == nil {
		r.watchServer()
		r.wire.Do(func(now time.Time, _ *link.LAN) {
			r.breakServer(r.server.Ports())
			r.cut(now)
		})
		err = acts[i].Do(ctx, Real{Wire: r.wire, Server: r.server, Gone: r.gone}, o.Spec, tell)
	}
	cancel()
	if runErr := <-ran; err == nil {
		err = runErr
	}
	return err
}

// newGround is what a run in real time is, before there is a server.
func newGround(o order) (*realRun, error) {
	p, err := newPlan(o.Request, true)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "ground")
	if err != nil {
		return nil, err
	}
	b, err := newLab(p, nil)
	if err != nil {
		return nil, err
	}
	b.facts.forgets = true
	return &realRun{lab: b, wire: tap.Drive(b.lan), dir: dir, paths: o.Paths, peer: o.Peer, gone: make(chan Ending, 1)}, nil
}
