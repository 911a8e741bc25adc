package teller

import (
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/event"
)

var start = time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)

const (
	card = "52:54:00:12:34:56"
	none = 0
	soon = 10 * time.Millisecond
	half = 500 * time.Millisecond
)

// A moment is a fact and how long after the one before it comes.
type moment struct {
	after time.Duration
	event.Event
}

// told is what a Printer prints of moments.
func told(p *Printer, moments ...moment) string {
	var out strings.Builder
	p.W = &out
	now := start
	for _, m := range moments {
		now = now.Add(m.after)
		m.Time = now
		p.Record(m.Event)
	}
	p.Flush()
	return out.String()
}

func differs(t *testing.T, want, got string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// server is a fact as our server records it.
func server(kind event.Kind, e event.Event) event.Event {
	e.Kind, e.Source = kind, "server"
	if e.Client == "" {
		e.Client = card
	}
	return e
}

// wire is a fact as the witness records it.
func wire(kind event.Kind, path string, attrs event.Attributes) event.Event {
	return event.Event{Kind: kind, Source: "wire", Client: "pc", Path: path, Attrs: attrs, Peer: netip.MustParseAddrPort("192.168.9.2:67")}
}

func TestAServerTellsABoot(t *testing.T) {
	p := &Printer{}
	got := told(p, []moment{
		{none, event.Event{Kind: event.Ready, Source: "server", Text: "DHCP on eth0 192.168.9.2/24"}},
		{none, server(event.Discover, event.Event{Attrs: `class=PXEClient:Arch:00000:UNDI:002001 arch="x86PC (0)"`})},
		{none, server(event.Offer, event.Event{Path: "pxelinux.0", Rule: "dnsmasq.conf:5", Text: "a menu of 1", Attrs: "siaddr=192.168.9.2"})},
		{none, server(event.Ignore, event.Event{Rule: "built-in", Text: "for the DHCP server", Attrs: "of=request usual=yes"})},
		{none, server(event.Ignore, event.Event{Rule: "built-in", Text: "not for us", Attrs: "of=discover"})},
		{none, server(event.Ignore, event.Event{Rule: "built-in", Text: "not for us", Attrs: "of=discover"})},
		{none, server(event.BootRequest, event.Event{Attrs: "class=PXEClient item=32768.0"})},
		{none, server(event.BootAck, event.Event{Path: "pxelinux.0", Rule: "dnsmasq.conf:5", Text: "boot item 32768.0", Attrs: "siaddr=192.168.9.2"})},
		{none, server(event.RRQ, event.Event{Xfer: 1, Path: "pxelinux.0"})},
		{soon, server(event.Got, event.Event{Xfer: 1, Path: "pxelinux.0", Bytes: 42430})},
		{none, server(event.RRQ, event.Event{Xfer: 2, Path: "nosuch"})},
		{none, server(event.Miss, event.Event{Xfer: 2, Path: "nosuch", Rule: "dnsmasq.conf:7", Attrs: "like=NoSuch"})},
		{none, server(event.RRQ, event.Event{Xfer: 3, Path: "initrd.gz"})},
		{none, server(event.OACK, event.Event{Xfer: 3, Path: "initrd.gz", Attrs: `options="tsize 41000000 blksize 1408"`})},
		{half, server(event.Data, event.Event{Xfer: 3, Path: "initrd.gz", Bytes: 9 << 20})},
		{half, server(event.Data, event.Event{Xfer: 3, Path: "initrd.gz", Bytes: 10 << 20})},
		{half, server(event.Data, event.Event{Xfer: 3, Path: "initrd.gz", Bytes: 11 << 20})},
		{half, server(event.Got, event.Event{Xfer: 3, Path: "initrd.gz", Bytes: 41000000})},
		{none, server(event.RRQ, event.Event{Xfer: 4, Path: "grub.efi", Attrs: `options="tsize 0"`})},
		{none, server(event.Abort, event.Event{Xfer: 4, Path: "grub.efi", Code: 8, Text: "User aborted the transfer", Attrs: "by=client"})},
		{none, server(event.RRQ, event.Event{Xfer: 5, Path: "grub.efi", Attrs: `options="tsize 0"`})},
		{none, server(event.Abort, event.Event{Xfer: 5, Path: "grub.efi", Text: "the client's port is closed", Attrs: "by=icmp"})},
		{none, server(event.RRQ, event.Event{Xfer: 6, Path: "grub.efi"})},
		{none, server(event.Abort, event.Event{Xfer: 6, Path: "grub.efi", Text: "nothing was heard for 2m0s", Attrs: "by=server"})},
		{none, server(event.HTTPRequest, event.Event{Path: "/install.img"})},
		{half, server(event.HTTPResponse, event.Event{Path: "/install.img", Code: 200, Bytes: 500})},
		{none, server(event.Got, event.Event{Path: "/install.img", Bytes: 500})},
		{none, event.Event{Kind: event.Fault, Source: "server", Text: "tftp: no route"}},
		{none, event.Event{Kind: event.Ignore, Source: "server", Rule: "built-in", Text: "7 bytes are no DHCP packet"}},
	}...)
	differs(t, `
15:04:05 -                 ready: DHCP on eth0 192.168.9.2/24
15:04:05 52:54:00:12:34:56 DISCOVER x86PC (0) PXEClient:Arch:00000:UNDI:002001
15:04:05 52:54:00:12:34:56 OFFER file pxelinux.0 siaddr 192.168.9.2 (a menu of 1, dnsmasq.conf:5)
15:04:05 52:54:00:12:34:56 no answer to DISCOVER: not for us (built-in)
15:04:05 52:54:00:12:34:56 BOOT-ACK file pxelinux.0 siaddr 192.168.9.2 (boot item 32768.0, dnsmasq.conf:5)
15:04:05 52:54:00:12:34:56 got pxelinux.0, 42 kB
15:04:05 52:54:00:12:34:56 asked for nosuch, which is not there: there is NoSuch (dnsmasq.conf:7)
15:04:06 52:54:00:12:34:56 getting initrd.gz, 10.5 MB of 41.0 MB
15:04:07 52:54:00:12:34:56 got initrd.gz, 41.0 MB in 2.0s
15:04:07 52:54:00:12:34:56 stopped grub.efi after 0 bytes: the client's port is closed
15:04:07 52:54:00:12:34:56 grub.efi is given up after 0 bytes: nothing was heard for 2m0s
15:04:07 52:54:00:12:34:56 HTTP 200 for /install.img, 500 bytes in 0.5s
15:04:07 -                 fault: tftp: no route
15:04:07 -                 no answer to a packet: 7 bytes are no DHCP packet (built-in)
`, got)
	if n := p.transfers.len(); n != 0 {
		t.Errorf("%d transfers are remembered after their end", n)
	}
}

func chain() []moment {
	const s = time.Second
	sized := func(e event.Event, n int64) event.Event { e.Bytes = n; return e }
	return []moment{
		{none, event.Event{Kind: event.Discover, Source: "wire", Client: "pc", Attrs: "class=PXEClient arch=0", Peer: netip.MustParseAddrPort("255.255.255.255:67")}},
		{s, wire(event.Offer, "pxelinux.0", "yiaddr=0.0.0.0 siaddr=192.168.9.2")},
		{none, event.Event{Kind: event.Offer, Source: "server", Client: "pc", Path: "pxelinux.0", Text: "boot file"}},
		{none, wire(event.Request, "", "server=192.168.9.1")},
		{none, wire(event.Ack, "x", "yiaddr=192.168.9.100 siaddr=0.0.0.0")},
		{s, wire(event.RRQ, "a", "")},
		{none, wire(event.Miss, "a", "")},
		{none, wire(event.Miss, "b", "")},
		{none, wire(event.Miss, "a", "")},
		{none, sized(wire(event.Got, "menu", ""), 9)},
		{none, sized(wire(event.Got, "menu", ""), 9)},
		{none, wire(event.RRQ, "linux", `options="tsize 0"`)},
		{none, wire(event.OACK, "linux", `options="tsize 20000000"`)},
		{s, sized(wire(event.Data, "linux", ""), 1<<20)},
		{s, sized(wire(event.Data, "linux", ""), 9<<20)},
		{s, sized(wire(event.Got, "linux", ""), 20_000_000)},
		{s, event.Event{Kind: event.Console, Source: "guest", Client: "pc", Text: "[    0.000000] Linux version 6.1"}},
		{none, event.Event{Kind: event.Console, Source: "guest", Client: "pc", Text: "[    0.000000] BIOS-provided physical RAM map:"}},
		{s, event.Event{Kind: event.Handoff, Source: "guest", Client: "pc", Attrs: "kind=linux"}},
	}
}

func TestALabIsTold(t *testing.T) {
	differs(t, `
   0.00s  pc     DISCOVER PXEClient
   1.00s  pc     OFFER from 192.168.9.2 file pxelinux.0
   1.00s  pc     ACK from 192.168.9.2 address 192.168.9.100 file x siaddr 0.0.0.0
   2.00s  pc     got menu, 9 bytes
   4.00s  pc     getting linux, 9.4 MB of 20.0 MB
   5.00s  pc     got linux, 20.0 MB in 3.0s
   6.00s  pc     asked for a, b, which are not there
   6.00s  pc     got 1 of its files once more
   6.00s  pc     | [    0.000000] Linux version 6.1
   7.00s  pc     hands over to linux
`, told(&Printer{Clock: Seconds, Witnessed: true}, chain()...))
}

func TestAVerboseLabTellsTheServersSideToo(t *testing.T) {
	got := told(&Printer{Clock: Seconds, Witnessed: true, Verbose: true, Prefix: "x "}, chain()...)
	for _, want := range []string{
		"server: OFFER file pxelinux.0 (boot file)", "REQUEST to 192.168.9.2 server 192.168.9.1", "asks for a\n", "asked for b, which is not there",
		"OACK for linux (tsize 20000000)", "| [    0.000000] BIOS-provided",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	for line := range strings.Lines(got) {
		if !strings.HasPrefix(line, "x ") {
			t.Errorf("line without the prefix: %s", line)
		}
	}
}

func TestProgressOnATerminalIsOneLine(t *testing.T) {
	got := told(&Printer{Clock: Seconds, Witnessed: true, Terminal: true}, chain()...)
	if n := strings.Count(got, erase); n != 3 {
		t.Errorf("the line was written over %d times, want 2 and once cleared:\n%q", n, got)
	}
	if got = told(&Printer{Clock: Seconds, Witnessed: true, Terminal: true}, chain()[11:15]...); !strings.HasSuffix(got, erase) {
		t.Errorf("a progress line is left at the end:\n%q", got)
	}
}

func TestConsolesAreToldAsAsked(t *testing.T) {
	moments := chain()[16:18]
	for _, c := range []struct {
		says string
		p    *Printer
		want int
	}{
		{"milestones", &Printer{Witnessed: true}, 1},
		{"every line", &Printer{Witnessed: true, Console: true}, 2},
		{"every line if verbose", &Printer{Witnessed: true, Verbose: true}, 2},
	} {
		if got := told(c.p, moments...); strings.Count(got, "\n") != c.want {
			t.Errorf("%s: want %d lines:\n%s", c.says, c.want, got)
		}
	}
}

func TestQuietAboutMissingFiles(t *testing.T) {
	p := &Printer{Quiet: true}
	got := told(p,
		moment{none, server(event.RRQ, event.Event{Xfer: 2, Path: "nosuch"})}, moment{none, server(event.Miss, event.Event{Xfer: 2, Path: "nosuch"})},
		moment{none, server(event.Miss, event.Event{Xfer: 3, Path: "pxelinux.cfg/C0A80964"})}, moment{none, server(event.Miss, event.Event{Xfer: 3, Path: "pxelinux.cfg/default"})},
	)
	if got != "" || p.transfers.len() > 0 {
		t.Errorf("told %q, %d files are on their way", got, p.transfers.len())
	}
}

func TestAPrinterMayBeUsedByManyAtOnce(t *testing.T) {
	var out strings.Builder
	p := &Printer{W: &out, Witnessed: true}
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for i := range 200 {
				p.Record(event.Event{Kind: event.Miss, Client: fmt.Sprint("pc", n), Xfer: uint64(i), Path: fmt.Sprint(i), Time: start})
				p.Record(event.Event{Kind: event.Error, Client: fmt.Sprint("pc", n), Text: "no", Time: start})
			}
		})
	}
	group.Wait()
	p.Flush()
	if n := strings.Count(out.String(), "\n"); n != 8*200*2 {
		t.Errorf("%d lines", n)
	}
}

func TestAPrinterDoesNotGrowWithoutBound(t *testing.T) {
	for _, witnessed := range []bool{false, true} {
		p := &Printer{W: &strings.Builder{}, Witnessed: witnessed}
		for i := range 12_000 {
			who := fmt.Sprint("client", i)
			p.Record(event.Event{Kind: event.Ignore, Client: who, Text: "no", Time: start})
			p.Record(event.Event{Kind: event.RRQ, Client: who, Xfer: uint64(i), Path: "a", Time: start})
			p.Record(event.Event{Kind: event.HTTPRequest, Client: who, Path: "/a", Time: start})
			p.Record(event.Event{Kind: event.Miss, Client: who, Path: "pxelinux.cfg/C0A80964", Time: start})
			p.Record(event.Event{Kind: event.Miss, Client: who, Path: "a", Time: start})
		}
		if len(p.pending) > 2000 || p.waiting.Len() > 2000 || p.noted.len() > 20_000 || p.transfers.len() > 20_000 {
			t.Errorf("%d searches (%d in order), %d notes and %d transfers are kept", len(p.pending), p.waiting.Len(), p.noted.len(), p.transfers.len())
		}
	}
}

// One fact costs the same, whatever the number of clients before it.
func BenchmarkRecord(b *testing.B) {
	for _, clients := range []int{10, 100_000} {
		b.Run(fmt.Sprint(clients), func(b *testing.B) {
			var out strings.Builder
			p := &Printer{W: &out, Witnessed: true}
			for i := range clients {
				p.Record(event.Event{Kind: event.Miss, Client: fmt.Sprint(i), Path: "pxelinux.cfg/C0A80964", Time: start})
			}
			for i := 0; b.Loop(); i++ {
				out.Reset()
				p.Record(event.Event{Kind: event.Miss, Client: fmt.Sprint(i % clients), Path: "pxelinux.cfg/C0A80964", Time: start})
			}
		})
	}
}

func TestLineIsOneFactOfAReport(t *testing.T) {
	e := wire(event.Miss, "a\x1b[2J", "")
	e.Time = start
	if got, want := Line(e), `15:04:05.000 pc asked for a\x1b[2J, which is not there`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
