// Package report tells people what runs found: each run's result, and the table of all.
package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/steps"
)

// Result prints what one run found.
func Result(w io.Writer, r runner.Result) error {
	var b strings.Builder
	name := fmt.Sprintf("%s as %s, server %s", Name(r), r.World, r.Server)
	switch {
	case r.Outcome == runner.NotTested:
		fmt.Fprintf(&b, "NOT TESTED %s: %s\n", name, r.Reason)
	case r.Outcome == runner.Wrong:
		fmt.Fprintf(&b, "WRONG %s: nothing was run\n", name)
	case r.Failure != nil:
		fmt.Fprintf(&b, "FAILED %s\n", name)
		failed(&b, r)
	default:
		fmt.Fprintf(&b, "PASSED %s in %s\n", name, took(r))
		if r.Broken != nil {
			fmt.Fprintf(&b, "  a broken lab, and it failed as it should:\n")
			failure(&b, r.Broken)
		}
	}
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "  note:    %s\n", note)
	}
	for _, name := range r.Written {
		fmt.Fprintf(&b, "  written: %s\n", name)
	}
	if len(r.Kept) > 0 {
		fmt.Fprintf(&b, "  kept:    %s\n", filepath.Dir(r.Kept[0]))
	}
	for _, name := range r.Kept {
		fmt.Fprintf(&b, "           %s\n", filepath.Base(name))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// failed tells of a run that failed all but where it was.
func failed(b *strings.Builder, r runner.Result) {
	failure(b, r.Failure)
	if r.Patience {
		b.WriteString("  only the patience of the firmware ran out: answers came too late or not at all\n")
	}
	fmt.Fprintf(b, "  again:   %s\n", r.Rerun)
}

// failure prints what may hold texts that a guest sent.
func failure(b *strings.Builder, f *steps.Failure) {
	fmt.Fprintf(b, "  %s:%d: %s\n  %s\n", f.File, f.Line, teller.Clean(f.Step), teller.Clean(f.Reason))
	if len(f.Near) > 0 {
		b.WriteString("  seen instead:\n")
	}
	for _, e := range f.Near {
		fmt.Fprintf(b, "    %s\n", teller.Line(e))
	}
	if f.Form != "" {
		fmt.Fprintf(b, "  nearly:  %s\n", teller.Clean(f.Form))
	}
	if f.Cause != "" {
		fmt.Fprintf(b, "  cause:   %s\n", teller.Clean(f.Cause))
	}
	for line := range strings.Lines(f.Detail) {
		fmt.Fprintf(b, "    %s\n", teller.Clean(strings.TrimRight(line, "\n")))
	}
}

// Name is how a run is called: its scenario, and the seed if it has one.
func Name(r runner.Result) string {
	if r.Seed == 0 {
		return r.Scenario
	}
	return fmt.Sprintf("%s with seed %d", r.Scenario, r.Seed)
}

// Verdict is how a run ended, in a few words.
func Verdict(r runner.Result) string {
	text := string(r.Outcome)
	switch {
	case r.Outcome == runner.NotTested:
		text += ": " + r.Reason
	case r.Outcome == runner.Wrong:
		first, _, _ := strings.Cut(r.Reason, "\n")
		text += ": " + first
	case r.Failure != nil:
		text += fmt.Sprintf(" at line %d", r.Failure.Line)
	case r.Broken != nil:
		text += " (broken as declared)"
	}
	return text
}

// took tells virtual time too, where it is not the real one.
func took(r runner.Result) string {
	text := brief(r.Elapsed)
	if r.Virtual > 0 {
		text += fmt.Sprintf(" (%s of virtual time)", brief(r.Virtual))
	}
	return text
}

// Table prints all results of an invocation, a line each, and their sum.
func Table(w io.Writer, results []runner.Result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "scenario\tworld\tserver\tresult\ttime")
	for _, r := range results {
		spent := brief(r.Elapsed)
		if r.Outcome == runner.NotTested || r.Outcome == runner.Wrong {
			spent = "-"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", Name(r), r.World, r.Server, Verdict(r), spent)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, Sum(results))
	return err
}

// Sum counts how runs ended.
func Sum(results []runner.Result) string {
	count := map[runner.Outcome]int{}
	for _, r := range results {
		count[r.Outcome]++
	}
	text := fmt.Sprintf("%d passed, %d failed, %d not tested", count[runner.Passed], count[runner.Failed], count[runner.NotTested])
	if n := count[runner.Wrong]; n > 0 {
		text += fmt.Sprintf(", %d wrong", n)
	}
	return text
}

// brief is a duration with as many digits as people read.
func brief(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}
