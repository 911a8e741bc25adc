package runner

import (
	"fmt"

	"github.com/bootrig/bootrig/scenarios/runner/golden"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/scenarios/runner/steps"
	"github.com/bootrig/bootrig/wire/event"
)

// result closes the run: the verdict, golden traces, comparisons, and for a broken lab whether it broke
// as declared.
func (b *lab) result() (Result, error) {
	r := b.req.result()
	config, _ := b.file.File(b.Server.Config)
	r.Failure = b.judge.Verdict(config)
	r.Guests, r.Began = b.guests(), b.began
	r.Traces, r.Stories = map[string][]string{}, map[string]Story{}
	for _, g := range b.Guests {
		hosts := b.Hosts(g.Name)
		r.Stories[g.Name] = steps.Story(g.Name, hosts.Server, b.facts.all())
		r.Traces[g.Name] = golden.Trace(b.facts.all(), g.Name, golden.Masks{
			MAC: g.MAC, IP: g.IP, UUID: g.UUID, House: hosts.House, Server: hosts.Server, Router: hosts.Router,
		})
	}
	if r.Failure == nil {
		var err error
		if r.Failure, err = b.compare(&r); err != nil {
			return r, err
		}
	}
	if r.Failure != nil {
		r.Failure.File = b.file.Name
		r.Patience = b.ranOutOfPatience()
	}
	b.invert(&r)
	r.Outcome = Passed
	if r.Failure != nil {
		r.Outcome = Failed
	}
	return r, nil
}

// compare does the steps that look at a whole run: golden and cmp.
func (b *lab) compare(r *Result) (*steps.Failure, error) {
	if diff, err := b.arrivedWhole(); diff != "" || err != nil {
		return &steps.Failure{Step: "the files that arrived", Reason: "they are not the server's", Detail: diff}, err
	}
	for _, s := range b.Steps {
		var diff string
		switch v := s.Statement.(type) {
		case script.Golden:
			diff = b.compareGolden(r, v)
		case script.Cmp:
			diff = b.compareModules(v)
		}
		if diff != "" {
			return &steps.Failure{Line: s.Line, Step: s.Text, Reason: "it differs", Detail: diff}, nil
		}
	}
	return nil, nil
}

// ranOutOfPatience reports whether a guest gave up only because answers did not come in time.
func (b *lab) ranOutOfPatience() bool {
	for _, e := range b.facts.all() {
		if e.Kind == event.Error && e.Attr("patience") == "true" {
			return true
		}
	}
	return false
}

// invert turns the result of a broken lab around: failing as declared is what it is for.
func (b *lab) invert(r *Result) {
	fails := b.Fails
	if fails == nil {
		return
	}
	switch f := r.Failure; {
	case f == nil:
		r.Failure = &steps.Failure{File: b.file.Name, Step: fails.Step, Reason: "it came true, but this lab is broken and the step should have failed"}
	case f.Step != fails.Step:
		r.Failure.Reason += fmt.Sprintf("; this lab is broken, but it should have failed at: %s", fails.Step)
	case !fails.Cause.MatchString(f.Cause):
		r.Failure.Reason += fmt.Sprintf("; this lab is broken, but the cause should have been /%s/", fails.Cause)
	default:
		r.Broken, r.Failure = f, nil
	}
}
