package conformance

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"testing"

	"github.com/bootrig/bootrig/emulator/tap"
	lacks "github.com/bootrig/bootrig/internal/must"
)

func TestMain(m *testing.M) {
	if tap.Child() {
		os.Exit(tap.Main(func(context.Context) int { return m.Run() }))
	}
	os.Exit(m.Run())
}

// insideVar says that a test runs in the child that it started.
const insideVar = "BOOTRIG_CONFORMANCE_INSIDE"

// inside is true in namespaces of its own. Elsewhere it runs the same test there, and reports.
func inside(t *testing.T) bool {
	t.Helper()
	if os.Getenv(insideVar) != "" {
		return true
	}
	if _, err := exec.LookPath("/usr/sbin/dnsmasq"); err != nil {
		lacks.Skip(t, lacks.Peers, "dnsmasq is not installed: `apt-get install dnsmasq-base`")
	}
	if err := tap.Available(); err != nil {
		lacks.Skip(t, lacks.Tap, err)
	}
	var out bytes.Buffer
	box, err := tap.Exec(t.Context(), tap.ChildSpec{
		Args: []string{"-test.v", "-test.parallel=8", "-test.run=^" + t.Name() + "$"}, Env: []string{insideVar + "=1"},
		Stdout: &out, Stderr: &out,
	})
	if err != nil {
		lacks.Skip(t, lacks.Tap, err)
	}
	if err := box.Wait(); err != nil {
		t.Errorf("inside: %v", err)
	}
	t.Logf("%s", out.Bytes())
	return false
}
