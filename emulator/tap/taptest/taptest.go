// Package taptest runs tests inside the namespaces of a lab: with servers as processes, and without touching the
// host's network.
//
// A package whose tests want that has a TestMain, and such a test begins with Run:
//
//	func TestMain(m *testing.M) {
//		taptest.Child(m)
//		m.Run()
//	}
//
//	func TestMyServer(t *testing.T) {
//		taptest.Run(t, func(t *testing.T) {
//			lab, err := tap.NewLab(emulator.LabConfig{})
//			...
//		})
//	}
//
// Run executes the test binary once more, in namespaces of its own, for this one test; everything of it is gone when
// it ends, however it ends. So what stands before Run is done twice, and what the test holds open is not there inside.
package taptest

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/must"
)

// insideVar has the name of the test that a child was started for.
const insideVar = "BOOTRIG_TAPTEST"

// Child takes over a process that is the child of Run, and never returns then. It comes first in a TestMain, before
// other functions of its kind. m is the *testing.M, or what wraps it.
func Child(m interface{ Run() int }) {
	if os.Getenv(insideVar) != "" && tap.Child() {
		os.Exit(tap.Main(func(context.Context) int { return m.Run() }))
	}
}

// Run runs f inside a lab's namespaces, as this test: it fails or is skipped where f is. Where no namespaces can be
// had the test is skipped, and its message says what is missing.
func Run(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	if os.Getenv(insideVar) == t.Name() {
		if tap.Child() {
			t.Fatal("TestMain must begin with taptest.Child(m)")
		}
		f(t)
		return
	}
	if err := tap.Available(); err != nil {
		must.Skip(t, must.Tap, err)
	}
	var out bytes.Buffer
	child, err := tap.Exec(t.Context(), tap.ChildSpec{Args: again(t), Env: []string{insideVar + "=" + t.Name()}, Stdout: &out, Stderr: &out})
	if err != nil {
		t.Fatal(err)
	}
	err = child.Wait()
	t.Logf("inside:\n%s", out.Bytes())
	switch {
	case err != nil:
		t.Errorf("inside: %v", err)
	case bytes.Contains(out.Bytes(), []byte("--- SKIP: "+t.Name()+" ")):
		t.SkipNow()
	case !bytes.Contains(out.Bytes(), []byte("--- PASS: "+t.Name()+" ")):
		t.Error("inside, the test did not run")
	}
}

// again is the command line that runs this test and no other.
func again(t *testing.T) []string {
	var name []string
	for part := range strings.SplitSeq(t.Name(), "/") {
		name = append(name, "^"+regexp.QuoteMeta(part)+"$")
	}
	args := []string{"-test.v", "-test.count=1", "-test.run=" + strings.Join(name, "/")}
	if at, ok := t.Deadline(); ok {
		args = append(args, "-test.timeout="+time.Until(at).Round(time.Second).String())
	}
	return args
}
