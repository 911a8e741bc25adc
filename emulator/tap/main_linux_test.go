package tap

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/bootrig/bootrig/internal/must"
)

// quickRace keeps a race-enabled process from waiting a second before it exits.
const quickRace = "GORACE=atexit_sleep_ms=0"

// roleVar makes the test binary play a server, or a program that starts a lab.
const roleVar = "BOOTRIG_TAP_TEST_ROLE"

func TestMain(m *testing.M) {
	role := roles[os.Getenv(roleVar)]
	switch {
	case Child() && role != nil:
		os.Exit(Main(role))
	case Child():
		os.Exit(Main(func(context.Context) int { return m.Run() }))
	case role != nil:
		os.Exit(role(context.Background()))
	}
	os.Exit(m.Run())
}

// insideVar says that a test runs in the child that it started.
const insideVar = "BOOTRIG_TAP_TEST_INSIDE"

// inside is true in a run's child. Elsewhere it starts one that runs the same test, and reports.
func inside(t testing.TB) bool {
	t.Helper()
	if os.Getenv(insideVar) == t.Name() {
		current := goleak.IgnoreCurrent()
		t.Cleanup(func() { goleak.VerifyNone(t, current) })
		return true
	}
	if err := Available(); err != nil {
		must.Skip(t, must.Tap, err)
	}
	if b, ok := t.(*testing.B); ok {
		b.ReportMetric(0, "ns/op") // the figures are those from inside
	}
	var out bytes.Buffer
	s, err := Exec(t.Context(), ChildSpec{
		Args:   again(t),
		Env:    []string{insideVar + "=" + t.Name(), quickRace},
		Stdout: &out, Stderr: &out,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Wait(); err != nil {
		t.Errorf("inside: %v", err)
	}
	t.Logf("%s", out.Bytes())
	return false
}

// again is the command line that runs this test or benchmark, and no other.
func again(t testing.TB) []string {
	args := []string{"-test.v", "-test.run=^" + t.Name() + "$"}
	if _, ok := t.(*testing.B); ok {
		args = []string{"-test.run=^$", "-test.bench=^" + t.Name() + "$"}
		if f := flag.Lookup("test.benchtime"); f != nil {
			args = append(args, fmt.Sprintf("-test.benchtime=%s", f.Value))
		}
	}
	return args
}
