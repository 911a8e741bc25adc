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
	Peer   peer.Dnsmasq
}

// A message is one line from the child of a run: a fact as it happens, or at the end the result or the
// error.
type message struct {
	Event     *event.Event `json:"event,omitempty"`
	Result    *Result      `json:"result,omitempty"`
	Error     string       `json:"error,omitempty"`
	Mistake   string       `json:"mistake,omitempty"`
	NotTested string       `json:"not-tested,omitempty"`
}

// Child takes over a process that is the child of a run, and never returns then. It is the first thing
// in a program's main, and in a TestMain.
func Child() {
	if tap.Child() {
		os.Exit(tap.Main(inside))
	}
}

// inLab runs a plan in a child: this program once more, in namespaces of its own.
func (p *plan) inLab(ctx context.Context) (Result, error) {
	req, err := p.available(ctx)
	if err != nil {
		return req.result(), err
	}
	dnsmasq, err := req.peer()
	if err != nil {
		return req.result(), err
	}
	text, err := json.Marshal(order{req, p.golden, p.ownPaths(), dnsmasq})
	if err != nil {
		return req.result(), err
	}
	out, in, err := os.Pipe()
	if err != nil {
		return req.result(), err
	}
	defer func() { _ = out.Close() }()
	var stderr bytes.Buffer
	box, err := tap.Exec(ctx, tap.ChildSpec{Args: os.Args[1:], Stdin: bytes.NewReader(text), Stdout: in, Stderr: &stderr})
	_ = in.Close()
	if err != nil {
		return req.result(), notTested("%v", err)
	}
	last, readErr := follow(out, req.Events)
	waitErr := box.Wait()
	if ctx.Err() != nil {
		return req.result(), ctx.Err()
	}
	switch {
	case last.Result != nil:
		if req.World == QEMU {
			last.Result.Notes = append(last.Result.Notes, "accelerator "+req.Accel)
		}
		return *last.Result, nil
	case last.NotTested != "":
		return req.result(), notTested("%s", last.NotTested)
	case last.Mistake != "":
		return req.result(), &Mistake{errors.New(last.Mistake)}
	case last.Error != "":
		return req.result(), errors.New(last.Error)
	}
	return req.result(), fmt.Errorf("the lab ended without a result: %w: %s", errors.Join(readErr, waitErr), strings.TrimSpace(stderr.String()))
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

// follow hands on facts until the message that ends the run.
func follow(r io.Reader, events event.Recorder) (message, error) {
	lines := json.NewDecoder(r)
	for {
		var m message
		if err := lines.Decode(&m); err != nil {
			return m, err
		}
		if m.Event == nil {
			return m, nil
		}
		if events != nil {
			events.Record(*m.Event)
		}
	}
}

// inside is the child's work.
func inside(ctx context.Context) int {
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
	o.Events = event.Func(func(e event.Event) { say(message{Event: &e}) })
	r, err := runReal(ctx, o)
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
