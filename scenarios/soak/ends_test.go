package soak

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// ends reads what the server says, and counts why downloads of the machines that boot came to no end.
type ends struct {
	mu    sync.Mutex
	part  []byte
	count map[string]int
}

// givenUp is what the server says of a machine's download: 52:54:00:02 begins their hardware addresses.
var givenUp = regexp.MustCompile(`52:54:00:02:\S+ \S+ (?:is given up after .*?: (.*)|.*(fault|ERROR).*)$`)

// Write is for the process's standard output.
func (e *ends) Write(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.part = append(e.part, b...)
	for {
		line, rest, whole := bytes.Cut(e.part, []byte("\n"))
		if !whole {
			return len(b), nil
		}
		e.part = rest
		if m := givenUp.FindSubmatch(line); m != nil {
			if e.count == nil {
				e.count = map[string]int{}
			}
			e.count[numbers.ReplaceAllString(string(m[1])+string(m[2]), "N")]++
		}
	}
}

var numbers = regexp.MustCompile(`[0-9]+`)

func (e *ends) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var lines []string
	for _, why := range slices.Sorted(maps.Keys(e.count)) {
		lines = append(lines, fmt.Sprintf("%9d downloads of machines that boot were given up: %s", e.count[why], why))
	}
	return strings.Join(lines, "\n")
}
