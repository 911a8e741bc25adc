package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A reader takes what is written when it is let, and then perhaps only a part.
type reader struct {
	bytes.Buffer
	stopped chan struct{} // nil: it reads on
	room    int           // -1: any
}

var errFull = errors.New("no space left on device")

func (r *reader) Write(b []byte) (int, error) {
	if r.stopped != nil {
		<-r.stopped
	}
	if r.room < 0 {
		return r.Buffer.Write(b)
	}
	n := min(r.room, len(b))
	r.room -= n
	r.Buffer.Write(b[:n])
	if n < len(b) {
		return n, errFull
	}
	return n, nil
}

func lost(n int) []byte { return fmt.Appendf(nil, "%d lost\n", n) }

func TestATapeWritesEveryLine(t *testing.T) {
	r := &reader{room: -1}
	tape := newTape(r, lost)
	want := ""
	for n := range 1000 {
		line := fmt.Sprintln("line", n)
		want += line
		if _, err := tape.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	tape.Close()
	if r.String() != want {
		t.Errorf("%d bytes are written, want %d", r.Len(), len(want))
	}
}

func TestAReaderThatStopsHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &reader{room: -1, stopped: make(chan struct{})}
		tape := newTape(r, lost)
		fmt.Fprintln(tape, "first")
		synctest.Wait() // it is being written, and does not come through
		long := strings.Repeat("x", 1<<10)
		for range 2 * tapeRoom >> 10 {
			fmt.Fprintln(tape, long)
		}
		close(r.stopped)
		synctest.Wait()
		fmt.Fprintln(tape, "last")
		tape.Close()
		lines := strings.Split(strings.TrimSuffix(r.String(), "\n"), "\n")
		kept := tapeRoom / (1<<10 + 1)
		want := fmt.Sprintf("%d lost", 2*tapeRoom>>10-kept)
		if lines[0] != "first" || lines[1] != want && lines[len(lines)-2] != want || lines[len(lines)-1] != "last" || len(lines) != kept+3 {
			t.Errorf("%d lines: %.20s, %.20s ... %.20s, %.20s; want %s among them", len(lines), lines[0], lines[1], lines[len(lines)-2], lines[len(lines)-1], want)
		}
	})
}

func TestClosingWaitsForNobodyForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &reader{room: -1, stopped: make(chan struct{})}
		tape := newTape(r, lost)
		fmt.Fprintln(tape, "first")
		start := time.Now()
		tape.Close()
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("it waited %v", waited)
		}
		close(r.stopped)
	})
}

// A disk that is full loses lines, and says how many when there is room; no line is glued to the rest of another.
func TestADiskThatIsFullLosesLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &reader{room: 9}
		tape := newTape(r, lost)
		for _, line := range []string{"one", "second", "third"} {
			fmt.Fprintln(tape, line)
			synctest.Wait()
		}
		r.room = -1
		fmt.Fprintln(tape, "fourth")
		tape.Close()
		if want := "one\nsecon\n2 lost\nfourth\n"; r.String() != want {
			t.Errorf("written %q, want %q", r.String(), want)
		}
	})
}
