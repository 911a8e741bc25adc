package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/term"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/scenarios/runner"
	telling "github.com/bootrig/bootrig/scenarios/runner/report"
	"github.com/bootrig/bootrig/wire/event"
)

// running is how runs are made and told: the flags that boot and test share.
type running struct {
	Server  string `default:"ours" help:"Server under test: ours, dnsmasq, dnsmasq@VERSION as .ci/newer unpacks it, or cmd:COMMAND, where {config} is the configuration file."`
	Seed    uint64 `help:"Seed of the faults on the wire."`
	Keep    string `type:"path" help:"Keep pcapng, console and logs of every run, each in a directory of its own below this one; else only failed runs leave theirs, and real machines their console, below the temporary directory." placeholder:"DIR"`
	JSON    bool   `name:"json" help:"Print facts and results as JSON lines."`
	Verbose bool   `short:"v" help:"Tell every fact: each miss, retries, all of the consoles, and the server's own view."`

	mu sync.Mutex // of what is printed in one piece
}

// request is a request without its scenario. What runs leave goes below a directory whose name nobody can guess,
// which the first run that needs it makes.
func (r *running) request() runner.Request {
	req := runner.Request{Server: r.Server, Seed: r.Seed, Out: r.Keep, Keep: r.Keep != ""}
	if req.Out == "" {
		req.Out = filepath.Join(os.TempDir(), "bootrig-"+rand.Text()[:8])
	}
	return req
}

// tell makes a request's facts be told as they come. A prefix stands before the lines of runs that are told at
// once, and a title before the first.
// flush tells the last of them.
func (r *running) tell(req *runner.Request, prefix, title string) (flush func()) {
	name, world := req.Name, req.World
	if r.JSON {
		req.Events = event.Func(func(e event.Event) {
			_ = r.print(map[string]any{"scenario": name, "world": world, "event": e}) // nobody is left to tell
		})
		return func() {}
	}
	story := &teller.Printer{
		W: os.Stdout, Prefix: prefix, Clock: teller.Seconds, Witnessed: true, Verbose: r.Verbose, Terminal: prefix == "" && term.IsTerminal(int(os.Stdout.Fd())),
	}
	var once sync.Once
	req.Events = event.Func(func(e event.Event) {
		r.mu.Lock()
		defer r.mu.Unlock()
		once.Do(func() { fmt.Print(title) })
		story.Record(e)
	})
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		story.Flush()
	}
}

// result prints what a run found.
func (r *running) result(found runner.Result) error {
	if r.JSON {
		return r.print(map[string]any{"result": found})
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return telling.Result(os.Stdout, found)
}

func (r *running) print(v any) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return (&teller.JSON{W: os.Stdout}).Print(v)
}

// exitCode ends the program with a code; what it means was printed already.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// ExitCode is for kong.
func (c exitCode) ExitCode() int { return int(c) }

// The exit codes of `bootrig test` and `bootrig boot`.
const (
	exitFailed    exitCode = 1
	exitUsage     exitCode = 2
	exitNotTested exitCode = 3

	exitInterrupted exitCode = 130 // as a shell says of SIGINT
)

// usage prints what is wrong with the command line or a file.
func usage(err error) error {
	fmt.Fprintln(os.Stderr, err)
	return exitUsage
}

// wrong tells a mistake of the caller from what broke.
func wrong(err error) error {
	var m *runner.Mistake
	if errors.As(err, &m) {
		return usage(err)
	}
	return err
}

// interrupted tells ^C from an error of its own.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "\nbootrig: interrupted; nothing of the run is left")
	return exitInterrupted
}
