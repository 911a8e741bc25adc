package teller

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/event"
)

// matters are facts of each level, from a healthy boot to a fault.
func matters() []moment {
	return []moment{
		{none, server(event.RRQ, event.Event{Xfer: 1, Path: "a", Attrs: `options="tsize 0"`})},
		{none, server(event.Abort, event.Event{Xfer: 1, Path: "a", Attrs: "by=client"})},
		{none, server(event.Ignore, event.Event{Text: "for the DHCP server", Attrs: "of=request usual=yes"})},
		{none, server(event.Got, event.Event{Xfer: 2, Path: "a"})},
		{none, server(event.HTTPResponse, event.Event{Path: "/a", Code: 200})},
		{none, server(event.HTTPResponse, event.Event{Path: "/b", Code: 404})},
		{none, server(event.Miss, event.Event{Xfer: 3, Path: "b"})},
		{none, server(event.Abort, event.Event{Xfer: 4, Path: "a", Text: "nothing was heard", Attrs: "by=server"})},
		{none, server(event.Ignore, event.Event{Text: "not for us", Attrs: "of=discover"})},
		{none, server(event.Nak, event.Event{Text: "refused"})},
		{none, server(event.Fault, event.Event{Text: "no route"})},
	}
}

func TestALineHasALevel(t *testing.T) {
	p := &Printer{Clock: Journal, Verbose: true}
	differs(t, strings.ReplaceAll(`
<7>@ asks for a (tsize 0)
<7>@ asked how large a is
<7>@ no answer to REQUEST: for the DHCP server
<6>@ got a, 0 bytes
<6>@ HTTP 200 for /a, 0 bytes
<4>@ asked for /b by HTTP, which is not there
<4>@ asked for b, which is not there
<4>@ a is given up after 0 bytes: nothing was heard
<4>@ no answer to DISCOVER: not for us
<4>@ NAK (refused)
<3>@ fault: no route
`, "@", card), told(p, matters()...))
	for least, want := range map[slog.Level]int{slog.LevelInfo: 8, slog.LevelWarn: 6, slog.LevelError: 1} {
		if got := lines(told(&Printer{Least: least}, matters()...)); got != want {
			t.Errorf("from %s on there are %d lines, want %d", least, got, want)
		}
	}
}

// records are what a Printer hands to log/slog of moments.
func records(t *testing.T, p *Printer, moments ...moment) (all []map[string]any) {
	t.Helper()
	var out bytes.Buffer
	p.Handler = slog.NewJSONHandler(&out, nil)
	told(p, moments...)
	for line := range bytes.Lines(out.Bytes()) {
		var r map[string]any
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, r)
	}
	return all
}

func TestARecordHasTheFieldsOfItsFact(t *testing.T) {
	got := records(t, &Printer{Sparing: true}, append(discovers(1, time.Second, one), discovers(5, 0, one)...)...)
	want := []map[string]any{
		{"time": "2026-01-02T15:04:06Z", "level": "INFO", "msg": "DISCOVER PXEClient", "kind": "discover", "client": card, "attrs": map[string]any{"class": "PXEClient"}},
		{"time": "2026-01-02T15:04:06Z", "level": "INFO", "msg": "OFFER file pxelinux.0 (a.conf:5)", "kind": "offer", "client": card, "path": "pxelinux.0", "rule": "a.conf:5"},
	}
	if diff := cmp.Diff(want, got[:2]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want[1]["msg"], want[1]["repeated"], want[1]["within"] = "OFFER file pxelinux.0 (a.conf:5): 2 times more in 1s", 2.0, 1e9
	if diff := cmp.Diff(want[1], got[len(got)-1]); diff != "" {
		t.Errorf("the last (-want +got):\n%s", diff)
	}
	if got := records(t, &Printer{}, matters()...); len(got) != 8 || got[7]["level"] != "ERROR" {
		t.Errorf("%d records of info and more, the last %v", len(got), got[len(got)-1])
	}
}
