package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
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

// A disk that is full loses lines, and says how many when there is room; no line is glued to the rest of another. What it
// has taken of many that are written together is not told as lost.
func TestADiskThatIsFullLosesLines(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		apart bool
		want  string
	}{
		"one at a time": {[]string{"one", "second", "third"}, true, "one\nsecon\n2 lost\nlast\n"},
		"together":      {[]string{"1", "2", "3", "four", "five"}, false, "1\n2\n3\nfou\n2 lost\nlast\n"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &reader{room: 9, stopped: make(chan struct{})}
				tape := newTape(r, lost)
				if c.apart {
					close(r.stopped)
				}
				for i, line := range c.lines {
					fmt.Fprintln(tape, line)
					if c.apart || i == 0 { // which is being written while the others come
						synctest.Wait()
					}
				}
				if !c.apart {
					close(r.stopped)
				}
				synctest.Wait()
				r.room = -1
				fmt.Fprintln(tape, "last")
				tape.Close()
				if r.String() != c.want {
					t.Errorf("written %q, want %q", r.String(), c.want)
				}
			})
		})
	}
}

// Each line of a few is there at once, whatever becomes of the process then.
func TestTheLinesOfAMomentAreWrittenTogetherIfThereAreMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w, want writes
		tape := newTape(&w, lost)
		for range burst {
			fmt.Fprintln(tape, "at once")
			synctest.Wait()
			want = append(want, "at once\n")
		}
		if diff := cmp.Diff(want, w); diff != "" {
			t.Errorf("written (-want +got):\n%s", diff)
		}
		for range 4 {
			fmt.Fprintln(tape, "more")
			synctest.Wait()
			time.Sleep(moment / 10)
		}
		time.Sleep(moment)
		fmt.Fprintln(tape, "at the end")
		tape.Close()
		want = append(want, "more\n", "more\nmore\nmore\n", "at the end\n")
		if diff := cmp.Diff(want, w); diff != "" {
			t.Errorf("written (-want +got):\n%s", diff)
		}
	})
}

// writes are what was written, each time.
type writes []string

func (w *writes) Write(b []byte) (int, error) {
	*w = append(*w, string(b))
	return len(b), nil
}
