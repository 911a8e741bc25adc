package retry_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/retry"
)

// waits runs a Timer that nobody answers to its end.
func waits(b retry.Backoff) (waits []time.Duration) {
	t, now := retry.Timer{Backoff: b}, time.Unix(0, 0)
	for {
		t.Start(now)
		at, _ := t.Deadline()
		waits = append(waits, at.Sub(now))
		if now = at; t.Expire() {
			return waits
		}
	}
}

func TestHowLongAClientWaits(t *testing.T) {
	const s = time.Second
	for name, tc := range map[string]struct {
		patience retry.Backoff
		want     []time.Duration
	}{
		"a table is followed to its end":         {retry.Every(s, 4, 8, 16), []time.Duration{4 * s, 8 * s, 16 * s}},
		"a first wait doubles below its maximum": {retry.Backoff{First: s, Max: 10 * s}, []time.Duration{s, 2 * s, 4 * s, 8 * s}},
		"waits end on a tick":                    {retry.Backoff{First: s, Max: s, Tick: 300 * time.Millisecond}, []time.Duration{1200 * time.Millisecond}},
	} {
		if err := tc.patience.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(tc.want, waits(tc.patience)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAPatienceThatCannotWorkIsTold(t *testing.T) {
	for name, patience := range map[string]retry.Backoff{
		"nothing is set":     {},
		"an empty table":     {Table: []time.Duration{}},
		"a maximum too low":  {First: time.Second},
		"a wait of nothing":  {Table: []time.Duration{time.Second, 0}},
		"a wait of years":    {Table: []time.Duration{1 << 62}},
		"one that overflows": {First: time.Second, Max: 1<<63 - 1},
		"a clock that fails": {First: time.Second, Max: time.Second, Tick: -1},
	} {
		if err := patience.Check(); err == nil {
			t.Errorf("%s: Check says nothing", name)
		}
	}
}
