package page

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/report"
	"github.com/bootrig/bootrig/scenarios/runner/steps"
	"github.com/bootrig/bootrig/wire/event"
)

// A Run is what the page tells of one run. It is much smaller than the facts it was made of.
type Run struct {
	result runner.Result
	source source
	guests []guest
}

// Of makes a Run of a result, the scenario's text and all facts of the run. Of one that did not take place there are
// neither.
func Of(r runner.Result, text []byte, facts []event.Event) Run {
	run := Run{result: r, source: read(r, text)}
	for _, g := range r.Guests {
		run.guests = append(run.guests, follow(r, g, run.source.faults, facts))
	}
	return run
}

// An item is a Run as the template reads it.
type item struct {
	runner.Result
	ID, Sign, Name string
	Verdict        string
	Took, Virtual  string
	Told           string // what was printed of it
	Title          string // of the scenario
	Faults         []fault
	Source         []line
	SourceCut      string
	Guests         []guest
	Links          []link
	Open           bool
}

// A link is a file that the run left.
type link struct{ Name, Path string }

// openAtMost is how many failed runs are open when the page is.
const openAtMost = 5

// items are the runs for a page in a directory.
func (b Book) items(dir string) (all []item) {
	pictures, opened := &album{dir: dir}, 0
	for n, r := range b.Runs {
		i := item{
			Result: r.result, ID: fmt.Sprintf("run-%d", n+1), Sign: report.Signs[r.result.Outcome], Name: report.Name(r.result),
			Verdict: teller.Clean(report.Verdict(r.result)), Title: teller.Clean(r.source.title),
			Faults: r.source.faults, Source: r.source.lines, SourceCut: r.source.cut, Links: links(dir, r.result.Kept),
		}
		i.Failure = clean(r.result.Failure)
		if r.result.Outcome == runner.Passed || r.result.Outcome == runner.Failed {
			i.Took = brief(r.result.Elapsed)
		}
		if r.result.Virtual > 0 {
			i.Virtual = brief(r.result.Virtual)
		}
		var told strings.Builder
		linked := r.result
		linked.Kept = nil
		_ = report.Result(&told, linked) // nothing can fail in memory
		i.Told = told.String()
		i.Open = (r.result.Outcome == runner.Failed || len(b.Runs) == 1) && opened < openAtMost
		if i.Open {
			opened++
		}
		for k, g := range r.guests {
			g.ID = fmt.Sprintf("%s-%d", i.ID, k+1)
			g.Shots = pictures.of(r.result, g.Guest)
			i.Guests = append(i.Guests, g)
		}
		all = append(all, i)
	}
	return all
}

// clean is a failure whose step and reason are harmless lines.
func clean(f *steps.Failure) *steps.Failure {
	if f == nil {
		return nil
	}
	harmless := *f
	harmless.Step, harmless.Reason = short(teller.Clean(f.Step)), short(teller.Clean(f.Reason))
	return &harmless
}

// links are the ways from a directory to files.
func links(dir string, files []string) (all []link) {
	for _, file := range files {
		all = append(all, link{filepath.Base(file), way(dir, file)})
	}
	return all
}

// way is a relative URL.
func way(dir, file string) string {
	abs, err := filepath.Abs(dir)
	if real, linked := filepath.EvalSymlinks(abs); linked == nil {
		abs = real
	}
	rel, relErr := filepath.Rel(abs, file)
	if err != nil || relErr != nil {
		rel = file
	}
	return (&url.URL{Path: "./" + filepath.ToSlash(rel)}).EscapedPath()
}
