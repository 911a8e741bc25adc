package page

import (
	"fmt"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/wire/event"
)

// A guest is one machine's boot.
type guest struct {
	runner.Guest
	ID      string
	Story   string
	Booted  bool
	Causes  []verdict.Finding
	Stages  []stage
	Lanes   []lane
	Rows    []row
	RowsCut string
	Bars    []bar
	BarsCut string
	Axis    []tick
	Console []spoken
	Shots   []shot
}

// A stage is when a boot came so far.
type stage struct{ Name, At string }

// follow makes a guest's part of the page of a run's facts.
func follow(r runner.Result, g runner.Guest, faults []fault, facts []event.Event) guest {
	page := guest{Guest: g, Lanes: lanes(g, facts)}
	if story, told := r.Stories[g.Name]; told {
		page.Story, page.Booted = teller.Clean(story.Text), story.Booted()
		for _, c := range story.Causes {
			c.Text, c.Fix = teller.Clean(c.Text), teller.Clean(c.Fix)
			page.Causes = append(page.Causes, c)
		}
	}
	own := of(g, facts, r.Began)
	page.Stages = stages(g, own, r.Began)
	page.Rows, page.RowsCut = sequence(page.Lanes, own, faults, g, r.Began)
	page.Bars, page.BarsCut, page.Axis = bars(own, r.Began)
	page.Console = console(own, r.Began)
	return page
}

// of picks the facts about a guest, and what its server says of itself, from the run's beginning on.
func of(g runner.Guest, facts []event.Event, began time.Time) (own []event.Event) {
	for _, e := range facts {
		everybody := e.Client == "" && (e.Kind == event.Fault || e.Kind == event.Change)
		if (e.Client == g.Name || everybody) && !e.Time.Before(began) {
			own = append(own, e)
		}
	}
	return own
}

// stages tells when a boot came how far.
func stages(g runner.Guest, facts []event.Event, began time.Time) (all []stage) {
	boot := verdict.Boot{Witnessed: true, Ours: g.Server}
	for _, e := range facts {
		before := boot.Reached()
		if boot.Take(e); boot.Reached() > before {
			all = append(all, stage{boot.Reached().String(), since(began, e.Time)})
		}
	}
	return all
}

// since is a time of the run as people read it.
func since(began, t time.Time) string {
	seconds := t.Sub(began).Seconds()
	switch {
	case t.Equal(began):
		return "0"
	case seconds < 1:
		return fmt.Sprintf("%.4f", seconds)
	case seconds < 10:
		return fmt.Sprintf("%.3f", seconds)
	}
	return fmt.Sprintf("%.2f", seconds)
}

// maxConsole is how many lines of a console are shown, and maxFirst how many of them are its first.
const (
	maxConsole = 500
	maxFirst   = 100
)

// A spoken line is one of a console.
type spoken struct{ At, Text string }

// console is what a guest printed.
func console(facts []event.Event, began time.Time) (all []spoken) {
	for _, e := range facts {
		if e.Kind == event.Console && e.Source == "guest" {
			all = append(all, spoken{since(began, e.Time), short(teller.Clean(e.Text))})
		}
	}
	if more := len(all) - maxConsole; more > 0 {
		gap := spoken{"", fmt.Sprintf("[%d lines are left out here; the files that the run left have them]", more)}
		all = append(append(all[:maxFirst:maxFirst], gap), all[maxFirst+more:]...)
	}
	return all
}
