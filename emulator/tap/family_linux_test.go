package tap

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A relative is a process of a run, seen from the host.
type relative struct {
	pid, pidfd int
	namespaces []string
}

var namespaceKinds = []string{"net", "pid", "mnt"}

func (r relative) awaitEnd(t *testing.T) {
	t.Helper()
	poll := []unix.PollFd{{Fd: int32(r.pidfd), Events: unix.POLLIN}}
	n, err := unix.Poll(poll, 10_000)
	for err == unix.EINTR {
		n, err = unix.Poll(poll, 10_000)
	}
	if n != 1 {
		command, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", r.pid))
		t.Fatalf("process %d (%q) lives 10 s after its parent: %v", r.pid, command, err)
	}
}

// descendants finds the processes below pid, and the namespaces they are in that this process is not.
func descendants(t *testing.T, pid int) []relative {
	t.Helper()
	children := map[int][]int{}
	for _, p := range allProcesses(t) {
		_, ppid := status(p)
		children[ppid] = append(children[ppid], p)
	}
	var found []relative
	for todo := children[pid]; len(todo) > 0; todo = todo[1:] {
		r := relative{pid: todo[0]}
		var err error
		if r.pidfd, err = unix.PidfdOpen(r.pid, 0); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Close(r.pidfd) })
		for _, kind := range namespaceKinds {
			if ns := namespace(r.pid, kind); ns != namespace(os.Getpid(), kind) {
				r.namespaces = append(r.namespaces, ns)
				hold(t, r.pid, kind)
			}
		}
		if len(r.namespaces) != len(namespaceKinds) {
			t.Errorf("process %d shares a namespace with the host, it is in %v only", r.pid, r.namespaces)
		}
		found = append(found, r)
		todo = append(todo, children[r.pid]...)
	}
	return found
}

// hold keeps a namespace, so that the kernel gives its number to no other while the test compares numbers.
func hold(t *testing.T, pid int, kind string) {
	t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/ns/%s", pid, kind))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
}

// status is a process's state and its parent.
func status(pid int) (state string, ppid int) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "gone", 0
	}
	_, fields, _ := strings.Cut(string(stat), ") ")
	fmt.Sscan(fields, &state, &ppid)
	return state, ppid
}

// inNamespaces lists the processes of the host that are in a namespace of the family. The dead that
// nobody has reaped yet do not count.
func inNamespaces(t *testing.T, family []relative) (pids []int) {
	t.Helper()
	for _, pid := range allProcesses(t) {
		for _, kind := range namespaceKinds {
			ns := namespace(pid, kind)
			if state, _ := status(pid); state == "Z" {
				continue
			}
			if ns != "" && slices.ContainsFunc(family, func(r relative) bool { return slices.Contains(r.namespaces, ns) }) {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

func namespace(pid int, kind string) string {
	link, _ := os.Readlink(fmt.Sprintf("/proc/%d/ns/%s", pid, kind))
	return link
}

func allProcesses(t *testing.T) (pids []int) {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}
