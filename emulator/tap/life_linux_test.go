package tap

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/internal/must"
)

// A program is a started test binary that one talks to over its standard input and output.
type program struct {
	in    io.WriteCloser
	lines *bufio.Scanner
}

// reads waits for a line that the program must write next.
func (p *program) reads(t *testing.T, want string) {
	t.Helper()
	if !p.lines.Scan() || p.lines.Text() != want {
		t.Fatalf("the program says %q, not %q (%v)", p.lines.Text(), want, p.lines.Err())
	}
}

func startParent(t *testing.T) (*exec.Cmd, *program) {
	t.Helper()
	if err := Available(); err != nil {
		must.Skip(t, must.Tap, err)
	}
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), roleVar+"=parent", quickRace)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	p := &program{in: in, lines: bufio.NewScanner(out)}
	p.reads(t, "up")
	return cmd, p
}

func TestNothingOfARunSurvivesItsParent(t *testing.T) {
	const stubborn = "host stubborn: /bootrig did not end within 10ms of SIGTERM" // and nobody else failed
	for _, c := range []struct {
		name  string
		end   func(pid int) error
		says  []string
		limit time.Duration
	}{
		{
			name: "killed with SIGKILL",
			end:  func(pid int) error { return unix.Kill(pid, unix.SIGKILL) },
		},
		{
			name: "interrupted with ^C, which the terminal sends to the whole group",
			end:  func(pid int) error { return unix.Kill(-pid, unix.SIGINT) },
			says: []string{stubborn, "the run ends", "the parent ends"},
		},
		{
			name: "interrupted with SIGINT for the parent alone",
			end:  func(pid int) error { return unix.Kill(pid, unix.SIGINT) },
			says: []string{stubborn, "the run ends", "the parent ends"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := traces(t)
			cmd, p := startParent(t)
			family := descendants(t, cmd.Process.Pid)
			if len(family) != 6 {
				t.Fatalf("%d processes run, not the two of the run, its two servers, the daemon and the guest", len(family))
			}
			start := time.Now()
			if err := c.end(cmd.Process.Pid); err != nil {
				t.Fatal(err)
			}
			for _, line := range c.says {
				p.reads(t, line)
			}
			for _, r := range family {
				r.awaitEnd(t)
			}
			t.Logf("all gone after %v", time.Since(start))
			if left := inNamespaces(t, family); len(left) > 0 {
				t.Errorf("still in the run's namespaces: %v", left)
			}
			if diff := cmp.Diff(before, traces(t)); diff != "" {
				t.Errorf("what is on the host (-before +after):\n%s", diff)
			}
		})
	}
}

// traces lists what a run could leave on the host: mounts, links, temporary files.
func traces(t *testing.T) []string {
	t.Helper()
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	found := strings.Split(string(mounts), "\n")
	links, err := netlink.LinkList()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		found = append(found, l.Attrs().Name)
	}
	for _, dir := range []string{os.TempDir(), runDir, tempDir} {
		files, _ := filepath.Glob(dir + "/bootrig-survivor-*")
		found = append(found, files...)
	}
	return found
}

func TestTwoRunsAtOnceDoNotDisturbEachOther(t *testing.T) {
	_, one := startParent(t)
	cmd, two := startParent(t)
	io.WriteString(one.in, "say one\n")
	io.WriteString(two.in, "say two\n")
	one.reads(t, "heard one")
	two.reads(t, "heard two")
	cmd.Process.Kill()
	cmd.Wait()
	io.WriteString(one.in, "say alone\n")
	one.reads(t, "heard alone")
	io.WriteString(one.in, "end\n")
	one.reads(t, "host stubborn: /bootrig did not end within 10ms of SIGTERM")
	one.reads(t, "the run ends")
	one.reads(t, "the parent ends")
}
