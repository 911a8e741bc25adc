// Package runnertest is what the tests of this repository's scenarios share: our server built once as a
// program, requests for its files, and a count of what really ran.
package runnertest

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/content"
)

// Main is a TestMain.
func Main(m *testing.M, acts ...runner.Act) {
	runner.Child(acts...)
	flag.Parse()
	// Most runs wait for a ROM's patience, and some keep a processor busy: a scripted ROM has the real
	// one's patience, which an overloaded host would exhaust.
	if err := flag.Set("test.parallel", "6"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if built.dir != "" {
			_ = os.RemoveAll(built.dir)
		}
		tally.print()
		os.Exit(code)
	}))
}

// built is our server as a program, made once: a test binary is not it.
var built struct {
	sync.Once
	dir, bin string
	err      error
}

// Bootrig is the path of the program, built from this checkout.
func Bootrig(t testing.TB) string {
	t.Helper()
	built.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "bootrig-test"); built.err != nil {
			return
		}
		built.bin = filepath.Join(built.dir, "bootrig")
		args := []string{"build", "-o", built.bin}
		if Race {
			args = append(args, "-race")
		}
		out, err := exec.Command("go", append(args, filepath.Join(Dir(), "..", "cmd", "bootrig"))...).CombinedOutput()
		if err != nil {
			built.err = fmt.Errorf("%w: %s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal("build bootrig:", built.err)
	}
	return built.bin
}

// Dir is the directory of this repository's scenarios.
func Dir() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..")
}

// Files names this repository's scenarios, broken labs last.
func Files(t testing.TB) []string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"*.txtar", "broken/*.txtar", "media/*.txtar"} {
		found, err := filepath.Glob(filepath.Join(Dir(), pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no %s: %v", pattern, err)
		}
		for _, path := range found {
			name, err := filepath.Rel(Dir(), path)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
	}
	return names
}

// Request asks for a run of one of this repository's scenarios.
func Request(t testing.TB, name, world, server string) runner.Request {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(Dir(), name))
	if err != nil {
		t.Fatal(err)
	}
	req := runner.Request{Name: name, Dir: filepath.Dir(filepath.Join(Dir(), name)), Source: data, World: world, Server: server}
	if world != runner.Sim && server == "ours" {
		req.Self = Bootrig(t)
	}
	return req
}

// Run runs a request and counts it.
func Run(t testing.TB, req runner.Request) runner.Result {
	t.Helper()
	r, err := runner.Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	Count(r)
	return r
}

// Skip skips a test for what a run lacked: its world, or the content that it serves.
func Skip(t testing.TB, world, reason string) {
	t.Helper()
	what := world
	if strings.Contains(reason, content.ErrMissing.Error()) {
		what = must.Content
	}
	must.Skip(t, what, strings.TrimPrefix(reason, "could not test: "))
}

// Count counts a run that was not made by Run.
func Count(r runner.Result) { tally.count(r) }

// tally counts what really ran, so that a skip cannot pass for green.
var tally counter

type counter struct {
	sync.Mutex
	ran, skipped map[string]int
	reasons      []string
}

func (c *counter) count(r runner.Result) {
	c.Lock()
	defer c.Unlock()
	if c.ran == nil {
		c.ran, c.skipped = map[string]int{}, map[string]int{}
	}
	switch {
	case r.Skipped:
	case r.Outcome == runner.NotTested:
		c.skipped[r.World]++
		if reason := r.World + ": " + r.Reason; !slices.Contains(c.reasons, reason) {
			c.reasons = append(c.reasons, reason)
		}
	default:
		c.ran[r.World]++
	}
}

func (c *counter) print() {
	if c.ran == nil {
		return
	}
	fmt.Printf("scenarios run: %d in sim, %d in tap, %d in qemu\n", c.ran[runner.Sim], c.ran[runner.Tap], c.ran[runner.QEMU])
	for _, reason := range c.reasons {
		fmt.Println("not tested in", reason)
	}
}
