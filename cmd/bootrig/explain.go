package main

import (
	"context"
	"errors"
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
	Capture   string `arg:"" optional:"" name:"capture" help:"A pcap or pcapng file; - is the standard input."`
	Interface string `short:"i" name:"interface" placeholder:"IFACE" help:"Listen to an interface of this host instead, and tell each boot when it ends, until ^C. Nothing is sent: the mirror port of a switch will do."`
	Server    string `name:"server" placeholder:"ADDR" help:"The boot server that the machines should boot from. Default: the one that each of them follows."`
	JSON      bool   `name:"json" help:"Print JSON, a boot a line."`

	Try     bool     `name:"try" help:"Play firmware on the network of --interface, and tell where the answers to one differ from those to another, or from those in the capture."`
	Profile []string `name:"profile" placeholder:"FIRMWARE" help:"With --try: play this scripted firmware; repeatable. Default: intel-undi, ovmf-x64 and ovmf-x64-http, or those that are like the machines in the capture."`
	playing
}

// Help is what `bootrig explain --help` adds.
func (ExplainCmd) Help() string {
	return `It reads what crossed a wire between machines and any servers of DHCP, TFTP and HTTP, and tells of each boot in it how far it came, the most likely cause if it did not, what shows it, how sure that is, and what to do. A capture that begins in the middle, or ends there, says less.

With -i it listens to an interface, sends nothing, and tells each boot when it ends, or when nothing more is to be expected of it; those that are under way at ^C are told as far as they came.

With --try it asks itself, as bootrig boot -i does: it plays one firmware after the other on the network of an interface, tells of each what it would boot and why not, and in a table where the answers differ: lines with ! are those. With a capture it plays firmware that is like each machine in that, under a MAC of its own, and holds the answers of now against those of then. What is said to one machine alone is seen with its --mac, while it is off.

Examples:

  sudo tcpdump -i eth0 -w boot.pcap 'arp or udp or tcp port 80 or icmp'
  bootrig explain boot.pcap
  sudo bootrig explain -i eth0
  sudo bootrig explain --try -i eth0
  sudo bootrig explain --try -i eth0 --profile ipxe-bios --profile ovmf-x64
  sudo bootrig explain boot.pcap --try -i eth0
  bootrig explain --server 192.168.9.2 --json boot.pcap >boots.json

Exit code: 0 all machines booted, as far as it shows, 1 one did not, or none was seen, 2 used wrongly. With --try: 0 all that was played would boot, and no answer differs from the capture's, 1 otherwise, 3 the interface cannot be used.`
}

// An explained is a boot and whose it is.
type explained struct {
	Machine string `json:"machine"`
	verdict.Case
}

// Run explains.
func (c *ExplainCmd) Run(ctx context.Context) error {
	var server netip.Addr
	if c.Server != "" {
		var err error
		if server, err = netip.ParseAddr(c.Server); err != nil {
			return usage(fmt.Errorf("--server %s is no address such as 192.168.9.2", c.Server))
		}
	}
	told := &explaining{json: c.JSON}
	switch {
	case c.Try:
		return c.try(ctx)
	case len(c.Profile) > 0 || !c.none():
		return usage(errors.New("--profile, --mac and --uuid are for --try"))
	case (c.Capture == "") == (c.Interface == ""):
		return usage(errors.New("wanted is a capture, or an interface by -i"))
	case c.Interface != "":
		return told.listen(ctx, c.Interface, server)
	}
	return told.read(c.Capture, server)
}

// An explaining tells boots, and remembers how they went.
type explaining struct {
	json bool

	boots  int
	failed bool
	err    error
}

// read tells the boots of a capture.
func (t *explaining) read(capture string, server netip.Addr) error {
	facts, end, err := captured(capture)
	if err != nil {
		return usage(err)
	}
	for _, machine := range slices.Sorted(maps.Keys(facts)) {
		for _, boot := range verdict.Boots(facts[machine], server, end) {
			t.tell(machine, boot)
		}
	}
	return t.end("in this capture")
}

// captured are the facts of each machine in a capture, and when that ends.
func captured(capture string) (facts map[string][]event.Event, end time.Time, err error) {
	in := io.ReadCloser(os.Stdin)
	if capture != "-" {
		file, err := os.Open(capture)
		if err != nil {
			return nil, end, err
		}
		in = file
	}
	defer in.Close()
	if facts, end, err = observe.Machines(in); err != nil {
		return nil, end, fmt.Errorf("%s: %w", capture, err)
	}
	return facts, end, nil
}

// tell tells a boot.
func (t *explaining) tell(machine string, c verdict.Case) {
	t.boots++
	t.failed = t.failed || c.Story.Fault()
	e := explained{machine, c}
	if !t.json {
		e.tell(os.Stdout)
		return
	}
	if err := (&teller.JSON{W: os.Stdout}).Print(e); err != nil {
		t.err = err
	}
}

// end says how all went.
func (t *explaining) end(where string) error {
	switch {
	case t.err != nil:
		return t.err
	case t.boots == 0:
		fmt.Fprintf(os.Stderr, "no machine boots from the network %s\n", where)
		return exitFailed
	case t.failed:
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
	if e.Story.Then != "" {
		line("  and then it went on as %s, which went well", e.Story.Then)
	}
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
