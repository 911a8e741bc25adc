package scenarios_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/qemu"
	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/matrix"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// rows are those of `make matrix`, with paths as they are from here.
func rows(t *testing.T) []matrix.Row {
	t.Helper()
	return rowsAs(t, "matrix/rows")
}

// rowsAs has the paths of scenarios begin where the file of the rows is said to be.
func rowsAs(t *testing.T, name string) []matrix.Row {
	t.Helper()
	data, err := os.ReadFile("matrix/rows")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := matrix.Parse(name, data, func(firmware string) []string { return qemu.Versions(firmware, "") })
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestTheRowsOfTheMatrixCanBeRun is what `make matrix` would say at its start, without a machine: each row has a
// scenario that expects something, with a guest that the row's firmware stands in for.
func TestTheRowsOfTheMatrixCanBeRun(t *testing.T) {
	rows := rows(t)
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

// TestTheReadmesMatrixIsThatOfTheRows compares what the README's table says it boots, line by line. What came of it is
// as of the day it was run.
func TestTheReadmesMatrixIsThatOfTheRows(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(readme), "<!-- matrix -->\n")
	table, _, _ = strings.Cut(table, "<!-- /matrix -->")
	var want strings.Builder
	if err := matrix.Table(&want, rowsAs(t, "scenarios/matrix/rows"), []string{"ours"}, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(booted(want.String()), booted(table)); diff != "" {
		t.Errorf("make matrix writes the table anew (-rows +README):\n%s", diff)
	}
}

// booted are the first cells of each line of a table: path, firmware and cards.
func booted(table string) (lines []string) {
	for line := range strings.Lines(table) {
		cells := strings.SplitN(line, " | ", 4)
		lines = append(lines, strings.Join(cells[:len(cells)-1], " | "))
	}
	return lines
}

// TestEachFirmwareInQEMU boots every firmware in every version once: the first row of each. A version that Debian's
// archive has no more is skipped by its name, and one of each firmware is there.
func TestEachFirmwareInQEMU(t *testing.T) {
	if testing.Short() {
		t.Skip("real machines take minutes")
	}
	sets, err := runner.FirmwareDir()
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, row := range matrix.FirstOfEach(rows(t)) {
		missing := qemu.Installed(row.Firmware, sets)
		name, _, _ := strings.Cut(row.Firmware, "@")
		there[name] = there[name] || missing == nil
		t.Run(row.Firmware, func(t *testing.T) {
			if missing != nil {
				must.Skip(t, must.Archive, missing)
			}
			t.Parallel()
			req := runnertest.Request(t, row.Scenario, runner.QEMU, "ours")
			req.Firmware, req.NIC, req.Machine = row.Firmware, row.NIC, row.Machine
			check(t, req)
		})
	}
	for name, one := range there {
		if !one {
			if err := must.Lack(must.Content, name+" is here in no version: make firmware fetches them"); err != nil {
				t.Error(err)
			}
		}
	}
}
