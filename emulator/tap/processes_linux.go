package tap

import (
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// killAll kills every process in the namespace and waits for its end: a host that is switched off runs
// nothing, daemons that left their session included.
func (ns *netspace) killAll() {
	for {
		pids := ns.processes()
		if len(pids) == 0 {
			return
		}
		for _, pid := range pids {
			kill(pid)
		}
	}
}

// kill waits through a pidfd, which names this process and none that gets its number later.
func kill(pid int) {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	_ = unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0)
	poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	for {
		if _, err := unix.Poll(poll, -1); err != unix.EINTR {
			return
		}
	}
}

// processes finds who is in the namespace. A zombie is in none.
func (ns *netspace) processes() []int {
	var ours unix.Stat_t
	if unix.Fstat(int(ns.handle), &ours) != nil {
		return nil
	}
	entries, _ := os.ReadDir("/proc")
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		var its unix.Stat_t
		if unix.Stat(fmt.Sprintf("/proc/%d/ns/net", pid), &its) == nil && its.Ino == ours.Ino && its.Dev == ours.Dev {
			pids = append(pids, pid)
		}
	}
	return pids
}
