package scenarios

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	Child()
	flag.Parse()
	// Most runs wait for a ROM's patience, and some keep a processor busy: a scripted ROM has the real
	// one's patience, which an overloaded host would exhaust.
	if err := flag.Set("test.parallel", "4"); err != nil {
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

// built is our server as a program, made once: the test binary is not it.
var built struct {
	sync.Once
	dir, bin string
	err      error
}

func bootrig(t *testing.T) string {
	t.Helper()
	built.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "bootrig-test"); built.err != nil {
			return
		}
		built.bin = filepath.Join(built.dir, "bootrig")
		args := []string{"build", "-o", built.bin}
		if raceEnabled {
			args = append(args, "-race")
		}
		out, err := exec.Command("go", append(args, "../cmd/bootrig")...).CombinedOutput()
		if err != nil {
			built.err = fmt.Errorf("%w: %s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal("build bootrig:", built.err)
	}
	return built.bin
}

// tally counts what really ran, so that a skip cannot pass for green.
var tally counter

type counter struct {
	sync.Mutex
	ran, skipped map[string]int
	reasons      []string
}

func (c *counter) count(r Result) {
	c.Lock()
	defer c.Unlock()
	if c.ran == nil {
		c.ran, c.skipped = map[string]int{}, map[string]int{}
	}
	switch {
	case r.Skipped:
	case r.Outcome == NotTested:
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
	fmt.Printf("scenarios run: %d in sim, %d in tap, %d in qemu\n", c.ran[Sim], c.ran[Tap], c.ran[QEMU])
	for _, reason := range c.reasons {
		fmt.Println("not tested in", reason)
	}
}

// must skips the test, or fails it where $BOOTRIG_MUST names the world: CI's counts for all three.
func must(t *testing.T, world, reason string) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("BOOTRIG_MUST"), ","), world) {
		t.Fatalf("%s must be tested here, and could not be: %s", world, reason)
	}
	t.Skip(reason)
}

// request is a request for a scenario of this directory.
func request(t *testing.T, name, world, server string) Request {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	req := Request{Name: name, Source: data, World: world, Server: server}
	if world != Sim && server == "ours" {
		req.Self = bootrig(t)
	}
	return req
}

func mustRun(t *testing.T, req Request) Result {
	t.Helper()
	r, err := Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	tally.count(r)
	return r
}
