package runner_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/runner/runnertest"
)

// TestAccidentsOfARealMachine has something befall QEMU in mid-run, while the disk for what the run leaves is full: the
// verdict says what, and nothing is left. With BOOTRIG_ACCIDENTS=1 (make accidents) all of it, else what takes seconds.
func TestAccidentsOfARealMachine(t *testing.T) {
	needs(t, runner.QEMU, "embedded.txtar")
	all := os.Getenv("BOOTRIG_ACCIDENTS") != ""
	for name, c := range map[string]struct {
		signal syscall.Signal
		steps  string
		says   string
		rare   bool
	}{
		"killed":                {syscall.SIGKILL, "expect pc console 'no such line'\n", "cause:   the machine of pc ended: qemu-system-x86_64: signal: killed from outside", false},
		"stopped":               {syscall.SIGSTOP, "expect pc console 'no such line' stall=3s\n", "cause:   the machine of pc stands still: its process was stopped from outside", false},
		"terminated":            {syscall.SIGTERM, "expect pc console 'no such line'\n", "cause:   the machine of pc ended: a signal from outside ended QEMU", true},
		"cut off":               {0, "expect pc offer\ncut pc\nexpect pc console 'bootrig: server' within=30s\n", "cause:   its cable was pulled, and is not plugged in again", true},
		"cut off by the switch": {0, "fault cut pc after=1s\nexpect pc offer within=40s\n", "cause:   ", true},
	} {
		if c.rare && !all {
			continue
		}
		t.Run(name, func(t *testing.T) {
			before, tmp, full := traces(t), t.TempDir(), t.TempDir()
			fillUp(t, full)
			out, family := accident(t, tmp, full, c.steps, c.signal)
			for _, want := range []string{c.says, "not kept: ", "no space left on device"} {
				if !strings.Contains(out, want) {
					t.Errorf("it does not say %q:\n%s", want, out)
				}
			}
			waitGone(t, family)
			if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
				t.Errorf("files left: %v, %v", left, err)
			}
			if err := syscall.Unmount(full, 0); err != nil {
				t.Errorf("who uses the full disk? %v", err)
			}
			if diff := cmp.Diff(before, traces(t)); diff != "" {
				t.Errorf("links, namespaces and mounts (-before +after):\n%s", diff)
			}
		})
	}
}

// fillUp makes a directory a disk without room.
func fillUp(t *testing.T, dir string) {
	t.Helper()
	if err := syscall.Mount("bootrig", dir, "tmpfs", 0, "size=4k"); err != nil {
		must.Skip(t, must.Root, "a full disk: "+err.Error())
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	if err := os.WriteFile(filepath.Join(dir, "full"), make([]byte, 4096), 0o600); err != nil {
		t.Fatal(err)
	}
}

// accident runs bootrig with a real machine, which gets the signal once its BIOS speaks, and gives what was told and
// all processes there were.
func accident(t *testing.T, tmp, out, steps string, signal syscall.Signal) (told string, family []process) {
	t.Helper()
	scenario := filepath.Join(t.TempDir(), "accident.txtar")
	text := "lan 192.168.9.0/24 house=192.168.9.1 server=192.168.9.2\nserver\nguest pc firmware=ipxe-bios mac=52:54:00:12:34:56 ip=192.168.9.100\n" + steps
	if err := os.WriteFile(scenario, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(runnertest.Bootrig(t), "test", "--as", "qemu", "--keep", out, scenario)
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	lines, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for line := bufio.NewScanner(lines); line.Scan(); {
		fmt.Fprintln(&all, line.Text())
		if family == nil && strings.Contains(line.Text(), "SeaBIOS (version") {
			family = familyOf(t, cmd.Process.Pid)
			if signal != 0 {
				send(t, family, signal)
			}
		}
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("it ended with %v, want exit code 1", err)
	}
	if len(family) < 3 {
		t.Fatalf("only %v were running in the middle", family)
	}
	return all.String(), family
}

// send sends QEMU a signal.
func send(t *testing.T, family []process, signal syscall.Signal) {
	t.Helper()
	for _, p := range family {
		name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", p.pid))
		if strings.HasPrefix(string(name), "qemu-system") {
			if err := syscall.Kill(p.pid, signal); err != nil {
				t.Error(err)
			}
			return
		}
	}
	t.Errorf("no QEMU among %v", family)
}

// traces are the links, namespaces and mounts of this host that have our name.
func traces(t *testing.T) (names []string) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(links(t), strings.Split(string(text), "\n")...) {
		if strings.Contains(name, "bootrig") {
			names = append(names, name)
		}
	}
	return names
}
