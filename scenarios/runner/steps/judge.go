// Package steps decides whether a scenario's steps came true. It reads the stream of facts and the
// time, and nothing else: the same fold judges a simulated run, a real one, and a recorded one.
package steps

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/wire/event"
)

// Patience is how long a step without limits of its own is waited for.
type Patience struct {
	Step time.Duration
	// Stall makes Step count time without progress only, up to ten times Step in all: a real machine's
	// speed is the host's affair.
	Stall bool
	// AfterError is how long a step is still waited for once its guest reported an error.
	AfterError time.Duration
}

// hardCap bounds the whole time of a step whose limit counts standstill.
const hardCap = 10

// A Judge follows the steps of a plan.
type Judge struct {
	plan     *script.Plan
	patience Patience
	guests   []*guest
	host     []script.Step // what the host is still to do, in order
	all      []event.Event
	ended    string // why nothing more can come
}

// guest is how far one guest's steps have come. Guests do not wait for each other, but all do for the host.
type guest struct {
	name     string
	steps    []script.Step // ordered ones: expect, screen, and what is done to it
	next     int           // the step waited for
	tried    int           // facts that are known not to match it
	since    time.Time     // when the step before matched
	progress time.Time     // when anything last happened
	gaveUp   time.Time     // the first error since it last asked for a file
	facts    []event.Event
	anew     int                // facts before this one are of the boot before
	used     []bool             // by facts: it matched a step
	cursor   map[netip.Addr]int // by peer: facts up to here are behind us
	shown    []string           // what stood on its screen when that was last looked at
	accident string             // what befell it, whatever its boot was like: it is cut off, stopped, ended from outside
	failed   *Failure
}

// New makes a Judge for a run that starts now.
func New(plan *script.Plan, patience Patience, now time.Time) *Judge {
	j := &Judge{plan: plan, patience: patience}
	for _, s := range plan.Steps {
		if _, ok := s.Statement.(script.Host); ok {
			j.host = append(j.host, s)
		}
	}
	for _, g := range plan.Guests {
		state := &guest{name: g.Name, since: now, progress: now, cursor: map[netip.Addr]int{}}
		for _, s := range plan.Steps {
			if name, ordered := orderedFor(s); ordered && name == g.Name {
				state.steps = append(state.steps, s)
			}
		}
		j.guests = append(j.guests, state)
	}
	return j
}

// orderedFor tells whose turn a step is, and whether it has a turn at all.
func orderedFor(s script.Step) (guest string, ordered bool) {
	switch v := s.Statement.(type) {
	case script.Expect:
		return v.Guest, !s.Not
	case script.Act:
		return v.Guest, true
	case script.Screen:
		return v.Guest, true
	}
	return "", false
}

// Take reads the next fact.
func (j *Judge) Take(e event.Event) {
	j.all = append(j.all, e)
	for _, g := range j.guests {
		if g.name != e.Client {
			continue
		}
		if e.Source != "server" {
			g.progress = later(g.progress, e.Time)
		}
		switch {
		case e.Kind == event.Error && g.gaveUp.IsZero():
			g.gaveUp = e.Time
		case (e.Kind == event.RRQ || e.Kind == event.HTTPRequest) && e.Source == "wire":
			g.gaveUp = time.Time{} // a script may go on where a command failed
		}
		g.facts, g.used = append(g.facts, e), append(g.used, false)
		j.follow(g)
	}
}

// follow matches as many steps as the facts allow. What is to be done to the guest stops it until Acts hands that out.
func (j *Judge) follow(g *guest) {
	for g.failed == nil && g.next < len(g.steps) && !j.Waits(g.name) {
		want, ok := g.steps[g.next].Statement.(script.Expect)
		if !ok {
			return
		}
		n := g.find(want, j.plan)
		if n < 0 {
			return
		}
		at := g.facts[n].Time
		if want.Within > 0 && at.Sub(g.since) > want.Within {
			j.fail(g, fmt.Sprintf("it came after %s", round(at.Sub(g.since))))
			return
		}
		g.used[n] = true
		peer := g.facts[n].Peer.Addr()
		g.cursor[peer] = max(g.cursor[peer], n+1)
		g.pass(at)
	}
}

func (g *guest) pass(at time.Time) {
	g.next++
	g.tried = 0
	g.since = later(g.since, at)
}

// find looks for the first fact a step may take: behind what its peer's steps took already. OFFERs
// before the REQUEST are a set, since two servers race.
func (g *guest) find(want script.Expect, plan *script.Plan) int {
	for g.tried = max(g.tried, g.anew); g.tried < len(g.facts); g.tried++ {
		n, e := g.tried, g.facts[g.tried]
		if g.used[n] || !Matches(want, e, plan) {
			continue
		}
		from := g.cursor[e.Peer.Addr()]
		if n >= from || e.Kind == event.Offer && !requested(g.facts[n:from]) {
			return n
		}
	}
	return -1
}

func requested(facts []event.Event) bool {
	return slices.ContainsFunc(facts, func(e event.Event) bool { return e.Kind == event.Request })
}

// Progress says that something passed the guest's port.
func (j *Judge) Progress(name string, at time.Time) {
	for _, g := range j.guests {
		if g.name == name {
			g.progress = later(g.progress, at)
		}
	}
}

// Tick says what time it is, and lets steps fail that were waited for too long.
func (j *Judge) Tick(now time.Time) {
	for _, g := range j.guests {
		if g.failed != nil || g.next >= len(g.steps) || j.Waits(g.name) {
			continue
		}
		if reason := j.overdue(g, now); reason != "" {
			j.fail(g, reason)
		}
	}
}

func (j *Judge) overdue(g *guest, now time.Time) string {
	within, stall := j.limits(g.steps[g.next])
	waited, still := now.Sub(g.since), now.Sub(later(g.since, g.progress))
	switch {
	case !g.gaveUp.IsZero() && min(now.Sub(g.gaveUp), still) >= j.afterError(g.steps[g.next]):
		return "the guest gave up"
	case within > 0 && waited > within:
		return fmt.Sprintf("not within %s", round(within))
	case stall > 0 && still > stall:
		return strings.TrimSuffix(fmt.Sprintf("nothing happened for %s: %s", round(still), g.accident), ": ")
	case within == 0 && waited > hardCap*stall:
		return fmt.Sprintf("not within %s, though things went on", round(waited))
	}
	return ""
}

// afterError is how long a guest that gave up may do nothing: firmware with more ways to boot takes a while to begin the next.
func (j *Judge) afterError(s script.Step) time.Duration {
	want, _ := s.Statement.(script.Expect)
	return max(j.patience.AfterError, want.Stall)
}

// limits are how long a step may take in all, and without progress; 0: without limit.
func (j *Judge) limits(s script.Step) (within, stall time.Duration) {
	want, _ := s.Statement.(script.Expect)
	switch {
	case want.Within > 0 || want.Stall > 0:
		return want.Within, want.Stall
	case j.patience.Stall:
		return 0, j.patience.Step
	}
	return j.patience.Step, 0
}

// End says that nothing more can come, and why.
func (j *Judge) End(why string) {
	if j.ended == "" {
		j.ended = why
	}
	for _, g := range j.guests {
		if g.failed == nil && g.next < len(g.steps) {
			reason := why
			if !g.gaveUp.IsZero() {
				reason = "the guest gave up"
			}
			j.fail(g, reason)
		}
	}
}

// Done reports whether nothing is waited for: every ordered step matched, or one failed.
func (j *Judge) Done() bool {
	waiting := len(j.host) > 0
	for _, g := range j.guests {
		if g.failed != nil {
			return true
		}
		waiting = waiting || g.next < len(g.steps)
	}
	return !waiting
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func round(d time.Duration) time.Duration {
	if d < 10*time.Second {
		return d.Round(10 * time.Millisecond)
	}
	return d.Round(100 * time.Millisecond)
}

// Failed reports whether a step has failed already.
func (j *Judge) Failed() bool {
	for _, g := range j.guests {
		if g.failed != nil {
			return true
		}
	}
	return false
}
