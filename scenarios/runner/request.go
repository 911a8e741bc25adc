package runner

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/scenarios/runner/verdict"
	"github.com/bootrig/bootrig/wire/event"
)

// The worlds a scenario can run in.
const (
	Sim  = "sim"  // virtual time, everything in this process
	Tap  = "tap"  // real time, the server is a process
	QEMU = "qemu" // the same, and the guests are real machines
)

// A Request asks for one run of one scenario.
type Request struct {
	Name   string // of the file, as messages have it
	Dir    string // where its golden files and its content lie; "" is the working directory
	Source []byte
	World  string
	Server string // ours (or ""), dnsmasq, or cmd:COMMAND
	Host   Host   // if set, what is served comes from this host and not from the scenario
	Seed   uint64 // decides the faults of the wire
	Cache  string // where content packages are; "" is content.CacheDir
	// Self is the program that is our server; "" is this one. A test, which is not, names another.
	Self string
	// Accel is how QEMU emulates, kvm or tcg, and after a blank why. "" is found out by running a
	// machine for a moment.
	Accel string
	// Out is the directory for what a failing run leaves: pcapng, screenshot, console. Keep leaves it
	// after any run. "" keeps nothing.
	Out  string
	Keep bool
	// Update writes golden files instead of comparing; only a run with real guests may.
	Update bool
	Events event.Recorder `json:"-"` // sees every fact at once; may be nil
}

// Host is what this host has to serve: a dnsmasq.conf, or a netboot directory. The paths are absolute.
type Host struct{ Conf, Dir string }

// serverKind is how conditions and golden files call the server under test.
func (r Request) serverKind() string {
	switch r.Server {
	case "", "ours":
		return "ours"
	case "dnsmasq":
		return "dnsmasq"
	}
	return "other"
}

func (r Request) env() script.Env { return script.Env{World: r.World, Server: r.serverKind()} }

func (r Request) real() bool { return r.World != Sim }

// check finds mistakes of the caller.
func (r Request) check() error {
	switch {
	case r.World != Sim && r.World != Tap && r.World != QEMU:
		return fmt.Errorf("there is no world %q: sim, tap and qemu are", r.World)
	case r.serverKind() == "other" && strings.TrimSpace(strings.TrimPrefix(r.Server, "cmd:")) == "",
		r.serverKind() == "other" && !strings.HasPrefix(r.Server, "cmd:"):
		return fmt.Errorf("there is no server %q: ours, dnsmasq and cmd:COMMAND are", r.Server)
	case r.Update && r.World != QEMU:
		return fmt.Errorf("golden files are written from runs with real guests, not in %s", r.World)
	}
	return nil
}

// Rerun is the command that does the same again.
func (r Request) Rerun() string {
	words := []string{"bootrig", "test", "--as", r.World}
	if r.serverKind() != "ours" {
		server := r.Server
		if strings.ContainsAny(server, " \t") {
			server = strconv.Quote(server)
		}
		words = append(words, "--server", server)
	}
	if r.Seed != 0 {
		words = append(words, "--seed", strconv.FormatUint(r.Seed, 10))
	}
	return strings.Join(append(words, r.Name), " ")
}

// An Outcome is how a run ended. That it could not be done is neither a pass nor a failure.
type Outcome string

// The outcomes.
const (
	Passed    Outcome = "passed"
	Failed    Outcome = "failed"
	NotTested Outcome = "not tested"
)

// A Result is what a run found.
type Result struct {
	Scenario string           `json:"scenario"`
	World    string           `json:"world"`
	Server   string           `json:"server"`
	Seed     uint64           `json:"seed"`
	Outcome  Outcome          `json:"outcome"`
	Reason   string           `json:"reason,omitempty"`  // why it could not be tested
	Skipped  bool             `json:"skipped,omitempty"` // the scenario itself says that it is not for this world or server
	Failure  *verdict.Failure `json:"failure,omitempty"`
	// Broken is the failure that a broken lab declares, and that came about.
	Broken  *verdict.Failure    `json:"broken,omitempty"`
	Traces  map[string][]string `json:"traces,omitempty"` // by guest, as golden files have them
	Kept    []string            `json:"kept,omitempty"`   // files left in Out
	Notes   []string            `json:"notes,omitempty"`
	Rerun   string              `json:"rerun"`
	Elapsed time.Duration       `json:"elapsed"`           // real time
	Virtual time.Duration       `json:"virtual,omitempty"` // what the simulated clocks showed
	// Patience says that a guest failed only because its firmware gave up waiting on a lossy wire.
	Patience bool   `json:"patience,omitempty"`
	Hash     string `json:"hash,omitempty"` // of all frames in their order: the same seed gives the same
}
