package must

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// stderrOfGo is the standard error of the go command that runs this test, or nil if none does. Its own
// descriptor is the best, for that knows how far a file has been written; where a kernel lends none to
// children (Yama's ptrace_scope, containers) a terminal or a pipe can be opened by its name in /proc.
func stderrOfGo() *os.File {
	pid := os.Getppid()
	if exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); err != nil || filepath.Base(exe) != "go" {
		return nil
	}
	if parent, err := unix.PidfdOpen(pid, 0); err == nil {
		defer unix.Close(parent)
		if fd, err := unix.PidfdGetfd(parent, 2, 0); err == nil {
			return os.NewFile(uintptr(fd), "stderr of go")
		}
	}
	name := fmt.Sprintf("/proc/%d/fd/2", pid)
	if info, err := os.Stat(name); err != nil || info.Mode().IsRegular() {
		return nil
	}
	f, err := os.OpenFile(name, os.O_WRONLY|unix.O_NOCTTY, 0)
	if err != nil {
		return nil
	}
	return f
}
