package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"text/tabwriter"

	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/internal/textfile"
	"github.com/bootrig/bootrig/scenarios/runner"
	telling "github.com/bootrig/bootrig/scenarios/runner/report"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// TestCmd is `bootrig test`.
type TestCmd struct {
	Paths []string `arg:"" optional:"" name:"path" help:"Scenarios (.txtar) or directories of them. Default: scenarios."`
	configured
	running
	choice
	evidence
	As       []string `enum:"sim,tap,qemu" default:"sim,tap,qemu" help:"Worlds to run in: sim (virtual time, nothing needed), tap (real time, servers as processes), qemu (the same with real machines)."`
	Run_     string   `name:"run" placeholder:"REGEX" help:"Only scenarios whose path matches."`
	List     bool     `help:"List the scenarios and their worlds, and run nothing."`
	Firmware []string `placeholder:"NAME@VERSION" help:"Only scenarios with a guest of that firmware, which gets that version of it (bootrig firmware lists them), in qemu; golden traces, which are another version's, are not compared. all: each version."`
	NIC      string   `name:"nic" placeholder:"CARD" help:"Real machines have this card (qemu-system-x86_64 -device help) instead of the scenarios'."`
	Machine  string   `placeholder:"BOARD" help:"Real machines have this board, pc or q35, instead of the scenarios'."`
	Update   bool     `help:"Write golden traces beside the scenarios, from real machines where they can be run."`
	Jobs     int      `short:"j" default:"1" help:"Runs at once; 0 is one for each processor core. Real machines wait for a core each and for memory all the same."`
}

// Help is what `bootrig test -h` adds: the language of scenarios.
func (*TestCmd) Help() string {
	var b strings.Builder
	b.WriteString(`Examples:

  bootrig test lab/boots.txtar --as sim
      the scenario that you wrote, in virtual time: no root, nothing installed.

  bootrig test lab --as tap,qemu -C /etc/dnsmasq.conf --server dnsmasq
      the same with real machines, your own configuration in the place of the scenarios' and your own server.

  bootrig test lab --update
      writes the golden traces that golden lines name: from a real machine if one can be run, else from a scripted
      one whose profile was made from captures. The file says which.

  bootrig test lab --firmware ipxe-bios@2.0.0 --firmware ovmf-x64@2026.08
      real machines with other versions of their firmware than this host's.

  bootrig test lab --list --run 'uefi|menu'
  bootrig test lab --repeat 20 --fail-fast
      is it always so? Twenty times with twenty seeds, up to the first that fails.

  bootrig test lab --shard 2/3 --markdown "$GITHUB_STEP_SUMMARY"
      the second of three jobs of a CI server, and its page (ci.md of the source has whole recipes).

  bootrig test lab --junit report.xml
  bootrig test lab --report out
      out/index.html: each boot message by message, with its files, screens and console, for your browser.

Exit code: 0 all passed, 1 a scenario failed, 2 a mistake in a file or on the command line (the others run all the
same, and the table tells all), 3 nothing failed but a world that was asked for with --as could not be tested.

`)
	_ = script.WriteHelp(&b)
	return b.String()
}

// Run runs the scenarios.
func (c *TestCmd) Run(ctx context.Context) error {
	if err := c.alone(nil); err != nil {
		return err
	}
	if c.Jobs < 0 {
		return usage(fmt.Errorf("--jobs: %d is no number of runs; 0 is one for each processor core", c.Jobs))
	}
	if err := c.check(c.Update); err != nil {
		return usage(err)
	}
	files, mistaken, err := c.find()
	if err != nil {
		return err
	}
	if c.List {
		return c.list(files, mistaken)
	}
	requests := c.requests(files)
	var missing []runner.Result
	if len(c.Firmware) > 0 {
		if requests, missing, err = c.versions(files); err != nil {
			return err
		}
	}
	results, err := c.runAll(ctx, c.repeated(requests))
	if err != nil {
		return interrupted(ctx, err)
	}
	return c.conclude(slices.Concat(mistaken, results, missing))
}

// find reads all scenarios. The mistakes of all are told before any runs, and each file with some is a result.
func (c *TestCmd) find() (files []*script.File, mistaken []runner.Result, err error) {
	only, err := regexp.Compile(c.Run_)
	if err != nil {
		return nil, nil, usage(fmt.Errorf("--run: %w", err))
	}
	names, err := scenarioFiles(c.Paths)
	if err != nil {
		return nil, nil, usage(err)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !only.MatchString(name) })
	if len(names) == 0 {
		return nil, nil, usage(fmt.Errorf("--run: no scenario matches %s", c.Run_))
	}
	if names, err = c.Shard.pick(names); err != nil {
		return nil, nil, usage(err)
	}
	for _, name := range names {
		var f *script.File
		data, err := textfile.Read(name)
		if err == nil {
			f, err = script.Parse(name, data)
		}
		if err != nil {
			_ = usage(err)
			mistaken = append(mistaken, runner.Result{Scenario: name, World: "-", Server: c.Server, Outcome: runner.Wrong, Reason: err.Error()})
			continue
		}
		files = append(files, f)
	}
	return files, mistaken, nil
}

// requests are a run for each scenario and world. The strongest world comes first where golden traces are
// written, since it is the one that says what they are.
func (c *TestCmd) requests(files []*script.File) []runner.Request {
	worlds := slices.Clone(c.As)
	if c.Update {
		strength := []string{runner.QEMU, runner.Tap, runner.Sim}
		slices.SortFunc(worlds, func(a, b string) int { return slices.Index(strength, a) - slices.Index(strength, b) })
	}
	base := c.base()
	base.Own = runner.Own{Dnsmasq: c.Conf, YAML: c.YAML}
	var requests []runner.Request
	for _, f := range files {
		for _, world := range worlds {
			req := of(f, base)
			req.World, req.Update = world, c.Update
			if world == runner.QEMU {
				req.NIC, req.Machine = c.NIC, c.Machine
			}
			requests = append(requests, req)
		}
	}
	return requests
}

// base is a request without its scenario. The page links what runs leave.
func (c *TestCmd) base() runner.Request {
	if c.Keep == "" {
		c.Keep = c.Report
	}
	return c.request()
}

// of is a request for a scenario.
func of(f *script.File, base runner.Request) runner.Request {
	base.Name, base.Dir, base.Source = f.Name, filepath.Dir(f.Name), f.Source()
	return base
}

// kind is how conditions call the server under test.
func (c *TestCmd) kind() string {
	if strings.HasPrefix(c.Server, "cmd:") {
		return "other"
	}
	return c.Server
}

// list tells which scenarios there are, and in which worlds they would run.
func (c *TestCmd) list(files []*script.File, mistaken []runner.Result) error {
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, f := range files {
		var worlds []string
		for _, world := range c.As {
			if f.Plan(script.Env{World: world, Server: c.kind()}).Skip == "" {
				worlds = append(worlds, world)
			}
		}
		if c.JSON {
			if err := c.print(map[string]any{"scenario": f.Name, "worlds": worlds, "title": f.Title()}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", f.Name, strings.Join(worlds, " "), f.Title())
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if len(mistaken) > 0 {
		return exitUsage
	}
	return nil
}

// runAll runs requests, Jobs at once, and prints each one's story and result. A run that breaks is a result
// too: the others go on.
func (c *TestCmd) runAll(ctx context.Context, requests []runner.Request) ([]runner.Result, error) {
	results := make([]runner.Result, len(requests))
	written := map[string]bool{} // scenarios whose golden traces were written by a stronger world
	var failed atomic.Bool
	var group errgroup.Group
	switch {
	case c.Update:
		c.Jobs = 1
	case c.Jobs == 0:
		c.Jobs = runtime.NumCPU()
	}
	group.SetLimit(c.Jobs)
	for i, req := range requests {
		group.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if c.FailFast && failed.Load() {
				results[i] = req.Untested("not run: another has failed (--fail-fast)")
				return nil
			}
			prefix := ""
			if c.Jobs > 1 {
				prefix = strings.TrimSuffix(filepath.Base(req.Name), ".txtar") + "/" + req.World + " "
			}
			req.Update = req.Update && !written[req.Name]
			flush := c.tell(&req, prefix, fmt.Sprintf("\n%s as %s, server %s\n", req.Name, req.World, req.Server))
			told := c.watch(&req)
			r, err := runner.Run(ctx, req)
			flush()
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				_ = usage(err)
			}
			if req.Update {
				written[req.Name] = len(r.Written) > 0
			}
			failed.CompareAndSwap(false, r.Outcome == runner.Failed || r.Outcome == runner.Wrong)
			told(r)
			results[i] = r
			return c.result(r)
		})
	}
	return results, group.Wait()
}

// conclude prints the table, writes the report and chooses the exit code.
func (c *TestCmd) conclude(results []runner.Result) error {
	if !c.JSON {
		fmt.Println()
		if err := telling.Table(os.Stdout, results); err != nil {
			return err
		}
	}
	if err := c.write(results); err != nil {
		return err
	}
	count := map[runner.Outcome]int{}
	for _, r := range results {
		if !r.Skipped {
			count[r.Outcome]++
		}
	}
	switch {
	case count[runner.Wrong] > 0:
		return exitUsage
	case count[runner.Failed] > 0:
		return exitFailed
	case count[runner.NotTested] > 0 && len(c.As) < 3, count[runner.Passed] == 0:
		return exitNotTested
	}
	return nil
}
