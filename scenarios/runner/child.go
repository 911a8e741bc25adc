package runner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/bootrig/bootrig/emulator/qemu"
	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/wire/event"
)

// A message is one line from the child of a run: a fact as it happens, or at the end the result or the
// error.
type message struct {
	Event     *event.Event `json:"event,omitempty"`
	Result    *Result      `json:"result,omitempty"`
	Error     string       `json:"error,omitempty"`
	NotTested string       `json:"not-tested,omitempty"`
}

// Child takes over a process that is the child of a run, and never returns then. It is the first thing
// in a program's main, and in a TestMain.
func Child() {
	if tap.Child() {
		os.Exit(tap.Main(inside))
	}
}

// inLab runs a request in a child: this program once more, in namespaces of its own.
func inLab(ctx context.Context, req Request) (Result, error) {
	req, err := available(ctx, req)
	if err != nil {
		return req.result(), err
	}
	order, err := json.Marshal(req)
	if err != nil {
		return req.result(), err
	}
	out, in, err := os.Pipe()
	if err != nil {
		return req.result(), err
	}
	defer func() { _ = out.Close() }()
	var stderr bytes.Buffer
	box, err := tap.Exec(ctx, tap.ChildSpec{Args: os.Args[1:], Stdin: bytes.NewReader(order), Stdout: in, Stderr: &stderr})
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
	case last.Error != "":
		return req.result(), errors.New(last.Error)
	}
	return req.result(), fmt.Errorf("the lab ended without a result: %w: %s", errors.Join(readErr, waitErr), strings.TrimSpace(stderr.String()))
}

// available says what a run in real time lacks on this host, and how QEMU is to be run.
func available(ctx context.Context, req Request) (Request, error) {
	if err := tap.Available(); err != nil {
		return req, notTested("%v", err)
	}
	if req.serverKind() == "dnsmasq" {
		if _, err := exec.LookPath("dnsmasq"); err != nil {
			return req, notTested("dnsmasq is not installed: `apt-get install dnsmasq-base`")
		}
	}
	if req.World != QEMU || req.Accel != "" {
		return req, nil
	}
	if _, err := exec.LookPath("qemu-system-x86_64"); err != nil {
		return req, notTested("QEMU is not installed: `apt-get install qemu-system-x86 seabios ipxe-qemu`")
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
	var req Request
	if err := json.NewDecoder(os.Stdin).Decode(&req); err != nil {
		say(message{Error: "read the request of a lab: " + err.Error()})
		return 1
	}
	req.Events = event.Func(func(e event.Event) { say(message{Event: &e}) })
	r, err := runReal(ctx, req)
	switch {
	case errors.Is(err, errNotTested):
		say(message{NotTested: cutPrefix(err.Error(), errNotTested.Error()+": ")})
	case err != nil:
		say(message{Error: err.Error()})
	default:
		say(message{Result: &r})
	}
	return 0
}
