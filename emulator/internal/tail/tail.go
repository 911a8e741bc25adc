// Package tail keeps the last lines that somebody printed, and waits for those to come.
package tail

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// Kept is how many lines are kept at least: a kernel's panic with its registers and call trace is some 300.
const Kept = 1000

// Lines keeps the last lines, and wakes who waits for one.
type Lines struct {
	mu      sync.Mutex
	lines   []string
	part    string // the line that has not ended
	dropped int    // lines before lines[0]
	changed chan struct{}
	ended   bool
	began   int // the first line of who prints now
}

// Add takes a line that says something.
func (t *Lines) Add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.part = ""
	if strings.TrimSpace(line) == "" {
		return
	}
	t.lines = append(t.lines, line)
	if len(t.lines) > 2*Kept {
		t.dropped += len(t.lines) - Kept
		t.lines = append(t.lines[:0], t.lines[len(t.lines)-Kept:]...)
	}
	t.wake()
}

// Unfinished says what stands in the line that has not ended.
func (t *Lines) Unfinished(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.part = line
}

// End says that no more lines will come.
func (t *Lines) End() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	t.wake()
}

// Again says that somebody else prints from now on: who waits for a line waits for one of his.
func (t *Lines) Again() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended, t.began = false, t.dropped+len(t.lines)
}

func (t *Lines) wake() {
	if t.changed != nil {
		close(t.changed)
		t.changed = nil
	}
}

// Last is the last n lines, the unfinished one included.
func (t *Lines) Last(n int) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := append([]string(nil), t.lines...)
	if t.part != "" {
		all = append(all, t.part)
	}
	return all[max(0, len(all)-n):]
}

// after gives the lines from number n on, the number of the next one, and how to wait for it: a nil
// channel says that none will come.
func (t *Lines) after(n int) ([]string, int, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n = max(n, t.began)
	lines := append([]string(nil), t.lines[max(0, min(n-t.dropped, len(t.lines))):]...)
	next := t.dropped + len(t.lines)
	if t.ended {
		return lines, next, nil
	}
	if t.changed == nil {
		t.changed = make(chan struct{})
	}
	return lines, next, t.changed
}

// Expect waits for a line that matches, the oldest kept one first.
func (t *Lines) Expect(ctx context.Context, want *regexp.Regexp) (string, error) {
	for next := 0; ; {
		lines, n, more := t.after(next)
		for _, line := range lines {
			if want.MatchString(line) {
				return line, nil
			}
		}
		next = n
		if more == nil {
			return "", fmt.Errorf("it ended without a line that matches %q", want)
		}
		select {
		case <-more:
		case <-ctx.Done():
			return "", fmt.Errorf("waiting for a line that matches %q: %w", want, context.Cause(ctx))
		}
	}
}
