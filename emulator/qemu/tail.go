package qemu

import "sync"

// kept is how many lines a tail has: a kernel's panic with its registers and call trace.
const kept = 400

// A tail keeps the last lines of a console.
type tail struct {
	mu    sync.Mutex
	lines []string
	now   string
}

func (t *tail) add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now = ""
	if line == "" {
		return
	}
	if len(t.lines) == kept {
		t.lines = append(t.lines[:0], t.lines[1:]...)
	}
	t.lines = append(t.lines, line)
}

// unfinished says what stands in the line that has not ended.
func (t *tail) unfinished(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now = line
}

func (t *tail) last(n int) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := append([]string(nil), t.lines...)
	if t.now != "" {
		all = append(all, t.now)
	}
	return all[max(len(all)-n, 0):]
}
