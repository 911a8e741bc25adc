package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/term"

	"github.com/bootrig/bootrig/scenarios/runner"
	telling "github.com/bootrig/bootrig/scenarios/runner/report"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/wire/event"
)

// TestCmd is `bootrig test`.
type TestCmd struct {
	Files   []string `arg:"" optional:"" name:"file" help:"Scenarios (.txtar) or directories of them. Default: scenarios."`
	As      []string `enum:"sim,tap,qemu" default:"sim,tap,qemu" help:"Worlds to run in: sim (virtual time, nothing needed), tap (real time, servers as processes), qemu (the same with real machines)."`
	Server  string   `default:"ours" help:"Server under test: ours, dnsmasq, or cmd:COMMAND, where {config} is the scenario's configuration file."`
	Jobs    int      `short:"j" default:"1" help:"Runs at once."`
	Seed    uint64   `help:"Seed of the faults on the wire."`
	JSON    bool     `name:"json" help:"Print facts and results as JSON lines."`
	Keep    string   `type:"path" help:"Keep pcapng, console and logs of every run in this directory; else only failed runs leave theirs, below the temporary directory." placeholder:"DIR"`
	Verbose bool     `short:"v" help:"Tell misses, retries and the server's own view too."`
}

// Help is what `bootrig test -h` adds: the language of scenarios.
func (TestCmd) Help() string {
	var b strings.Builder
	b.WriteString("Exit code: 0 all passed, 1 a scenario failed, 2 a mistake in a file or on the command line, 3 nothing failed but a world that was asked for with --as could not be tested.\n\n")
	_ = script.WriteHelp(&b)
	return b.String()
}

// exitCode ends the program with a code; what it means was printed already.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// ExitCode is for kong.
func (c exitCode) ExitCode() int { return int(c) }

// The exit codes of `bootrig test`.
const (
	exitFailed    exitCode = 1
	exitUsage     exitCode = 2
	exitNotTested exitCode = 3

	exitInterrupted exitCode = 130 // as a shell says of SIGINT
)

// Run runs the scenarios.
func (c *TestCmd) Run(ctx context.Context) error {
	files, err := c.find()
	if err != nil {
		return usage(err)
	}
	var requests []runner.Request
	for _, f := range files {
		for _, world := range c.As {
			requests = append(requests, runner.Request{
				Name: f.Name, Source: f.Source(), World: world, Server: c.Server, Seed: c.Seed, Out: c.out(), Keep: c.Keep != "",
			})
		}
	}
	results, err := c.runAll(ctx, requests)
	if err != nil {
		return interrupted(ctx, err)
	}
	return c.conclude(results)
}

// interrupted tells ^C from an error of its own.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "\nbootrig: interrupted; nothing of the run is left")
	return exitInterrupted
}

// out is where runs leave what they keep.
func (c *TestCmd) out() string {
	if c.Keep != "" {
		return c.Keep
	}
	return filepath.Join(os.TempDir(), "bootrig-failed")
}

func usage(err error) error {
	fmt.Fprintln(os.Stderr, err)
	return exitUsage
}

// find reads all scenarios, and reports the mistakes of all of them before any runs.
func (c *TestCmd) find() ([]*script.File, error) {
	if len(c.Files) == 0 {
		c.Files = []string{"scenarios"}
	}
	var names []string
	for _, name := range c.Files {
		found, err := scenarioFiles(name)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	var files []*script.File
	var mistakes []error
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			mistakes = append(mistakes, err)
			continue
		}
		f, err := script.Parse(name, data)
		mistakes = append(mistakes, err)
		files = append(files, f)
	}
	return files, errors.Join(mistakes...)
}

// scenarioFiles are the scenarios in a directory and below, or the one file.
func scenarioFiles(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{name}, nil
	}
	var names []string
	err = filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) == ".txtar" {
			names = append(names, path)
		}
		return err
	})
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s: there is no .txtar file here", name)
	}
	slices.Sort(names)
	return names, err
}

// runAll runs requests, Jobs at once, and prints each one's story and result.
func (c *TestCmd) runAll(ctx context.Context, requests []runner.Request) ([]runner.Result, error) {
	results := make([]runner.Result, len(requests))
	var group errgroup.Group
	group.SetLimit(max(1, c.Jobs))
	var mu sync.Mutex // of what is printed in one piece
	for i, req := range requests {
		group.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			req.Events = c.teller(req, &mu)
			r, err := runner.Run(ctx, req)
			if err != nil {
				return fmt.Errorf("%s as %s: %w", req.Name, req.World, err)
			}
			results[i] = r
			mu.Lock()
			defer mu.Unlock()
			if c.JSON {
				return json.NewEncoder(os.Stdout).Encode(map[string]any{"result": r})
			}
			return telling.Result(os.Stdout, r)
		})
	}
	return results, group.Wait()
}

// teller prints one run's facts as they come.
func (c *TestCmd) teller(req runner.Request, mu *sync.Mutex) event.Recorder {
	if c.JSON {
		out := json.NewEncoder(os.Stdout)
		return event.Func(func(e event.Event) {
			mu.Lock()
			defer mu.Unlock()
			_ = out.Encode(map[string]any{"scenario": req.Name, "world": req.World, "event": e})
		})
	}
	story := &telling.Story{W: os.Stdout, Verbose: c.Verbose, Terminal: c.Jobs <= 1 && term.IsTerminal(int(os.Stdout.Fd()))}
	if c.Jobs > 1 {
		story.Prefix = strings.TrimSuffix(filepath.Base(req.Name), ".txtar") + "/" + req.World + " "
	}
	var title sync.Once
	return event.Func(func(e event.Event) {
		mu.Lock()
		defer mu.Unlock()
		title.Do(func() { fmt.Printf("\n%s as %s, server %s\n", req.Name, req.World, req.Server) })
		story.Record(e)
	})
}

// conclude prints the table and chooses the exit code.
func (c *TestCmd) conclude(results []runner.Result) error {
	if !c.JSON {
		fmt.Println()
		if err := telling.Table(os.Stdout, results); err != nil {
			return err
		}
	}
	passed, failed, missing := 0, 0, 0
	for _, r := range results {
		switch {
		case r.Outcome == runner.Failed:
			failed++
		case r.Outcome == runner.Passed:
			passed++
		case !r.Skipped:
			missing++
		}
	}
	switch {
	case failed > 0:
		return exitFailed
	case missing > 0 && len(c.As) < 3, passed == 0:
		return exitNotTested
	}
	return nil
}
