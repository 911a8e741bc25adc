package runner_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
)

// TestNothingIsLeft ends a run in the middle, by ^C and by kill -9, and looks for its processes, its
// links and its files.
func TestNothingIsLeft(t *testing.T) {
	for _, c := range []struct{ world, scenario, middle string }{
		{runner.Sim, "ubuntu.txtar", "DISCOVER"},
		{runner.Tap, "broken/dead-tftp.txtar", "DISCOVER"},
		{runner.QEMU, "embedded.txtar", "iPXE"},
	} {
		for name, signal := range map[string]syscall.Signal{"interrupt": syscall.SIGINT, "kill": syscall.SIGKILL} {
			t.Run(c.world+" after "+name, func(t *testing.T) {
				needs(t, c.world, c.scenario)
				before := links(t)
				tmp := t.TempDir()
				family := endedInTheMiddle(t, tmp, signal, c.middle, "test", "--as", c.world, filepath.Join(runnertest.Dir(), c.scenario))
				if c.world != runner.Sim && len(family) < 3 {
					t.Errorf("only %v were running in the middle: the test looks at nothing", family)
				}
				waitGone(t, family)
				left, err := os.ReadDir(tmp)
				if err != nil || len(left) > 0 {
					t.Errorf("files left: %v, %v", left, err)
				}
				if diff := cmp.Diff(before, links(t)); diff != "" {
					t.Errorf("links and namespaces (-before +after):\n%s", diff)
				}
			})
		}
	}
}

// needs skips a world that cannot be had here, or whose content is not.
func needs(t *testing.T, world, scenario string) {
	t.Helper()
	err := runner.CanRun(t.Context(), runnertest.Request(t, scenario, world, "ours"))
	if err != nil {
		runnertest.Skip(t, world, err.Error())
	}
}

// endedInTheMiddle starts bootrig, signals it once a line of its story holds text, waits for its end,
// and returns the processes of its family as they were before the signal.
func endedInTheMiddle(t *testing.T, tmp string, signal syscall.Signal, text string, args ...string) []process {
	t.Helper()
	cmd := exec.Command(runnertest.Bootrig(t), args...)
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var family []process
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.Contains(lines.Text(), text) && family == nil {
			family = familyOf(t, cmd.Process.Pid)
			if err := cmd.Process.Signal(signal); err != nil {
				t.Error(err)
			}
		}
	}
	if family == nil {
		t.Fatalf("bootrig %v never said %q", args, text)
	}
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); err == nil {
		t.Error("a run that was ended in the middle has exit code 0")
	}
	return family
}

// process is one process for ever: a pid alone may be given out again.
type process struct {
	pid   int
	start string
}

func (p process) String() string { return strconv.Itoa(p.pid) }

// familyOf lists a process and all its descendants.
func familyOf(t *testing.T, pid int) []process {
	t.Helper()
	children := map[int][]process{}
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	var family []process
	for _, dir := range dirs {
		p, parent, ok := stat(dir)
		if !ok {
			continue
		}
		if p.pid == pid {
			family = append(family, p)
		}
		children[parent] = append(children[parent], p)
	}
	for i := 0; i < len(family); i++ {
		family = append(family, children[family[i].pid]...)
	}
	return family
}

// stat reads /proc/PID/stat: after the name in brackets come state, parent, and as the 22nd field the
// start time (proc(5)). A zombie is as good as gone: only its parent can remove it.
func stat(dir string) (p process, parent int, ok bool) {
	data, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return p, 0, false
	}
	name := strings.LastIndexByte(string(data), ')')
	fields := strings.Fields(string(data[name+1:]))
	if len(fields) < 20 || fields[0] == "Z" {
		return p, 0, false
	}
	p.pid, _ = strconv.Atoi(filepath.Base(dir))
	parent, _ = strconv.Atoi(fields[1])
	p.start = fields[19]
	return p, parent, true
}

// waitGone waits until none of the processes exists.
func waitGone(t *testing.T, family []process) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(10 * time.Second)
	for {
		var alive []process
		for _, p := range family {
			if now, _, ok := stat(fmt.Sprintf("/proc/%d", p.pid)); ok && now.start == p.start {
				alive = append(alive, p)
			}
		}
		if len(alive) == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("still running: %v of %v", alive, family)
		}
	}
}

// links names what a careless lab would leave on the host.
func links(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"/sys/class/net/*", "/run/netns/*"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			if strings.Contains(name, "bootrig") || strings.Contains(name, "eth0") || strings.Contains(name, "netns") {
				names = append(names, name)
			}
		}
	}
	return names
}

// TestTwoRunsAtOnce uses the same addresses, names and ports twice at the same time.
func TestTwoRunsAtOnce(t *testing.T) {
	needs(t, runner.Tap, "pxelinux4.txtar")
	req := runnertest.Request(t, "pxelinux4.txtar", runner.Tap, "ours")
	var both errgroup.Group
	results := make([]runner.Result, 2)
	for i := range results {
		both.Go(func() (err error) {
			results[i], err = runner.Run(t.Context(), req)
			return err
		})
	}
	if err := both.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		runnertest.Count(r)
		if r.Outcome != runner.Passed {
			t.Errorf("one of two runs at once: %s %s %+v", r.Outcome, r.Reason, r.Failure)
		}
	}
	if diff := cmp.Diff(results[0].Traces, results[1].Traces); diff != "" {
		t.Errorf("traces of two runs at once (-one +other):\n%s", diff)
	}
}
