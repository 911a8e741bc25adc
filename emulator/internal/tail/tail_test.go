package tail

import (
	"context"
	"fmt"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTheLastLinesAreKept(t *testing.T) {
	var l Lines
	for i := range 5 * Kept {
		l.Add(fmt.Sprint(i))
	}
	l.Add("  ") // says nothing
	l.Unfinished("boot: ")
	want := []string{fmt.Sprint(5*Kept - 2), fmt.Sprint(5*Kept - 1), "boot: "}
	if diff := cmp.Diff(want, l.Last(3)); diff != "" {
		t.Errorf("the last (-want +got):\n%s", diff)
	}
	if n := len(l.Last(10 * Kept)); n < Kept || n > 2*Kept+1 {
		t.Errorf("%d lines are kept", n)
	}
	l.Add("boot: linux")
	if got := l.Last(1)[0]; got != "boot: linux" {
		t.Errorf("the unfinished line became %q", got)
	}
}

func TestExpectWaitsForALineToCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l Lines
		go func() { time.Sleep(time.Hour); l.Add("ready"); time.Sleep(time.Hour); l.End() }()
		if line, err := l.Expect(t.Context(), regexp.MustCompile("^read")); line != "ready" || err != nil {
			t.Errorf("%q, %v", line, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for name, ctx := range map[string]context.Context{"its context ends": ctx, "nothing comes any more": t.Context()} {
			if line, err := l.Expect(ctx, regexp.MustCompile("never")); err == nil {
				t.Errorf("%s: %q", name, line)
			}
		}
	})
}
