package main

import (
	"fmt"
	"io"
	"maps"
	"net/netip"
	"os"
	"slices"
	"time"

	"github.com/bootrig/bootrig/emulator/observe"
	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/wire/event"
)

// ExplainCmd is `bootrig explain`.
type ExplainCmd struct {
	Capture string `arg:"" name:"capture" help:"A pcap or pcapng file; - is the standard input."`
	Server  string `name:"server" placeholder:"ADDR" help:"The boot server that the machines should boot from. Default: the one that each of them follows."`
	JSON    bool   `name:"json" help:"Print JSON, a boot a line."`
}

// Help is what `bootrig explain --help` adds.
func (ExplainCmd) Help() string {
	return `It reads what crossed a wire between machines and any servers of DHCP, TFTP and HTTP, and tells of each boot in it how far it came, the most likely cause if it did not, what shows it, how sure that is, and what to do. A capture that begins in the middle, or ends there, says less.

Examples:

  sudo tcpdump -i eth0 -w boot.pcap 'udp or tcp port 80 or icmp'
  bootrig explain boot.pcap
  bootrig explain --server 192.168.9.2 --json boot.pcap >boots.json

Exit code: 0 all machines booted, as far as it shows, 1 one did not, 2 used wrongly.`
}

// An explained is a boot and whose it is.
type explained struct {
	Machine string `json:"machine"`
	verdict.Case
}

// Run explains.
func (c *ExplainCmd) Run() error {
	var server netip.Addr
	if c.Server != "" {
		var err error
		if server, err = netip.ParseAddr(c.Server); err != nil {
			return usage(fmt.Errorf("--server %s is no address such as 192.168.9.2", c.Server))
		}
	}
	in := io.ReadCloser(os.Stdin)
	if c.Capture != "-" {
		file, err := os.Open(c.Capture)
		if err != nil {
			return usage(err)
		}
		in = file
	}
	defer in.Close()
	facts := map[string][]event.Event{}
	wire := observe.Wire{Events: event.Func(func(e event.Event) { facts[e.Client] = append(facts[e.Client], e) })}
	if err := observe.Read(in, wire.Frame); err != nil {
		return usage(fmt.Errorf("%s: %w", c.Capture, err))
	}
	var all []explained
	for _, machine := range slices.Sorted(maps.Keys(facts)) {
		for _, boot := range verdict.Boots(facts[machine], server) {
			all = append(all, explained{machine, boot})
		}
	}
	return c.print(all)
}

func (c *ExplainCmd) print(all []explained) error {
	if len(all) == 0 {
		fmt.Fprintln(os.Stderr, "no machine boots from the network in this capture")
		return exitFailed
	}
	failed := false
	out := teller.JSON{W: os.Stdout}
	for _, e := range all {
		failed = failed || e.Story.Fault()
		if c.JSON {
			if err := out.Print(e); err != nil {
				return err
			}
			continue
		}
		e.tell(os.Stdout)
	}
	if failed {
		return exitFailed
	}
	return nil
}

// tell tells a boot to people.
func (e explained) tell(w io.Writer) {
	line := func(format string, args ...any) { fmt.Fprintln(w, teller.Clean(fmt.Sprintf(format, args...))) }
	from := "no boot server"
	if e.Server.IsValid() {
		from = "boot server " + e.Server.String()
	}
	line("%s at %s, %s, %s", e.Machine, e.Began.Local().Format(time.TimeOnly), dash(e.Class), from)
	line("  %s (%s): %s", e.Story.ID, e.Story.Sure, e.Story.Text)
	if e.Story.Next != "" {
		line("  came as far as %q; next should have come %s", e.Story.Stage, e.Story.Next)
	}
	for i, cause := range e.Story.Causes {
		if i > 0 {
			line("  or %s (%s): %s", cause.ID, cause.Sure, cause.Text)
			continue
		}
		for _, fact := range cause.Evidence {
			line("    %s", teller.Line(fact))
		}
		line("  what to do: %s", cause.Fix)
	}
}
