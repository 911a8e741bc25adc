package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/server/machines"
)

// MachinesCmd is `bootrig machines`.
type MachinesCmd struct {
	List   MachinesListCmd   `cmd:"" default:"withargs" help:"Print every machine, in a line each."`
	Watch  MachinesWatchCmd  `cmd:"" help:"Print a machine again whenever it has come further, until ^C."`
	Set    MachinesSetCmd    `cmd:"" help:"Give a machine tags that stay, or take them away."`
	Once   MachinesOnceCmd   `cmd:"" help:"Give a machine tags for its next boot only: install it once, and boot its disk after."`
	Forget MachinesForgetCmd `cmd:"" help:"Forget a machine, and how it is marked."`
}

// Help is what `bootrig machines --help` adds.
func (MachinesCmd) Help() string {
	return `Of every machine that the server of this host has heard: what it is, how it is marked, and how far its last boot came, as the server saw it: which boot file it was given, what it fetched, what it is getting now, and what went wrong at last. When nothing more is to be expected it says booted, or names the most likely cause that it did not. What a machine does behind the last file that it fetched no server sees. It is remembered in the file of serve --state, of up to 4,096 machines, and those that are marked.

Marks are tags that a machine has besides those that the configuration gives: its lines for tag:install, and those for tag:!install, say what the machine boots.

Examples:

  sudo bootrig machines
  sudo bootrig machines watch
  sudo bootrig machines --json | jq -r 'select(.boot.verdict != "booted") | [.mac, .boot.verdict, .boot.why, .boot.fix] | @tsv'
  sudo bootrig machines once 52:54:00:12:34:56
      it is one for the tag install at its next boot, and not after.

  sudo bootrig machines set 52:54:00:12:34:56 rack2 rescue
  sudo bootrig machines set 52:54:00:12:34:56
      it has these tags until they are taken away.

  sudo bootrig machines forget 52:54:00:12:34:56

Exit code: 0 it was printed, 1 no server runs or the machine was not heard of, 2 used wrongly.`
}

// MachinesListCmd is `bootrig machines list`.
type MachinesListCmd struct {
	stated
	JSON bool `name:"json" help:"Print JSON, a machine a line."`
}

// Run lists.
func (c *MachinesListCmd) Run(ctx context.Context) error {
	all, lines, err := c.machines(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printed(os.Stdout, lines)
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "MACHINE\tADDRESS\tARCH\tHEARD\tBOOTS\tMARK\tLAST BOOT")
	for _, m := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n", m.MAC, dash(m.Address), dash(m.Arch), ago(m.Last), m.Boots, dash(marked(m)), m.Boot.Line())
	}
	return table.Flush()
}

// unlessEnded is an error, unless ^C caused it.
func unlessEnded(ctx context.Context, err error) error {
	select {
	case <-ctx.Done():
		return nil
	default:
		return err
	}
}

// MachinesForgetCmd is `bootrig machines forget`.
type MachinesForgetCmd struct {
	stated
	MAC string `arg:"" help:"Its address, such as 52:54:00:12:34:56."`
}

// Run forgets.
func (c *MachinesForgetCmd) Run(ctx context.Context) error {
	_, err := c.ask(ctx, "forget", c.MAC)
	return err
}

// machines asks for all, and gives each as it was told too.
func (s stated) machines(ctx context.Context) (all []machines.Machine, lines []string, err error) {
	if lines, err = s.ask(ctx, "machines"); err != nil {
		return nil, nil, err
	}
	all, err = decoded[machines.Machine](lines)
	return all, lines, err
}

// marked is how a machine is marked, in a few words; "": it is not.
func marked(m machines.Machine) string {
	if m.Mark == nil {
		return ""
	}
	return m.Mark.String()
}

// decoded reads a value of each line of a server's answer.
func decoded[T any](lines []string) (all []T, err error) {
	for _, line := range lines {
		var v T
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			return nil, fmt.Errorf("the server's answer: %w", err)
		}
		all = append(all, v)
	}
	return all, nil
}

// printed prints lines of JSON as they were told, harmless on a terminal too.
func printed(w io.Writer, lines []string) error {
	var all []error
	out := teller.JSON{W: w}
	for _, line := range lines {
		all = append(all, out.Print(json.RawMessage(line)))
	}
	return errors.Join(all...)
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return teller.Clean(text)
}

// ago is how long ago a moment was, in the unit that says it best.
func ago(then time.Time) string {
	switch d := time.Since(then); {
	case then.IsZero():
		return "-"
	case d < time.Minute:
		return d.Round(time.Second).String() + " ago"
	case d < 48*time.Hour:
		return d.Round(time.Minute).String() + " ago"
	}
	return then.Local().Format(time.DateOnly)
}
