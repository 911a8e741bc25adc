package runner_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
)

func TestAProfileFromASpecificationSaysSo(t *testing.T) {
	r := runnertest.Run(t, runnertest.Request(t, "intel.txtar", runner.Sim, "ours"))
	if len(r.Notes) == 0 || !strings.Contains(r.Notes[0], "no capture of the real ROM") {
		t.Errorf("notes of a run with intel-undi: %q", r.Notes)
	}
	if r := runnertest.Run(t, runnertest.Request(t, "embedded.txtar", runner.Sim, "ours")); len(r.Notes) != 0 {
		t.Errorf("notes of a run with a captured ROM: %q", r.Notes)
	}
}

func TestAProfileFromASpecificationHasNoGoldenTrace(t *testing.T) {
	req := runnertest.Request(t, "intel.txtar", runner.Sim, "ours")
	req.Source = bytes.Replace(req.Source, []byte("! expect pc error"), []byte("golden pc intel.golden"), 1)
	if _, err := runner.Run(t.Context(), req); err == nil || !strings.Contains(err.Error(), "intel.txtar:") || !strings.Contains(err.Error(), "equals no real ROM") {
		t.Errorf("a golden trace of intel-undi: %v", err)
	}
}

// The story of a run has a real machine's milestones only: its console is kept, also if all went well.
func TestTheConsoleOfAPassedRunIsKept(t *testing.T) {
	req := runnertest.Request(t, "embedded.txtar", runner.QEMU, "ours")
	req.Out = t.TempDir()
	r := runnertest.Run(t, req)
	if r.Outcome == runner.NotTested {
		must.Skip(t, must.QEMU, r.Reason)
	}
	if r.Outcome != runner.Passed || len(r.Kept) != 1 || filepath.Base(r.Kept[0]) != "pc.console" {
		t.Fatalf("%s: %+v, kept %q", r.Outcome, r.Failure, r.Kept)
	}
	console, err := os.ReadFile(r.Kept[0])
	if err != nil || !bytes.HasPrefix(console, []byte("# qemu-system")) || !bytes.Contains(console, []byte("\nbootrig: server ")) {
		t.Errorf("%v: %s", err, console)
	}
}
