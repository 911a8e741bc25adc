package main

import (
	"strings"
	"testing"

	"github.com/bootrig/bootrig/wire/event"
)

func TestTheFlagsOfALogSayWhatIsTold(t *testing.T) {
	facts := []event.Event{{Kind: event.RRQ}, {Kind: event.Ready}, {Kind: event.Miss}, {Kind: event.Fault}} // of each level one
	for _, c := range []struct {
		says  string
		flags logged
		lines int
		each  string // what each line has
	}{
		{"by default steps, warnings and faults", logged{LogLevel: "info"}, 3, "- "},
		{"warnings and faults", logged{LogLevel: "warn"}, 2, "- "},
		{"faults", logged{LogLevel: "error"}, 1, "fault"},
		{"all, of levels", logged{LogLevel: "debug"}, 4, "- "},
		{"all, whatever the level", logged{LogLevel: "error", Verbose: true}, 4, "- "},
		{"records", logged{LogLevel: "info", Log: "json"}, 3, `"level":"`},
		{"records of faults", logged{LogLevel: "error", Log: "json"}, 1, `"level":"ERROR"`},
		{"records of all", logged{LogLevel: "info", Log: "json", Verbose: true}, 4, `"level":"`},
		{"facts", logged{LogLevel: "error", Log: "text", JSON: true}, 4, `{"seq":`},
	} {
		var out strings.Builder
		r, _ := c.flags.recorder(&out)
		for _, e := range facts {
			r.Record(e)
		}
		if got := out.String(); strings.Count(got, "\n") != c.lines || strings.Count(got, c.each) != c.lines {
			t.Errorf("%s: want %d lines with %s\n%s", c.says, c.lines, c.each, got)
		}
	}
}
