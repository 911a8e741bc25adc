package runner

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/scenarios/runner/steps"
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
	Server string // ours (or ""), dnsmasq, dnsmasq@VERSION, or cmd:COMMAND
	Own    Own    // if set, what is served is the caller's and not the scenario's
	Seed   uint64 // decides the faults of the wire
	// Firmware is a version, NAME@VERSION, that the guests whose firmware is NAME have instead. It is for real
	// machines; golden traces are another version's, so they are not compared.
	Firmware string
	NIC      string // the card that every real guest has instead of its own; "" leaves it
	Machine  string // and the board
	Cache    string // where content packages and versions of firmware are; "" is content.CacheDir
	// Scale cuts what is served to this many bytes a file, as scale= does, where the scenario does not say it; 0 leaves it.
	Scale int64
	// Room is for how many clients there are to be addresses beside those that are named: a LAN that is alone is as wide as
	// that takes, where its scenario has it narrower.
	Room int
	// Linger is how long a run goes on behind its last step, in sim in virtual time, for who wants to see what comes then.
	Linger time.Duration
	// Profiles are firmware that scripted guests can name beside rom.Profiles.
	Profiles []rom.Profile
	// Self is the program that is our server; "" is this one. A test, which is not, names another.
	Self string
	// Accel is how QEMU emulates, kvm or tcg, and after a blank why. "" is found out by running a
	// machine for a moment.
	Accel string
	// Out is the directory below which a failing run makes one of its own, for pcapng, screenshot and
	// console. Keep makes it after any run. "" keeps nothing.
	Out  string
	Keep bool
	// Update writes golden files below Dir instead of comparing.
	Update bool
	Events event.Recorder `json:"-"` // sees every fact at once; may be nil
}

// Own is what the caller has to serve: a dnsmasq.conf, a bootrig.yaml, or what was downloaded, by its paths.
type Own struct {
	Dnsmasq, YAML string
	Paths         []string
}

func (o Own) none() bool { return o.Dnsmasq == "" && o.YAML == "" && len(o.Paths) == 0 }

// serverKind is how conditions and golden files call the server under test.
func (r Request) serverKind() string {
	if _, is := r.dnsmasq(); is {
		return "dnsmasq"
	}
	if r.Server == "" || r.Server == "ours" {
		return "ours"
	}
	return "other"
}

func (r Request) env() script.Env { return script.Env{World: r.World, Server: r.serverKind()} }

func (r Request) real() bool { return r.World != Sim }

// profile finds the firmware of a scripted guest.
func (r Request) profile(name string) (rom.Profile, error) {
	at := slices.IndexFunc(r.Profiles, func(p rom.Profile) bool { return p.Name == name })
	if at >= 0 {
		return r.Profiles[at], nil
	}
	return rom.Lookup(name)
}

// A Mistake is an error of the scenario or of the request: nothing was run, and no server is to blame.
type Mistake struct{ Err error }

func (m *Mistake) Error() string { return m.Err.Error() }

// Unwrap gives what is wrong.
func (m *Mistake) Unwrap() error { return m.Err }

func mistake(format string, v ...any) error { return &Mistake{fmt.Errorf(format, v...)} }

// check finds mistakes of the caller.
func (r Request) check() error {
	own := 0
	for _, path := range []string{r.Own.Dnsmasq, r.Own.YAML, strings.Join(r.Own.Paths, "")} {
		if path != "" {
			own++
		}
	}
	for i := range r.Profiles {
		if err := r.Profiles[i].Check(); err != nil {
			return &Mistake{err}
		}
	}
	switch {
	case r.World != Sim && r.World != Tap && r.World != QEMU:
		return mistake("there is no world %q: sim, tap and qemu are", r.World)
	case r.serverKind() == "other" && strings.TrimSpace(strings.TrimPrefix(r.Server, "cmd:")) == "",
		r.serverKind() == "other" && !strings.HasPrefix(r.Server, "cmd:"):
		return mistake("there is no server %q: ours, dnsmasq, dnsmasq@VERSION and cmd:COMMAND are", r.Server)
	case r.Firmware != "" && r.World != QEMU:
		return mistake("firmware %s: versions are of real machines, in %s", r.Firmware, QEMU)
	case r.NIC+r.Machine != "" && r.World != QEMU:
		return mistake("card %q, machine %q: scripted guests have neither, they are of real machines, in %s", r.NIC, r.Machine, QEMU)
	case r.Machine != "" && !slices.Contains(script.Machines, r.Machine):
		return mistake("machine %q: there are %s", r.Machine, strings.Join(script.Machines, " and "))
	case r.Firmware != "" && r.Update:
		return mistake("firmware %s: golden traces are those of this host's own firmware", r.Firmware)
	case own > 1:
		return mistake("a dnsmasq.conf, a bootrig.yaml and paths exclude each other: %+v", r.Own)
	case r.Update && r.serverKind() == "other":
		return mistake("golden traces are kept for ours and dnsmasq only, not for %s", r.Server)
	}
	return nil
}

// absolute makes the request's paths independent of the working directory and, for the inside of a run, of
// links. What is not there is told later, by whoever wants it.
func (r Request) absolute() (Request, error) {
	r.Own.Paths = slices.Clone(r.Own.Paths)
	all := []*string{&r.Dir, &r.Own.Dnsmasq, &r.Own.YAML, &r.Out, &r.Self}
	for i := range r.Own.Paths {
		all = append(all, &r.Own.Paths[i])
	}
	for _, path := range all {
		if *path == "" && path != &r.Dir {
			continue
		}
		abs, err := filepath.Abs(*path)
		if err != nil {
			return r, err
		}
		if real, err := filepath.EvalSymlinks(abs); err == nil {
			abs = real
		}
		*path = abs
	}
	return r, nil
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
	for _, hardware := range [][2]string{{"--firmware", r.Firmware}, {"--nic", r.NIC}, {"--machine", r.Machine}} {
		if hardware[1] != "" {
			words = append(words, hardware[:]...)
		}
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
	Wrong     Outcome = "wrong" // the scenario or the request has a mistake: see the error
)

// A Story is what became of a guest's boot.
type Story = verdict.Story

// A Result is what a run found.
type Result struct {
	Scenario string         `json:"scenario"`
	World    string         `json:"world"`
	Server   string         `json:"server"`
	Seed     uint64         `json:"seed"`
	Outcome  Outcome        `json:"outcome"`
	Reason   string         `json:"reason,omitempty"`  // why it could not be tested, or what is wrong
	Skipped  bool           `json:"skipped,omitempty"` // the scenario itself says that it is not for this world or server
	Failure  *steps.Failure `json:"failure,omitempty"`
	// Broken is the failure that a broken lab declares, and that came about.
	Broken  *steps.Failure      `json:"broken,omitempty"`
	Guests  []Guest             `json:"guests,omitempty"`
	Traces  map[string][]string `json:"traces,omitempty"`  // by guest, as golden files have them
	Stories map[string]Story    `json:"stories,omitempty"` // by guest, what became of its boot, as its wire shows it
	Kept    []string            `json:"kept,omitempty"`    // files left in a directory of the run's own
	Written []string            `json:"written,omitempty"` // golden files that were updated
	Notes   []string            `json:"notes,omitempty"`
	Rerun   string              `json:"rerun"`
	Began   time.Time           `json:"began,omitzero"`    // when the guests were switched on, by their clock
	Elapsed time.Duration       `json:"elapsed"`           // real time
	Virtual time.Duration       `json:"virtual,omitempty"` // what the simulated clocks showed
	// Patience says that a guest failed only because its firmware gave up waiting on a lossy wire.
	Patience bool   `json:"patience,omitempty"`
	Hash     string `json:"hash,omitempty"` // of all frames in their order: the same seed gives the same
}

func (r Request) result() Result {
	name, server := r.Name, r.serverKind()
	if with := strings.Join(slices.DeleteFunc([]string{r.Firmware, r.NIC, r.Machine}, func(s string) bool { return s == "" }), " "); with != "" {
		name += " with " + with
	}
	if server == "dnsmasq" {
		server = r.Server
	}
	return Result{Scenario: name, World: r.World, Server: server, Seed: r.Seed, Rerun: r.Rerun()}
}

// Untested is the result of a run that was not made.
func (r Request) Untested(reason string) Result {
	result := r.result()
	result.Outcome, result.Reason = NotTested, reason
	return result
}

// errNotTested marks what is missing on this host: neither the scenario nor the server is to blame.
var errNotTested = errors.New("could not test")

func notTested(format string, v ...any) error {
	return fmt.Errorf("%w: %s", errNotTested, fmt.Sprintf(format, v...))
}
