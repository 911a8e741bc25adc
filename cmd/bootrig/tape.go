package main

import (
	"io"
	"sync"
	"time"
)

// A tape takes lines and writes them when whoever reads is ready for them: a pager that stopped, a pipe that nobody
// empties and a disk that is full hold nobody up. It has room for so many; what did not fit or could not be
// written is counted, and told with the next line that gets through.
//
// Lines are written at once, but when there are many for long those of a moment together: a write of its own for each
// would cost a busy server as much as what it tells of.
type tape struct {
	w    io.Writer
	lost func(lines int) []byte // tells of them

	mu      sync.Mutex
	ready   sync.Cond // of more, or ended
	waiting stretch
	gone    int // lines that nobody will see
	ended   bool
	closing chan struct{} // closed when it has ended
	done    chan struct{}
}

// A stretch is lines that are written together.
type stretch struct {
	text []byte
	ends []int // of the lines
}

const (
	tapeRoom = 4 << 20               // bytes of lines that may wait
	moment   = 10 * time.Millisecond // that lines are gathered for
	burst    = 32                    // writes that are not a moment apart
)

func newTape(w io.Writer, lost func(lines int) []byte) *tape {
	t := &tape{w: w, lost: lost, closing: make(chan struct{}), done: make(chan struct{})}
	t.ready.L = &t.mu
	go t.run()
	return t
}

// Write takes one whole line. It does not wait and does not fail.
func (t *tape) Write(line []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended || len(t.waiting.text)+len(line) > tapeRoom {
		t.gone++
		return len(line), nil
	}
	t.waiting.text = append(t.waiting.text, line...)
	t.waiting.ends = append(t.waiting.ends, len(t.waiting.text))
	t.ready.Signal()
	return len(line), nil
}

// Close waits for what is left, but not long.
func (t *tape) Close() error {
	t.mu.Lock()
	if !t.ended {
		t.ended = true
		close(t.closing)
	}
	t.ready.Signal()
	t.mu.Unlock()
	select {
	case <-t.done:
	case <-time.After(time.Second): // nobody reads, and nobody will
	}
	return nil
}

func (t *tape) run() {
	defer close(t.done)
	broken := false   // the last line was written in part
	var due time.Time // the next write, were they all a moment apart
	for {
		lines, gone, ok := t.next()
		if !ok {
			return
		}
		var out []byte
		if broken {
			out = append(out, '\n')
		}
		if gone > 0 {
			out = append(out, t.lost(gone)...)
		}
		before := len(out)
		out = append(out, lines.text...)
		n, err := t.w.Write(out)
		if err != nil {
			t.lose(lines.behind(n-before) + gone)
		}
		if n > 0 {
			broken = out[n-1] != '\n'
		}
		now := time.Now()
		if early := now.Add(-burst * moment); due.Before(early) {
			due = early
		}
		due = due.Add(moment)
		t.rest(due.Sub(now))
	}
}

// rest lets lines gather for a while, if any, but not when no more come.
func (t *tape) rest(d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-t.closing:
	case <-time.After(d):
	}
}

// behind is how many lines end behind so many bytes.
func (s stretch) behind(n int) int {
	through := 0
	for through < len(s.ends) && s.ends[through] <= n {
		through++
	}
	return len(s.ends) - through
}

func (t *tape) lose(lines int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.gone += lines
}

// next waits for lines, and says how many before them are gone.
func (t *tape) next() (lines stretch, gone int, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.waiting.ends) == 0 && !t.ended {
		t.ready.Wait()
	}
	lines, gone = t.waiting, t.gone
	t.waiting, t.gone = stretch{}, 0
	return lines, gone, len(lines.ends) > 0
}
