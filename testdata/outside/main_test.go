package netboot

import (
	"os"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/bootrig/bootrig/emulator/tap/taptest"
	"github.com/bootrig/bootrig/scenarios/runner"
)

func TestMain(m *testing.M) {
	taptest.Child(m)
	runner.Child()
	goleak.VerifyTestMain(m)
}

// lacks skips a test that this machine cannot run, unless BOOTRIG_MUST says that it can.
func lacks(t *testing.T, what string, err error) {
	t.Helper()
	switch {
	case err == nil:
	case slices.Contains(strings.Split(os.Getenv("BOOTRIG_MUST"), ","), what):
		t.Fatal(err)
	default:
		t.Skip(err)
	}
}
