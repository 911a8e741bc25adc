package report

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/verdict"
	"github.com/bootrig/bootrig/wire/event"
)

var start = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func fact(at time.Duration, source string, k event.Kind, path, attrs, text string, bytes int64) event.Event {
	return event.Event{Time: start.Add(at), Source: source, Client: "pc", Kind: k, Path: path, Attrs: event.Attributes(attrs), Text: text, Bytes: bytes,
		Peer: netip.MustParseAddrPort("192.168.9.2:67")}
}

func chain() []event.Event {
	const s = time.Second
	return []event.Event{
		fact(0, "wire", event.Discover, "", "", "", 0),
		fact(s, "wire", event.Offer, "pxelinux.0", "yiaddr=0.0.0.0", "", 0),
		fact(s, "server", event.Offer, "pxelinux.0", "", "boot file", 0),
		fact(s, "wire", event.Request, "", "server=192.168.9.1", "", 0),
		fact(s, "wire", event.Ack, "", "yiaddr=192.168.9.100", "", 0),
		fact(2*s, "wire", event.RRQ, "a", "", "", 0),
		fact(2*s, "wire", event.Miss, "a", "", "", 0),
		fact(2*s, "wire", event.Miss, "b", "", "", 0),
		fact(2*s, "wire", event.RRQ, "linux", `options="tsize 0"`, "", 0),
		fact(2*s, "wire", event.OACK, "linux", `options="tsize 20000000"`, "", 0),
		fact(3*s, "wire", event.Data, "linux", "", "", 1<<20),
		fact(4*s, "wire", event.Data, "linux", "", "", 9<<20),
		fact(5*s, "wire", event.Got, "linux", "", "", 20_000_000),
		fact(6*s, "guest", event.Console, "", "", "Linux version 6", 0),
		fact(7*s, "guest", event.Handoff, "", "kind=linux", "", 0),
	}
}

func TestAStoryIsToldInLines(t *testing.T) {
	var b strings.Builder
	story := &Story{W: &b}
	for _, e := range chain() {
		story.Record(e)
	}
	want := `   0.00s  pc     DISCOVER
   1.00s  pc     OFFER from 192.168.9.2 file pxelinux.0
   1.00s  pc     ACK from 192.168.9.2 address 192.168.9.100
   4.00s  pc     getting linux, 9.4 MB of 20.0 MB
   5.00s  pc     asked for 2 names that are not there, which is usual
   5.00s  pc     got linux, 20.0 MB in 3.0s
   6.00s  pc     | Linux version 6
   7.00s  pc     hands over to linux
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("story (-want +got):\n%s", diff)
	}
}

func TestAVerboseStoryTellsTheServersSideToo(t *testing.T) {
	var b strings.Builder
	story := &Story{W: &b, Verbose: true, Prefix: "x "}
	for _, e := range chain()[:8] {
		story.Record(e)
	}
	for _, want := range []string{"server: offer pxelinux.0 boot file", "REQUEST to 192.168.9.2 server 192.168.9.1", "asks for a", "asked for b, which is not there"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
	for line := range strings.Lines(b.String()) {
		if !strings.HasPrefix(line, "x ") {
			t.Errorf("line without the prefix: %s", line)
		}
	}
}

func TestProgressOnATerminalIsOneLine(t *testing.T) {
	var b strings.Builder
	story := &Story{W: &b, Terminal: true}
	for _, e := range chain() {
		story.Record(e)
	}
	if got := strings.Count(b.String(), "\r\x1b[K"); got != 3 {
		t.Errorf("the line was written over %d times, want 2 and once cleared:\n%q", got, b.String())
	}
}

func TestAFailureReport(t *testing.T) {
	r := runner.Result{
		Scenario: "u.txtar", World: "sim", Server: "ours", Outcome: runner.Failed, Rerun: "bootrig test --as sim u.txtar", Kept: []string{"/tmp/u-sim/wire.pcapng"},
		Failure: &verdict.Failure{File: "u.txtar", Line: 7, Step: "expect pc got linux", Reason: "the guest gave up", Near: chain()[6:7],
			Cause: "the server has no linux", Detail: "-a\n+b\n"},
	}
	var b strings.Builder
	if err := Result(&b, r); err != nil {
		t.Fatal(err)
	}
	want := `FAILED u.txtar as sim, server ours
  u.txtar:7: expect pc got linux
  the guest gave up
  seen instead:
    12:00:02.000 pc asked for a, which is not there
  cause:   the server has no linux
    -a
    +b
  again:   bootrig test --as sim u.txtar
  kept:    /tmp/u-sim
           wire.pcapng
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestTheTableKeepsThreeOutcomesApart(t *testing.T) {
	results := []runner.Result{
		{Scenario: "a", World: "sim", Server: "ours", Outcome: runner.Passed, Elapsed: 1200 * time.Millisecond},
		{Scenario: "b", World: "tap", Server: "dnsmasq", Outcome: runner.NotTested, Reason: "no TAP"},
		{Scenario: "c", World: "qemu", Server: "ours", Outcome: runner.Failed, Failure: &verdict.Failure{Line: 3}, Elapsed: time.Minute},
		{Scenario: "d", World: "sim", Server: "ours", Outcome: runner.Passed, Broken: &verdict.Failure{Line: 3}},
	}
	var b strings.Builder
	if err := Table(&b, results); err != nil {
		t.Fatal(err)
	}
	want := `scenario  world  server   result                       time
a         sim    ours     passed                       1.2s
b         tap    dnsmasq  not tested: no TAP           -
c         qemu   ours     failed at line 3             1m0s
d         sim    ours     passed (broken as declared)  0s
2 passed, 1 failed, 1 not tested
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}
