package report

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/steps"
	"github.com/bootrig/bootrig/wire/event"
)

var start = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func missed() event.Event {
	return event.Event{Time: start.Add(2 * time.Second), Source: "wire", Client: "pc", Kind: event.Miss, Path: "a", Peer: netip.MustParseAddrPort("192.168.9.2:67")}
}

func TestAFailureReport(t *testing.T) {
	r := runner.Result{
		Scenario: "u.txtar", World: "sim", Server: "ours", Outcome: runner.Failed, Rerun: "bootrig test --as sim u.txtar", Kept: []string{"/tmp/u-sim/wire.pcapng"},
		Failure: &steps.Failure{File: "u.txtar", Line: 7, Step: "expect pc got linux", Reason: "the guest gave up", Near: []event.Event{missed()},
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

func TestAFailureReportIsHarmless(t *testing.T) {
	near := missed()
	near.Path = "\x1b[2J\u202e"
	r := runner.Result{Failure: &steps.Failure{
		Near: []event.Event{near}, Reason: "\x1b[2J", Cause: "a\nb", Detail: "-\x1b[2J\n+\xff\n", Step: "\x9b", Form: "\x1b",
	}}
	var b strings.Builder
	if err := Result(&b, r); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\x1b\u202e\u009b") || !utf8.ValidString(b.String()) || strings.Contains(b.String(), "a\nb") {
		t.Errorf("%q", b.String())
	}
}

func TestTheTableKeepsThreeOutcomesApart(t *testing.T) {
	results := []runner.Result{
		{Scenario: "a", World: "sim", Server: "ours", Outcome: runner.Passed, Elapsed: 1200 * time.Millisecond},
		{Scenario: "b", World: "tap", Server: "dnsmasq", Outcome: runner.NotTested, Reason: "no TAP"},
		{Scenario: "c", World: "qemu", Server: "ours", Outcome: runner.Failed, Failure: &steps.Failure{Line: 3}, Elapsed: time.Minute},
		{Scenario: "d", World: "sim", Server: "ours", Outcome: runner.Passed, Broken: &steps.Failure{Line: 3}},
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

func TestMarkdownMeansNothingElse(t *testing.T) {
	results := []runner.Result{
		{Scenario: "a|b<img>.txtar", World: "sim", Server: "ours", Outcome: runner.Passed, Elapsed: time.Second},
		{Scenario: "c.txtar", World: "tap", Server: "ours", Outcome: runner.Failed, Elapsed: time.Second, Failure: &gaveUp},
	}
	want := "### bootrig: 1 passed, 1 failed, 0 not tested\n\n" +
		"<details><summary>✗ c.txtar as tap, server ours: failed at line 3</summary>\n\n" +
		"````text\nFAILED c.txtar as tap, server ours\n  c.txtar:3: expect pc got ```\n  the guest gave up\n  again:   \n````\n\n</details>\n\n" +
		"| scenario | world | server | result | time |\n| --- | --- | --- | --- | ---: |\n" +
		"| a\\|b&lt;img\\>.txtar | sim | ours | ✓ passed | 1s |\n| c.txtar | tap | ours | ✗ failed at line 3 | 1s |\n\n"
	if diff := cmp.Diff(want, markdown(results)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMarkdownIsBounded(t *testing.T) {
	r := runner.Result{Scenario: strings.Repeat("x", 500), Outcome: runner.Failed, Failure: &steps.Failure{Detail: strings.Repeat("-a\n+b\n", 5000)}}
	text := markdown(slices.Repeat([]runner.Result{r}, 3000))
	if len(text) > 1<<20 || !strings.Contains(text, "2950 more failed") || !strings.Contains(text, "runs more are left out") {
		t.Errorf("%d bytes", len(text))
	}
}

var gaveUp = steps.Failure{File: "c.txtar", Line: 3, Step: "expect pc got ```", Reason: "the guest gave up"}
