package qemu

import (
	"os/exec"
	"syscall"

	"github.com/prometheus/procfs"
)

// killed tells whether a process was ended by SIGKILL.
func killed(exit *exec.ExitError) bool {
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// Stopped tells whether the machine stands still since somebody stopped its process (SIGSTOP): it does nothing, answers
// no command, and can go on.
func (g *Guest) Stopped() bool {
	p, err := procfs.NewProc(g.process.pid)
	if err != nil {
		return false // it has ended, or this is not Linux
	}
	stat, err := p.Stat()
	return err == nil && stat.State == "T"
}
