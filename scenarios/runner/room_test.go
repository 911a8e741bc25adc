package runner

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bootrig/bootrig/scenarios/runner/script"
)

func TestRealMachinesShareTheHost(t *testing.T) {
	const second = time.Second
	machines := func(memory ...int64) (guests []script.Guest) {
		for _, mb := range memory {
			guests = append(guests, script.Guest{Memory: mb << 20})
		}
		return guests
	}
	for name, c := range map[string]struct {
		cores     int
		megabytes int64
		runs      [][]script.Guest // each takes a second
		want      time.Duration
	}{
		"two machines, two cores":                         {2, 1 << 20, [][]script.Guest{machines(1), machines(1)}, second},
		"two machines, one core":                          {1, 1 << 20, [][]script.Guest{machines(1), machines(1)}, 2 * second},
		"a run of two machines takes both cores":          {2, 1 << 20, [][]script.Guest{machines(1, 1), machines(1)}, 2 * second},
		"too little memory for two":                       {8, 1 << 12, [][]script.Guest{machines(2 << 10), machines(2 << 10)}, 2 * second},
		"a run that is larger than the host has it alone": {1, 64, [][]script.Guest{machines(1<<10, 1<<10), machines(1)}, 2 * second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				started := time.Now()
				r := newRoom(c.cores, c.megabytes)
				for _, guests := range c.runs {
					go func() {
						leave, err := r.enter(t.Context(), guests)
						if err != nil {
							t.Error(err)
							return
						}
						time.Sleep(second)
						leave()
					}()
				}
				synctest.Wait()
				all, err := r.enter(t.Context(), machines(make([]int64, c.cores)...))
				if err != nil {
					t.Fatal(err)
				}
				all()
				if took := time.Since(started); took != c.want {
					t.Errorf("all was done after %s, want %s", took, c.want)
				}
			})
		})
	}
}

func TestWhoWaitsForRoomCanBeInterrupted(t *testing.T) {
	r := newRoom(1, 1<<20)
	leave, err := r.enter(t.Context(), make([]script.Guest, 1))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.enter(ctx, make([]script.Guest, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
	leave()
	again, err := r.enter(t.Context(), make([]script.Guest, 1))
	if err != nil {
		t.Fatal(err)
	}
	again()
}
