package runner_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
)

// TestSeeds boots the Ubuntu chain over a bad wire, once for each seed. A guest may fail only because
// the patience of its firmware ran out.
func TestSeeds(t *testing.T) {
	seeds := 1000
	if runnertest.Race || testing.Short() {
		seeds = 20
	}
	req := runnertest.Request(t, "lossy.txtar", runner.Sim, "ours")
	started := time.Now()
	var mu sync.Mutex
	outcomes := map[string]int{}
	lacking := ""
	var workers errgroup.Group
	workers.SetLimit(2)
	for seed := range seeds {
		workers.Go(func() error {
			req := req
			req.Seed = uint64(seed + 1)
			r, err := runner.Run(t.Context(), req)
			if err != nil {
				return fmt.Errorf("%s: %w", req.Rerun(), err)
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case r.Outcome == runner.NotTested:
				lacking = r.Reason
			case r.Failure == nil:
				outcomes["booted"]++
			case r.Patience:
				outcomes["out of patience"]++
				t.Logf("%s: %s (again: %s)", r.Failure.Step, r.Failure.Cause, r.Rerun)
			default:
				t.Errorf("seed %d failed at %s: %s: %s\nagain: %s", req.Seed, r.Failure.Step, r.Failure.Reason, r.Failure.Cause, r.Rerun)
			}
			return nil
		})
	}
	if err := workers.Wait(); err != nil {
		t.Fatal(err)
	}
	if lacking != "" {
		runnertest.Skip(t, req.World, lacking)
	}
	fmt.Printf("seeds: %d of the Ubuntu chain in %.1fs: %v\n", seeds, time.Since(started).Seconds(), outcomes)
}

func TestASeedReplaysToTheSameFrames(t *testing.T) {
	for _, name := range []string{"lossy.txtar", "bursts.txtar", "bad-wire.txtar"} {
		t.Run(name, func(t *testing.T) { replay(t, runnertest.Request(t, name, runner.Sim, "ours")) })
	}
}

// replay runs three seeds twice.
func replay(t *testing.T, req runner.Request) {
	hashes := map[string]bool{}
	for _, seed := range []uint64{1, 2, 3} {
		req.Seed = seed
		first, again := runnertest.Run(t, req), runnertest.Run(t, req)
		if first.Outcome == runner.NotTested {
			runnertest.Skip(t, req.World, first.Reason)
		}
		if first.Hash != again.Hash || first.Virtual != again.Virtual {
			t.Errorf("seed %d: frames %s in %s, then %s in %s", seed, first.Hash, first.Virtual, again.Hash, again.Virtual)
		}
		if diff := cmp.Diff(first.Traces, again.Traces); diff != "" {
			t.Errorf("seed %d: traces (-first +again):\n%s", seed, diff)
		}
		hashes[first.Hash] = true
	}
	if len(hashes) != 3 {
		t.Errorf("three seeds gave %d different runs", len(hashes))
	}
}
