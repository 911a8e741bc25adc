package report

import (
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/bootrig/bootrig/scenarios/runner"
)

// What CI servers agree on of JUnit's XML. A scenario is a class, its worlds and servers are the cases.
type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"` // seconds
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	Time    string     `xml:"time,attr"`
	Failure *junitText `xml:"failure,omitempty"`
	Error   *junitText `xml:"error,omitempty"`
	Skipped *junitText `xml:"skipped,omitempty"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes results as a JUnit file, whole or not at all.
func WriteJUnit(path string, results []runner.Result) (err error) {
	data, err := xml.MarshalIndent(junit(results), "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(append([]byte(xml.Header), append(data, '\n')...))
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func junit(results []runner.Result) junitSuite {
	s := junitSuite{Name: "bootrig", Tests: len(results)}
	seconds := 0.0
	for _, r := range results {
		seconds += r.Elapsed.Seconds()
		c := junitCase{
			Class: strings.TrimSuffix(r.Scenario, ".txtar"), Name: r.World + " " + r.Server,
			Time: fmt.Sprintf("%.3f", r.Elapsed.Seconds()),
		}
		if r.Seed != 0 {
			c.Name += fmt.Sprintf(" seed %d", r.Seed)
		}
		switch {
		case r.Outcome == runner.NotTested:
			c.Skipped = &junitText{Message: r.Reason}
			s.Skipped++
		case r.Outcome == runner.Wrong:
			first, _, _ := strings.Cut(r.Reason, "\n")
			c.Error = &junitText{Message: first, Text: r.Reason}
			s.Errors++
		case r.Failure != nil:
			var b strings.Builder
			failed(&b, r)
			c.Failure = &junitText{Message: fmt.Sprintf("line %d: %s: %s", r.Failure.Line, r.Failure.Step, r.Failure.Reason), Text: b.String()}
			s.Failures++
		}
		s.Cases = append(s.Cases, c)
	}
	s.Time = fmt.Sprintf("%.3f", seconds)
	return s
}
