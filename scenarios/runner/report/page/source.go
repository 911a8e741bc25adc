package page

import (
	"fmt"
	"strings"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// A source is a scenario as the page shows it.
type source struct {
	title  string
	faults []fault
	lines  []line
	cut    string // what is left out
}

// A line is one of a scenario's lines.
type line struct {
	N    int
	Text string
	Mark string // what is to be said of it
}

// A fault is what a scenario breaks.
type fault struct {
	Line int
	Text string
	cut  script.Cut
}

// maxSource is how many lines of a scenario are shown: behind its own lines come the files that it brings.
const maxSource = 300

// read reads a scenario. One that cannot be read has lines all the same.
func read(r runner.Result, text []byte) (s source) {
	if len(text) == 0 {
		return s
	}
	marks := map[int]string{}
	if file, err := script.Parse(r.Scenario, text); err == nil {
		s.title = file.Title()
		for _, step := range file.Steps {
			if v, ok := step.Statement.(script.Fault); ok && step.Holds(script.Env{World: r.World, Server: r.Server}) {
				s.faults = append(s.faults, fault{step.Line, teller.Clean(step.Text), v.Cut})
				marks[step.Line] = "fault"
			}
		}
	}
	if f := r.Failure; f != nil {
		marks[f.Line] = "failed here"
	}
	if f := r.Broken; f != nil {
		marks[f.Line] = "failed here, as declared"
	}
	all := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for n, text := range all[:min(len(all), maxSource)] {
		s.lines = append(s.lines, line{n + 1, short(teller.Clean(strings.ReplaceAll(text, "\t", "    "))), marks[n+1]})
	}
	if more := len(all) - maxSource; more > 0 {
		s.cut = fmt.Sprintf("%d lines more", more)
	}
	return s
}

// concerns tells whether a cut parts a guest from somebody.
func (f fault) concerns(guest string) bool {
	own := func(name string) bool { return name == guest || name == "house" || name == "server" }
	return f.cut.A != "" && own(f.cut.A) && (f.cut.B == "" || own(f.cut.B))
}

// rows are the beginning and the end of a cut.
func (f fault) rows(began time.Time) (all []row) {
	from := began.Add(f.cut.After)
	all = append(all, row{time: from, Note: true, Mark: "fault", Text: fmt.Sprintf("cut off (%s, line %d)", f.Text, f.Line)})
	if f.cut.For > 0 {
		all = append(all, row{time: from.Add(f.cut.For), Note: true, Text: fmt.Sprintf("no longer cut off (line %d)", f.Line)})
	}
	return all
}

// maxText is how long a text of a guest is shown.
const maxText = 400

// short cuts a text.
func short(text string) string {
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText], "") + "…"
}
