package scenarios_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
)

// A confusion counts what was said of labs, by what was done to them.
type confusion struct {
	mu    sync.Mutex
	cells map[[2]string]int // what was to come first, and what came
	wrong []string
}

func (c *confusion) add(lab, want, got, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cells == nil {
		c.cells = map[[2]string]int{}
	}
	c.cells[[2]string{want, got}]++
	if want != got {
		c.wrong = append(c.wrong, fmt.Sprintf("%s: %s, want %s: %s", lab, got, want, text))
	}
}

// count is of faults how many there are, and how many of them were told right.
func (c *confusion) count() (faults, right, healthy, alarms int) {
	for cell, n := range c.cells {
		switch ok := cell[0] == cell[1]; {
		case cell[0] == verdict.Booted && ok:
			healthy += n
		case cell[0] == verdict.Booted:
			healthy, alarms = healthy+n, alarms+n
		case ok:
			faults, right = faults+n, right+n
		default:
			faults += n
		}
	}
	return faults, right, healthy, alarms
}

func (c *confusion) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-20s %-20s %s\n", "injected", "told first", "labs")
	for _, cell := range slices.SortedFunc(maps.Keys(c.cells), func(x, y [2]string) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) }) {
		mark := ""
		if cell[0] != cell[1] {
			mark = "  wrong"
		}
		fmt.Fprintf(&b, "%-20s %-20s %4d%s\n", cell[0], cell[1], c.cells[cell], mark)
	}
	faults, right, healthy, alarms := c.count()
	fmt.Fprintf(&b, "%d of %d faults told right (%.1f %%), %d alarms in %d healthy boots", right, faults, 100*float64(right)/float64(max(faults, 1)), alarms, healthy)
	return b.String()
}

// TestConfusion breaks every chain in every way that there is, in virtual time, on a good wire and on one that loses, and
// counts which cause comes first. A server alone does not hear all of it: where the wire was changed behind it, or nothing arrives.
func TestConfusion(t *testing.T) {
	wires := []string{"", "fault wire loss=1%"}
	if runnertest.Race || testing.Short() {
		wires = wires[:1]
	}
	var table, server confusion
	t.Run("labs", func(t *testing.T) {
		for _, c := range chains() {
			for n, fault := range slices.Concat(healthy(c), faultsOf(c)) {
				for _, wire := range wires {
					t.Run(c.name+"/"+fault.name+wire, func(t *testing.T) {
						t.Parallel()
						req := broken(t, c, fault, wire, runner.Sim)
						req.Seed = uint64(n) + 1
						r, book := judged(t, req)
						story := r.Stories["pc"]
						table.add(req.Name, fault.want, story.ID, story.Text)
						server.add(req.Name, story.ID, book["pc"].Boot.Verdict, book["pc"].Boot.Line())
					})
				}
			}
		}
	})
	t.Logf("of what the wire shows the server by itself says\n%s", &server)
	t.Logf("of what was injected the wire shows\n%s", &table)
	table.require(t, 120, 95)
	server.require(t, 120, 70)
}

// TestConfusionInRealTime has every second of those labs on TAP devices, with the server that people run as its own
// process, or (qemu) real ROMs that boot the embedded program. It takes half an hour: make confusion WORLD=tap.
func TestConfusionInRealTime(t *testing.T) {
	world := os.Getenv("BOOTRIG_CONFUSION")
	all, each, least := chains(), 2, 60
	switch world {
	case "", runner.Sim:
		t.Skip("make confusion WORLD=tap asks for it")
	case runner.QEMU:
		all, each, least = realChains(), 1, 20
	}
	var table confusion
	t.Run("labs", func(t *testing.T) {
		labs := 0
		for _, c := range all {
			for _, fault := range slices.Concat(healthy(c)[:1], faultsOf(c)) {
				if labs++; labs%each != 0 {
					continue
				}
				t.Run(c.name+"/"+fault.name, func(t *testing.T) {
					t.Parallel()
					req := broken(t, c, fault, "", world)
					req.Self = runnertest.Bootrig(t)
					r := runnertest.Run(t, req)
					if r.Outcome == runner.NotTested {
						runnertest.Skip(t, world, r.Reason)
					}
					table.add(req.Name, fault.want, r.Stories["pc"].ID, r.Stories["pc"].Text)
				})
			}
		}
	})
	t.Logf("of what was injected the wire shows\n%s", &table)
	table.require(t, least, 95)
}

// broken asks for a run of a chain with a fault.
func broken(t *testing.T, c chain, fault injected, wire, world string) runner.Request {
	t.Helper()
	b := newBench(c)
	fault.spoil(b)
	b.lines = append(b.lines, wire)
	return runner.Request{Name: c.name + ": " + fault.name, Dir: runnertest.Dir(), Source: b.scenario(), World: world, Server: "ours"}
}

// require wants so many faults, so many per cent of them told right, and no alarm.
func (c *confusion) require(t *testing.T, least, percent int) {
	t.Helper()
	if faults, right, healthy, alarms := c.count(); faults < least || healthy == 0 || right*100 < faults*percent || alarms > 0 {
		t.Errorf("wanted are %d %% of %d faults and more, and no alarm:\n%s", percent, least, strings.Join(c.wrong, "\n"))
	}
}
