package tap

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
)

// keepLines is how much of a host's output is kept for Expect and for errors.
const keepLines = 1000

// An output keeps the last lines a process wrote, from both its streams, and wakes who waits for one.
type output struct {
	mu      sync.Mutex
	lines   []string
	dropped int // lines before lines[0]
	changed chan struct{}
	ended   bool
}

// stream is one of the two streams of a process: what it writes goes to the lines and on to w.
type stream struct {
	out  *output
	w    io.Writer // may be nil
	part []byte    // a line without its end
}

func (s *stream) Write(p []byte) (int, error) {
	s.part = append(s.part, p...)
	for {
		line, rest, found := bytes.Cut(s.part, []byte("\n"))
		if !found {
			break
		}
		s.out.add(strings.TrimSuffix(string(line), "\r"))
		s.part = rest
	}
	if s.w == nil {
		return len(p), nil
	}
	return s.w.Write(p)
}

// flush gives a last line that had no end.
func (s *stream) flush() {
	if len(s.part) > 0 {
		s.out.add(string(s.part))
		s.part = nil
	}
}

// add takes a line that says something.
func (o *output) add(line string) {
	if strings.TrimSpace(line) == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lines = append(o.lines, line)
	if len(o.lines) > 2*keepLines {
		o.dropped += len(o.lines) - keepLines
		o.lines = append(o.lines[:0], o.lines[len(o.lines)-keepLines:]...)
	}
	o.wake()
}

// end says that no more lines will come.
func (o *output) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = true
	o.wake()
}

func (o *output) wake() {
	if o.changed != nil {
		close(o.changed)
		o.changed = nil
	}
}

// tail is the last n lines.
func (o *output) tail(n int) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string(nil), o.lines[max(0, len(o.lines)-n):]...)
}

// after gives the lines from number n on, the number of the next one, and how to wait for it: a nil
// channel says that none will come.
func (o *output) after(n int) ([]string, int, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	lines := append([]string(nil), o.lines[max(0, min(n-o.dropped, len(o.lines))):]...)
	next := o.dropped + len(o.lines)
	if o.ended {
		return lines, next, nil
	}
	if o.changed == nil {
		o.changed = make(chan struct{})
	}
	return lines, next, o.changed
}

// expect waits for a line that matches, the oldest kept one first.
func (o *output) expect(ctx context.Context, want *regexp.Regexp) (string, error) {
	for next := 0; ; {
		lines, n, more := o.after(next)
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
