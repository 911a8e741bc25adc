package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/scenarios/bench"
)

// BenchCmd is `bootrig bench`.
type BenchCmd struct {
	Servers []string `arg:"" optional:"" name:"server" help:"Servers, the first of which is compared with each other: ours, dnsmasq, dnsmasq@VERSION, tftp-hpa, atftpd, pin/tftp, nginx, or cmd:COMMAND, in which {root} is a directory, {addr} an address and {config} a dnsmasq.conf. Default: ours beside all of these that are here."`
	Point   string   `placeholder:"REGEX" help:"Only points whose names match."`
	List    bool     `help:"Print the points, and measure nothing."`
	Rounds  int      `default:"9" help:"Rounds that count; the best and the worst are dropped."`
	Cores   int      `default:"1" help:"Processor cores of the server; the load gets the others."`
	Scale   float64  `default:"1" help:"Files of so many times their sizes: 0.1 shows soon whether it works."`
	SVG     string   `name:"svg" type:"path" placeholder:"FILE" help:"Draw the medians."`
	JSON    bool     `name:"json" help:"Print each point as a line of JSON, with every round."`
}

// Help is what `bootrig bench -h` adds.
func (*BenchCmd) Help() string {
	return `Servers bear the same load in turn, round after round, each on processor cores of its own and in a net namespace of its
own; nothing touches the host's network. A table for each point says the medians: what was reached and in which range, how
many times better the first server was in the same rounds, what the server needed for it (processor time, memory, open
files), what clients had to send again, and how busy the load was: near 100 % it was the load that was measured.

Load comes from perfdhcp, curl, atftp and tftp, from scripted machines and QEMU, and for many clients at once from our
own. Every byte that is served is compared.

Examples:

  sudo bootrig bench --point 'tftp/lockstep' --rounds 3
  sudo bootrig bench ours dnsmasq@2.93 tftp-hpa --point clients=1000
  sudo bootrig bench ours 'cmd:/usr/sbin/in.tftpd --foreground --address {addr} --secure {root}' --point tool/
  sudo bootrig bench --svg bench.svg >bench.md

What is missing here of the servers and tools, .ci/deps bench of the source tree fetches. It wants root.

Exit code: 0 measured, 1 a server failed at a point, 2 used wrongly, 3 could not be measured.`
}

// Run measures.
func (c *BenchCmd) Run(ctx context.Context) error {
	points, err := bench.Choose(c.Point)
	if err == nil && c.Scale <= 0 {
		err = fmt.Errorf("--scale %g: it is more than 0", c.Scale)
	}
	if err != nil {
		return usage(err)
	}
	for i := range points {
		points[i] = points[i].Scaled(c.Scale)
	}
	if c.List {
		for _, p := range points {
			fmt.Printf("%-32s %s\n", p.Name, p.What)
		}
		return nil
	}
	servers, err := c.servers()
	if err != nil {
		return notMeasured(err)
	}
	cores, err := bench.Available()
	if err == nil {
		err = tap.Available()
	}
	if err == nil && os.Geteuid() != 0 {
		err = errors.New("servers become other users, and clients want larger buffers: run it as root")
	}
	if err != nil {
		return notMeasured(err)
	}
	cfg, err := bench.NewConfig(servers, points, c.Rounds, cores, c.Cores)
	if err != nil {
		return usage(err)
	}
	return c.measure(ctx, cfg)
}

func notMeasured(err error) error {
	fmt.Fprintln(os.Stderr, "bench: not measured:", err)
	return exitNotTested
}

// servers finds those that were asked for, or those that are here.
func (c *BenchCmd) servers() (all []bench.Server, err error) {
	names := c.Servers
	if len(names) == 0 {
		names = bench.Default
	}
	for _, name := range names {
		s, err := bench.Find(name)
		switch {
		case err == nil:
			all = append(all, s)
		case len(c.Servers) > 0:
			return nil, err
		default:
			fmt.Fprintln(os.Stderr, "bench: left out:", err)
		}
	}
	return all, nil
}

func (c *BenchCmd) measure(ctx context.Context, cfg bench.Config) error {
	if !c.JSON {
		fmt.Printf("%s; rounds: %d\n\n", cfg.Cores, cfg.Rounds)
	}
	var all []bench.Result
	failed := false
	done := func(r bench.Result) error {
		all = append(all, r)
		for _, row := range r.Rows {
			failed = failed || row.Error != ""
		}
		if c.JSON {
			return (&teller.JSON{W: os.Stdout}).Print(r)
		}
		return r.Text(os.Stdout)
	}
	if err := bench.Run(ctx, cfg, tellStep, done); err != nil {
		return interrupted(ctx, err)
	}
	if c.SVG != "" {
		if err := os.WriteFile(c.SVG, []byte(bench.SVG(all)), 0o644); err != nil {
			return err
		}
	}
	if failed {
		return exitFailed
	}
	return nil
}

// tellStep tells of a round.
func tellStep(s bench.Step) {
	round := fmt.Sprintf("%d/%d", s.Round, s.Rounds)
	if s.Round == 0 {
		round = "warm-up"
	}
	if s.Err != nil {
		fmt.Fprintf(os.Stderr, "%s %s %s: %s\n", s.Point, round, s.Server, strings.TrimSpace(teller.Clean(s.Err.Error())))
		return
	}
	fmt.Fprintf(os.Stderr, "%s %s %s: %.4g\n", s.Point, round, s.Server, s.Sample.Value)
}
