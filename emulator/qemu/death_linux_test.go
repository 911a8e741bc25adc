package qemu

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/internal/must"
)

// orphan makes this test binary start a machine, print its pid, and wait to be killed.
const orphan = "BOOTRIG_TEST_ORPHAN"

func TestAMachineDiesWithAParentThatIsKilled(t *testing.T) {
	if os.Getenv(orphan) != "" {
		g, err := Start(t.Context(), Config{Spec: Spec{Netdev: "user"}})
		if err != nil {
			t.Fatal(err)
		}
		os.Stdout.WriteString("\npid " + strconv.Itoa(g.process.pid) + "\n")
		<-g.Done()
		return
	}
	if _, err := exec.LookPath("qemu-system-x86_64"); err != nil {
		must.Skip(t, must.QEMU, err, ": ", install)
	}
	parent := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	parent.Env = append(os.Environ(), orphan+"=1")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	for lines := bufio.NewScanner(out); pid == 0 && lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "pid "); ok {
			pid, _ = strconv.Atoi(text)
		}
	}
	machine, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		t.Fatalf("pid %d of the machine: %v", pid, err)
	}
	defer unix.Close(machine)
	_ = parent.Process.Kill()
	_ = parent.Wait()
	// A pid's descriptor is readable when the process has ended.
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(machine), Events: unix.POLLIN}}, 10_000)
	if err != nil || n != 1 {
		t.Errorf("the machine outlives its parent: %d, %v", n, err)
	}
}

func TestAMachineKilledFromOutsideIsAnError(t *testing.T) {
	g := run(t, Config{Spec: Spec{Netdev: "user"}})
	if err := unix.Kill(g.process.pid, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := g.Wait(); err == nil || !strings.HasPrefix(err.Error(), "qemu-system-x86_64: signal: killed from outside") {
		t.Errorf("Wait says %v", err)
	}
}
