package runner_test

import (
	"bytes"
	"strings"
	"testing"

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
