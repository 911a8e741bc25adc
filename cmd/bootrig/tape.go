package main

import (
	"bytes"
	"io"
	"sync"
	"time"
)

// A tape takes lines and writes them when whoever reads is ready for them: a pager that stopped, a pipe that nobody
// empties and a disk that is full hold nobody up. It has room for so many; what did not fit or could not be
// written is counted, and told with the next line that gets through.
type tape struct {
	w    io.Writer
	lost func(lines int) []byte // tells of them

	mu    sync.Mutex
	ready sync.Cond // of more, or ended
	lines [][]byte
	size  int
	gone  int // lines that nobody will see
	ended bool
	done  chan struct{}
}

// tapeRoom is how many bytes of lines may wait.
const tapeRoom = 4 << 20

func newTape(w io.Writer, lost func(lines int) []byte) *tape {
	t := &tape{w: w, lost: lost, done: make(chan struct{})}
	t.ready.L = &t.mu
	go t.run()
	return t
}

// Write takes one whole line. It does not wait and does not fail.
func (t *tape) Write(line []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended || t.size+len(line) > tapeRoom {
		t.gone++
		return len(line), nil
	}
	t.lines = append(t.lines, bytes.Clone(line))
	t.size += len(line)
	t.ready.Signal()
	return len(line), nil
}

// Close waits for what is left, but not long.
func (t *tape) Close() error {
	t.mu.Lock()
	t.ended = true
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
	broken := false // the last line was written in part
	for {
		line, gone, ok := t.next()
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
		out = append(out, line...)
		n, err := t.w.Write(out)
		if err != nil {
			t.mu.Lock()
			t.gone += gone + 1
			t.mu.Unlock()
		}
		if n > 0 {
			broken = n < len(out)
		}
	}
}

// next waits for a line, and says how many before it are gone.
func (t *tape) next() (line []byte, gone int, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.lines) == 0 && !t.ended {
		t.ready.Wait()
	}
	if len(t.lines) == 0 {
		return nil, 0, false
	}
	line, gone = t.lines[0], t.gone
	t.lines, t.size, t.gone = t.lines[1:], t.size-len(line), 0
	return line, gone, true
}
