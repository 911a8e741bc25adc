package runner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/bootrig/bootrig/emulator/qemu"
	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/peer"
	"github.com/bootrig/bootrig/wire/event"
)

// An order is a request on its way to the inside of a run, with what was read for it outside.
type order struct {
	Request
	Golden map[string][]byte
	Paths  []string // of Own, and all that it names
	Peer   peer.Program
	Act    string // the name of one that is done, instead of a scenario's run; else ""
	Spec   json.RawMessage
}

// A message is one line from the child of a run: a fact as it happens, what an Act tells, or at the end the
// result or the error.
type message struct {
	Event     *event.Event    `json:"event,omitempty"`
	Told      json.RawMessage `json:"told,omitempty"`
	Result    *Result         `json:"result,omitempty"`
	Error     string          `json:"error,omitempty"`
	Mistake   string          `json:"mistake,omitempty"`
	NotTested string          `json:"not-tested,omitempty"`
}

// Child takes over a process that is the child of a run, and never returns then. It is the first thing
// in a program's main, and in a TestMain. Acts are what a Ground can have done in one.
func Child(acts ...Act) {
	if tap.Child() {
		os.Exit(tap.Main(func(ctx context.Context) int { return inside(ctx, acts) }))
	}
}

// order is what the inside of a run is given, if this host has what that needs.
func (p *plan) order(ctx context.Context) (o order, err error) {
	o = order{Golden: p.golden, Paths: p.ownPaths()}
	if o.Request, err = p.available(ctx); err == nil {
		o.Peer, err = p.req.peer()
	}
	return o, err
}

// inLab runs a plan in a child: this program once more, in namespaces of its own.
func (p *plan) inLab(ctx context.Context) (Result, error) {
	o, err := p.order(ctx)
	if err != nil {
		return p.req.result(), err
	}
	r, err := inChild(ctx, o, nil)
	if err != nil {
		return p.req.result(), err
	}
	if p.req.World == QEMU {
		r.Notes = append(r.Notes, "accelerator "+o.Accel)
	}
	return r, nil
}

// inChild has a child do what an order says. What an Act tells, hear is given.
func inChild(ctx context.Context, o order, hear func(json.RawMessage)) (r Result, err error) {
	text, err := json.Marshal(o)
	if err != nil {
		return r, err
	}
	out, in, err := os.Pipe()
	if err != nil {
		return r, err
	}
	defer func() { _ = out.Close() }()
	var stderr bytes.Buffer
	box, err := tap.Exec(ctx, tap.ChildSpec{Args: os.Args[1:], Stdin: bytes.NewReader(text), Stdout: in, Stderr: &stderr})
	_ = in.Close()
	if err != nil {
		return r, notTested("%v", err)
	}
	last, readErr := follow(out, o.Events, hear)
	waitErr := box.Wait()
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	switch {
	case last.Result != nil:
		return *last.Result, nil
	case last.NotTested != "":
		return r, notTested("%s", last.NotTested)
	case last.Mistake != "":
		return r, &Mistake{errors.New(last.Mistake)}
	case last.Error != "":
		return r, errors.New(last.Error)
	}
	return r, fmt.Errorf("the lab ended without a result: %w: %s", errors.Join(readErr, waitErr), strings.TrimSpace(stderr.String()))
}

// available says what a run in real time lacks on this host, and how QEMU is to be run.
func (p *plan) available(ctx context.Context) (Request, error) {
	req := p.req
	if err := tap.Available(); err != nil {
		return req, notTested("%v", err)
	}
	if req.World != QEMU || req.Accel != "" {
		return req, nil
	}
	sets, err := p.sets()
	if err != nil {
		return req, err
	}
	for _, g := range p.Guests {
		if err := qemu.Installed(g.Firmware, sets); err != nil {
			return req, notTested("guest %s: %v", g.Name, err)
		}
	}
	accel, why := qemu.Probe(ctx)
	req.Accel = accel + " (" + why + ")"
	return req, nil
}

// follow hands on facts, and what an Act tells, until the message that ends the run.
func follow(r io.Reader, events event.Recorder, hear func(json.RawMessage)) (message, error) {
	lines := json.NewDecoder(r)
	for {
		var m message
		switch err := lines.Decode(&m); {
		case err != nil:
			return m, err
		case m.Told != nil:
			hear(m.Told)
		case m.Event == nil:
			return m, nil
		case events != nil:
			events.Record(*m.Event)
		}
	}
}

// inside is the child's work.
func inside(ctx context.Context, acts []Act) int {
	out := json.NewEncoder(os.Stdout)
	say := func(m message) {
		if err := out.Encode(m); err != nil {
			os.Exit(1) // nobody listens any more
		}
	}
	var o order
	if err := json.NewDecoder(os.Stdin).Decode(&o); err != nil {
		say(message{Error: "read the request of a lab: " + err.Error()})
		return 1
	}
	var r Result
	var err error
	if o.Act == "" {
		o.Events = event.Func(func(e event.Event) { say(message{Event: &e}) })
		r, err = runReal(ctx, o)
	} else {
		err = perform(ctx, o, acts, func(text json.RawMessage) { say(message{Told: text}) })
	}
	var wrong *Mistake
	switch {
	case errors.Is(err, errNotTested):
		say(message{NotTested: strings.TrimPrefix(err.Error(), errNotTested.Error()+": ")})
	case errors.As(err, &wrong):
		say(message{Mistake: err.Error()})
	case err != nil:
		say(message{Error: err.Error()})
	default:
		say(message{Result: &r})
	}
	return 0
}
