package conformance

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/emulator/tap"
	lacks "github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/internal/peer"
)

func TestMain(m *testing.M) {
	if tap.Child() {
		os.Exit(tap.Main(func(context.Context) int { return m.Run() }))
	}
	os.Exit(m.Run())
}

// insideVar says that a test runs in the child that it started.
const insideVar = "BOOTRIG_CONFORMANCE_INSIDE"

// against runs a comparison with every dnsmasq there is, each in namespaces of its own, at once.
func against(t *testing.T, compare func(*testing.T, peer.Program)) {
	t.Helper()
	for _, version := range []struct {
		name string
		find func() (peer.Program, error)
	}{{"installed", peer.Installed}, {"newer", peer.Newer}} {
		t.Run(version.name, func(t *testing.T) {
			d, err := version.find()
			switch {
			case peer.Unreachable(err):
				lacks.Skip(t, lacks.Archive, err)
			case err != nil:
				lacks.Skip(t, lacks.Peers, err)
			}
			if os.Getenv(insideVar) != "" {
				compare(t, d)
				return
			}
			t.Parallel()
			goInside(t, d)
		})
	}
}

// goInside runs the same test in namespaces of its own, and reports.
func goInside(t *testing.T, d peer.Program) {
	t.Helper()
	if err := tap.Available(); err != nil {
		lacks.Skip(t, lacks.Tap, err)
	}
	var out bytes.Buffer
	run := "-test.run=^" + strings.ReplaceAll(t.Name(), "/", "$/^") + "$"
	box, err := tap.Exec(t.Context(), tap.ChildSpec{
		Args: []string{"-test.v", "-test.parallel=8", run}, Env: []string{insideVar + "=1"}, Stdout: &out, Stderr: &out,
	})
	if err != nil {
		lacks.Skip(t, lacks.Tap, err)
	}
	if err := box.Wait(); err != nil {
		t.Errorf("inside: %v", err)
	}
	t.Logf("dnsmasq %s\n%s", d.Version, out.Bytes())
}
