package qemu

import (
	"context"
	"os/exec"
	"testing"

	"github.com/bootrig/bootrig/internal/must"
)

func TestTheProofRunsUnderEmulation(t *testing.T) {
	if _, err := exec.LookPath("qemu-system-x86_64"); err != nil {
		must.Skip(t, must.QEMU, err, ": ", install)
	}
	if err := prove(t.Context(), "tcg"); err != nil {
		t.Error(err)
	}
	if err := prove(t.Context(), "nosuch"); err == nil {
		t.Error("an accelerator that does not exist is proved")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := prove(ctx, "tcg"); err == nil {
		t.Error("a guest that never ran is a proof")
	}
}

func TestProbeAlwaysNamesAnAcceleratorAndAReason(t *testing.T) {
	accel, why := Probe(t.Context())
	t.Logf("%s: %s", accel, why)
	if (accel != "tcg" && accel != "kvm") || why == "" {
		t.Errorf("%q, %q", accel, why)
	}
}
