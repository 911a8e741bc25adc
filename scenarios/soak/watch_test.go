package soak

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A sample is what the process has at one moment.
type sample struct {
	after                   time.Duration
	boots                   int64
	memory                  int // resident, in KiB
	files, threads, running int
}

// watched are the samples, as a table.
type watched struct {
	running *goroutines
	samples []sample
}

func (w *watched) String() string {
	lines := []string{"    after   boots  memory KiB  descriptors  threads  goroutines"}
	for _, s := range w.samples {
		lines = append(lines, fmt.Sprintf("%9s %7d %11d %12d %8d %11d", s.after.Round(time.Second), s.boots, s.memory, s.files, s.threads, s.running))
	}
	return strings.Join(lines, "\n")
}

// watch samples the process whose command line has a word.
func (s *scene) watch(ctx context.Context, every time.Duration, word string) {
	s.Helper()
	proc := find(s.T, word)
	began, ticks := time.Now(), time.NewTicker(every)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		now, err := look(proc)
		if err != nil {
			s.fail("the server is gone: %v", err)
			return
		}
		now.after, now.boots, now.running = time.Since(began), s.boots.Load(), s.seen.running.count()
		s.seen.samples = append(s.seen.samples, now)
	}
}

// find is the directory of a process in /proc.
func find(t *testing.T, word string) string {
	t.Helper()
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, name := range lines {
		line, _ := os.ReadFile(name) // it may have ended
		if slices.ContainsFunc(bytes.Split(line, []byte{0}), func(w []byte) bool { return string(w) == word }) {
			return filepath.Dir(name)
		}
	}
	t.Fatalf("no process has %s in its command line", word)
	return ""
}

func look(proc string) (s sample, err error) {
	status, err := os.ReadFile(filepath.Join(proc, "status"))
	if err != nil {
		return s, err
	}
	s.memory, s.threads = field(status, "VmRSS"), field(status, "Threads")
	open, err := os.ReadDir(filepath.Join(proc, "fd"))
	s.files = len(open)
	return s, err
}

func field(status []byte, name string) int {
	m := regexp.MustCompile(`(?m)^` + name + `:\s*(\d+)`).FindSubmatch(status)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(m[1])) // it is digits
	return n
}

// goroutines reads the trace of the Go runtime, and counts those of the last that was whole.
type goroutines struct {
	mu         sync.Mutex
	rest       []byte
	last, next int
}

// dead is the status of a goroutine that has ended, and waits to be one again (runtime2.go, _Gdead).
var dead = []byte(": status=6(")

// Write is for the process's standard error.
func (g *goroutines) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.rest = append(g.rest, b...)
	for {
		line, rest, whole := bytes.Cut(g.rest, []byte("\n"))
		if !whole {
			return len(b), nil
		}
		g.rest = rest
		switch {
		case bytes.HasPrefix(line, []byte("SCHED ")):
			g.last, g.next = g.next, 0
		case bytes.HasPrefix(line, []byte("  G")) && !bytes.Contains(line, dead):
			g.next++
		}
	}
}

func (g *goroutines) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.last
}

// judge finds what has grown: the most that was had in the last third of the time is compared with the most in the
// third before it. The first does not count: buffers, pools and tables grow to what the load needs.
func (s *scene) judge() {
	for _, of := range []struct {
		what  string
		had   func(sample) int
		slack int // in which there is chance
		most  int
	}{
		{"memory", func(s sample) int { return s.memory }, 16 << 10, 256 << 10},
		{"descriptors", func(s sample) int { return s.files }, 16, 1024},
		{"threads", func(s sample) int { return s.threads }, 8, 64},
		{"goroutines", func(s sample) int { return s.running }, 32, 2000},
	} {
		third := len(s.seen.samples) / 3
		if third == 0 {
			s.Error("it was too short to see anything")
			return
		}
		most := func(of []sample, had func(sample) int) (n int) {
			for _, s := range of {
				n = max(n, had(s))
			}
			return n
		}
		before, last := most(s.seen.samples[third:2*third], of.had), most(s.seen.samples[2*third:], of.had)
		if last > before+before/10+of.slack {
			s.Errorf("%s grew from %d to %d in the last third of the time", of.what, before, last)
		}
		if last == 0 || last > of.most {
			s.Errorf("%s: %d, which should be from 1 to %d", of.what, last, of.most)
		}
	}
}
