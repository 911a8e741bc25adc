package scenarios

import (
	"bytes"
	"strings"
	"testing"
)

func TestAProfileFromASpecificationSaysSo(t *testing.T) {
	r := mustRun(t, request(t, "intel.txtar", Sim, "ours"))
	if len(r.Notes) == 0 || !strings.Contains(r.Notes[0], "no capture of the real ROM") {
		t.Errorf("notes of a run with intel-undi: %q", r.Notes)
	}
	if r := mustRun(t, request(t, "embedded.txtar", Sim, "ours")); len(r.Notes) != 0 {
		t.Errorf("notes of a run with a captured ROM: %q", r.Notes)
	}
}

func TestAProfileFromASpecificationHasNoGoldenTrace(t *testing.T) {
	req := request(t, "intel.txtar", Sim, "ours")
	req.Source = bytes.Replace(req.Source, []byte("! expect pc error"), []byte("golden pc intel.golden"), 1)
	if _, err := Run(t.Context(), req); err == nil || !strings.Contains(err.Error(), "intel.txtar:") || !strings.Contains(err.Error(), "equals no real ROM") {
		t.Errorf("a golden trace of intel-undi: %v", err)
	}
}
