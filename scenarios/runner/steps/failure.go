package steps

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/wire/event"
)

// A Failure is one step that did not come true, and what explains it.
type Failure struct {
	File   string        `json:"file"`
	Line   int           `json:"line"`
	Step   string        `json:"step"`
	Reason string        `json:"reason"`          // what became of the step
	Near   []event.Event `json:"near,omitempty"`  // what was seen instead
	Form   string        `json:"form,omitempty"`  // the name was seen in another form than the step has
	Cause  string        `json:"cause,omitempty"` // one line, where it is known
	Detail string        `json:"detail,omitempty"`
}

// nearby is how many facts a failure shows.
const nearby = 6

func (j *Judge) fail(g *guest, reason string) {
	step := g.steps[g.next]
	g.failed = &Failure{Line: step.Line, Step: step.Text, Reason: reason}
	if want, ok := step.Statement.(script.Expect); ok {
		g.failed.Near, g.failed.Form = g.near(want), g.otherForm(want)
	}
	if _, ok := step.Statement.(script.Screen); ok {
		g.failed.Detail = "on the screen:\n" + strings.Join(g.shown, "\n")
	}
}

// near picks the facts that tell most: the last ones of the kind that was waited for, and the last ones
// of any.
func (g *guest) near(want script.Expect) []event.Event {
	var kind, last []event.Event
	for n := len(g.facts) - 1; n >= 0; n-- {
		e := g.facts[n]
		switch {
		case e.Kind == event.Data || e.Source == "server" && e.Kind != event.Ignore:
		case string(e.Kind) == want.Kind && !g.used[n] && len(kind) < nearby/2:
			kind = append(kind, e)
		case len(last) < nearby/2:
			last = append(last, e)
		}
	}
	all := append(kind, last...)
	slices.SortFunc(all, func(a, b event.Event) int { return int(a.Seq) - int(b.Seq) })
	return all
}

// Verdict closes the case: the first ordered step that failed, else the first rule over the whole run
// that was broken; nil when all came true. serverConfig is the scenario's configuration file, which
// may explain a silence.
func (j *Judge) Verdict(serverConfig []byte) *Failure {
	var first *Failure
	var whose string
	for _, g := range j.guests {
		if g.failed != nil && (first == nil || g.failed.Line < first.Line) {
			first, whose = g.failed, g.name
		}
	}
	if first == nil {
		first, whose = j.wholeRun()
	}
	if first != nil {
		first.Cause = j.cause(whose, serverConfig)
	}
	return first
}

// wholeRun checks what is said of the whole run.
func (j *Judge) wholeRun() (*Failure, string) {
	for _, s := range j.plan.Steps {
		switch v := s.Statement.(type) {
		case script.Expect:
			if !s.Not {
				continue
			}
			n := slices.IndexFunc(j.all, func(e event.Event) bool { return Matches(v, e, j.plan) })
			if n >= 0 {
				return &Failure{Line: s.Line, Step: s.Text, Reason: "it was seen", Near: j.all[n : n+1]}, v.Guest
			}
		case script.Count:
			var seen []event.Event
			for _, e := range j.all {
				if e.Client == v.Guest && e.Kind == v.CountKind() && e.Source != "server" {
					seen = append(seen, e)
				}
			}
			if len(seen) > v.Max {
				return &Failure{Line: s.Line, Step: s.Text, Reason: fmt.Sprintf("there were %d", len(seen)), Near: seen[max(0, len(seen)-nearby):]}, v.Guest
			}
		}
	}
	return nil, ""
}
