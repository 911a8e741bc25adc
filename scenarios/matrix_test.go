package scenarios_test

import (
	"os"
	"slices"
	"testing"

	"github.com/bootrig/bootrig/emulator/qemu"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/matrix"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// TestTheRowsOfTheMatrixCanBeRun is what `make matrix` would say at its start, without a machine: each row has a
// scenario that expects something, with a guest that the row's firmware stands in for.
func TestTheRowsOfTheMatrixCanBeRun(t *testing.T) {
	const name = "matrix/rows"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := matrix.Parse(name, data, func(firmware string) []string { return qemu.Versions(firmware, "") })
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 40 {
		t.Errorf("%d rows", len(rows))
	}
	for _, r := range rows {
		source, err := os.ReadFile(r.Scenario)
		if err != nil {
			t.Fatal(err)
		}
		f, err := script.Parse(r.Scenario, source)
		if err != nil {
			t.Fatal(err)
		}
		plan := f.Plan(script.Env{World: runner.QEMU, Server: "ours"})
		fits := slices.ContainsFunc(plan.Guests, func(g script.Guest) bool { return qemu.StandsIn(r.Firmware, g.Firmware) })
		if err := qemu.Known(r.Firmware); err != nil || !fits || plan.Skip != "" || !plan.Expects() || len(f.Blind(plan)) > 0 {
			t.Errorf("%s: no guest for that firmware, or nothing to see: %v %s %v", r, err, plan.Skip, f.Blind(plan))
		}
	}
}
