package conformance

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"testing"

	"github.com/bootrig/bootrig/emulator/tap"
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
		lacking(t, "dnsmasq is not installed: `apt-get install dnsmasq-base`")
	}
	if err := tap.Available(); err != nil {
		lacking(t, err.Error())
	}
	var out bytes.Buffer
	box, err := tap.Exec(t.Context(), tap.ChildSpec{
		Args: []string{"-test.v", "-test.parallel=8", "-test.run=^" + t.Name() + "$"}, Env: []string{insideVar + "=1"},
		Stdout: &out, Stderr: &out,
	})
	if err != nil {
		lacking(t, err.Error())
	}
	if err := box.Wait(); err != nil {
		t.Errorf("inside: %v", err)
	}
	t.Logf("%s", out.Bytes())
	return false
}

// lacking skips the test, or fails it where $BOOTRIG_MUST says that nothing may be left out: in CI.
func lacking(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("BOOTRIG_MUST") != "" {
		t.Fatal("must be tested here, and could not be: ", what)
	}
	t.Skip(what)
}
