package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/emulator/qemu"
	"github.com/bootrig/bootrig/internal/textfile"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/matrix"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// MatrixCmd is `bootrig matrix`.
type MatrixCmd struct {
	Rows    string   `arg:"" optional:"" default:"scenarios/matrix/rows" help:"File of rows: which scenarios, with which machines."`
	Servers []string `name:"server" default:"ours,dnsmasq,dnsmasq@2.93" sep:"," help:"Columns: ours, dnsmasq, dnsmasq@VERSION, or cmd:COMMAND."`
	Run_    string   `name:"run" placeholder:"REGEX" help:"Only rows that match, as they are told: PATH FIRMWARE CARD BOARD."`
	Results string   `type:"path" placeholder:"FILE" help:"Write each result, as soon as it is there, as a line of JSON."`
	Resume  bool     `help:"Go on with the results that the file has: what is in it is not run again."`
	Into    string   `type:"path" placeholder:"FILE" help:"Write the table between the lines <!-- matrix --> and <!-- /matrix --> of a file too."`
	Keep    string   `type:"path" placeholder:"DIR" help:"Keep pcapng, console and logs of every run below this directory, each in one of its own."`
	Jobs    int      `short:"j" default:"0" help:"Runs at once; 0 is one for each processor core."`
}

// Help is what `bootrig matrix -h` adds.
func (*MatrixCmd) Help() string {
	return `Real machines boot, each row from each server, and a table in Markdown says which came to their chain's end, in how many
seconds, and why not. It is printed in the end; what is done is told on the way. A line of the file of rows is

  SCENARIO firmware=NAME,NAME@VERSION,NAME@* [nic=CARD,CARD] [machine=pc,q35]

a scenario beside that file, and machines to run it with: every combination, NAME@* being each version that
bootrig firmware knows. Firmware stands in for that of the scenario's guests as with bootrig test --firmware.

Examples:

  bootrig matrix lab/rows --server ours,dnsmasq
  bootrig matrix --run 'ipxe-bios@2.0.0 .*vmxnet3'
  bootrig matrix --results out/matrix.jsonl --resume --into README.md

Exit code: 0 every row boots from the first server, or could not be tested and says why, 1 one does not, 2 a mistake in
a file or on the command line.`
}

// Run fills the table.
func (c *MatrixCmd) Run(ctx context.Context) error {
	rows, err := c.read()
	if err != nil {
		return usage(err)
	}
	jobs := c.Jobs
	if jobs <= 0 {
		jobs = runtime.NumCPU()
	}
	table, err := c.open(rows)
	if err != nil {
		return usage(err)
	}
	if err := table.run(ctx, jobs); err != nil {
		return interrupted(ctx, err)
	}
	var text strings.Builder
	if err := matrix.Table(&text, rows, c.Servers, table.done); err != nil {
		return err
	}
	fmt.Print(text.String())
	if c.Into != "" {
		if err := textfile.Between(c.Into, "matrix", text.String()); err != nil {
			return fmt.Errorf("--into: %w", err)
		}
	}
	return verdictOf(table.done, c.Servers[0])
}

// read reads the rows, and finds those that cannot be run.
func (c *MatrixCmd) read() ([]matrix.Row, error) {
	data, err := textfile.Read(c.Rows)
	if err != nil {
		return nil, err
	}
	sets, err := runner.FirmwareDir()
	if err != nil {
		return nil, err
	}
	rows, err := matrix.Parse(c.Rows, data, func(name string) []string { return qemu.Versions(name, sets) })
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if err := c.fits(r); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", c.Rows, r, err)
		}
	}
	return matrix.Only(rows, c.Run_)
}

// fits looks whether a scenario has a guest that the row's firmware can stand in for.
func (c *MatrixCmd) fits(r matrix.Row) error {
	if err := qemu.Known(r.Firmware); err != nil {
		return err
	}
	f, err := readScenario(r.Scenario)
	if err != nil {
		return err
	}
	guests := f.Plan(script.Env{World: runner.QEMU, Server: "ours"}).Guests
	if !slices.ContainsFunc(guests, func(g script.Guest) bool { return qemu.StandsIn(r.Firmware, g.Firmware) }) {
		return fmt.Errorf("the scenario has no guest of firmware %s", qemu.Base(r.Firmware))
	}
	return nil
}

func readScenario(name string) (*script.File, error) {
	data, err := textfile.Read(name)
	if err != nil {
		return nil, err
	}
	return script.Parse(name, data)
}

// verdictOf is the exit code.
func verdictOf(done []matrix.Record, server string) error {
	failed := false
	for _, r := range done {
		switch {
		case r.Outcome == runner.Wrong:
			return exitUsage
		case r.Outcome == runner.Failed && r.Server == server:
			failed = true
		}
	}
	if failed {
		return exitFailed
	}
	return nil
}
