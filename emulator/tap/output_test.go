package tap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/internal/tail"
)

func regexpOf(s string) *regexp.Regexp { return regexp.MustCompile(s) }

func TestLinesOfAProcess(t *testing.T) {
	for _, c := range []struct {
		name   string
		writes []string
		want   []string
	}{
		{"whole lines", []string{"one\ntwo\n"}, []string{"one", "two"}},
		{"a line in pieces", []string{"o", "ne\nt", "wo\n"}, []string{"one", "two"}},
		{"a last line without its end", []string{"one\ntw", "o"}, []string{"one", "two"}},
		{"carriage returns and empty lines", []string{"one\r\n\n \ntwo\n"}, []string{"one", "two"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out tail.Lines
			var on bytes.Buffer
			s := stream{out: &out, w: &on}
			for _, w := range c.writes {
				if n, err := io.WriteString(&s, w); n != len(w) || err != nil {
					t.Fatal(n, err)
				}
			}
			s.flush()
			if diff := cmp.Diff(c.want, out.Last(9)); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
			if want := strings.Join(c.writes, ""); on.String() != want {
				t.Errorf("%q went on, not %q", on.String(), want)
			}
		})
	}
}

func TestExpectWaitsForALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out tail.Lines
		s := stream{out: &out}
		for i := range 5 * tail.Kept {
			fmt.Fprintln(&s, "line", i)
		}
		if n := len(out.Last(1 << 20)); n > 2*tail.Kept {
			t.Errorf("%d lines are kept", n)
		}
		found := make(chan string, 2)
		for _, want := range []string{"^ready", "line 4999$"} {
			go func() {
				line, err := out.Expect(t.Context(), regexpOf(want))
				found <- fmt.Sprint(line, err)
			}()
		}
		if got := <-found; got != "line 4999<nil>" {
			t.Errorf("a line written before: %s", got)
		}
		synctest.Wait()
		io.WriteString(&s, "ready to serve\n")
		if got := <-found; got != "ready to serve<nil>" {
			t.Errorf("a line written later: %s", got)
		}

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := out.Expect(ctx, regexpOf("never")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a line that never comes: %v", err)
		}
		out.End()
		if _, err := out.Expect(t.Context(), regexpOf("never")); err == nil || !strings.Contains(err.Error(), "ended without") {
			t.Errorf("a process that ended: %v", err)
		}
	})
}
