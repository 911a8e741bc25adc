package golden

import (
	"bytes"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// An Origin is where a golden trace comes from.
type Origin string

// The origins. A golden file says its own in its first line.
const (
	Real     Origin = "a run with the real ROM; every world must equal it"
	Scripted Origin = "a scripted guest, whose profile was made from captures; no real ROM has confirmed it"
)

// OriginOf is the origin of a golden file. One that does not say so was written by hand, and counts as real.
func OriginOf(file []byte) Origin {
	first, _, _ := bytes.Cut(file, []byte("\n"))
	if bytes.HasPrefix(first, []byte("#")) && bytes.Contains(first, []byte(Scripted)) {
		return Scripted
	}
	return Real
}

// Text is a golden file.
func Text(from Origin, trace []string) []byte {
	return []byte("# Written by `bootrig test --update` from " + string(from) + ".\n" + body(trace))
}

// Compare is "" when a golden file holds exactly the trace, else the difference. Comments do not count.
func Compare(name string, file []byte, trace []string) string {
	return string(diff.Diff(name, []byte(body(Parse(file))), "this run", []byte(body(trace))))
}

// Parse is the trace in a golden file.
func Parse(file []byte) []string {
	var trace []string
	for line := range strings.Lines(string(file)) {
		if !strings.HasPrefix(line, "#") {
			trace = append(trace, strings.TrimSuffix(line, "\n"))
		}
	}
	return trace
}

// Read is the trace in the golden file at path.
func Read(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	return Parse(data), err
}

func body(trace []string) string { return strings.Join(trace, "\n") + "\n" }
