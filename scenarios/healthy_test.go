package scenarios_test

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
)

// everyFirmware are the chains with each version of their firmware that there is a script of.
func everyFirmware() (all []chain) {
	for _, c := range chains() {
		all = append(all, c)
		for _, p := range rom.Versions() {
			if name, version, _ := strings.Cut(p.Name, "@"); name == c.firmware {
				versioned := c
				versioned.name, versioned.firmware = c.name+" "+version, p.Name
				all = append(all, versioned)
			}
		}
	}
	return all
}

// TestHealthyBoots boots every firmware with every chain, in labs with every habit that breaks nothing, on a good wire and
// on one that loses 1 %, and wants that neither who sees the wire nor the server says more than that it booted. All of it,
// from BOOTRIG_SEEDS seeds, is for make confusion: else each has one boot on the bad wire.
func TestHealthyBoots(t *testing.T) {
	seeds, wires, all := 1, []string{"fault wire loss=1%"}, false
	if text := os.Getenv("BOOTRIG_SEEDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("BOOTRIG_SEEDS=%s is no number of seeds", text)
		}
		seeds, wires, all = n, append(wires, ""), true
	}
	var h health
	t.Run("labs", func(t *testing.T) {
		for _, c := range everyFirmware() {
			habits := healthy(c)
			if !all {
				habits = habits[:1]
			}
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				for n, habit := range habits {
					for seed := range uint64(seeds) {
						for _, wire := range wires {
							req := broken(t, c, habit, wire, runner.Sim)
							req.Seed = seed*uint64(len(habits)) + uint64(n) + 1000
							h.take(t, req)
						}
					}
				}
			})
		}
	})
	t.Logf("%d alarms in %d healthy boots of %d firmwares with their chains; %d more gave up on the bad wire, and are said to have", h.alarms, h.booted, len(everyFirmware()), h.gaveUp)
	if h.booted < 10*h.gaveUp {
		t.Error("hardly anybody booted")
	}
}

// health counts healthy boots.
type health struct {
	mu                     sync.Mutex
	booted, gaveUp, alarms int
}

// take runs a lab in which all is well.
func (h *health) take(t *testing.T, req runner.Request) {
	r, book := judged(t, req)
	story, server := r.Stories["pc"], book["pc"].Boot
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case r.Outcome == runner.NotTested:
		runnertest.Skip(t, req.World, r.Reason)
	case r.Failure != nil && !story.Booted(): // its firmware had no more patience
		h.gaveUp++
	case story.Booted() && server.Verdict == verdict.Booted:
		h.booted++
	default:
		h.booted++
		h.alarms++
		t.Errorf("%s, seed %d: the wire says %s: %s; the server: %s", req.Name, req.Seed, story.ID, story.Text, server.Line())
	}
}
