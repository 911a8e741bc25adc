package textfile

import (
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"
)

// Limit is the longest text: half a million machines, a line each.
const Limit = 64 << 20

// Read reads a file that somebody named. It does not wait for what may never come, as from a FIFO that nobody
// writes to, and takes no more than a text can be long.
func Read(name string) ([]byte, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory", name)
	case !info.Mode().IsRegular() && !handed(name):
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	if info.Mode().IsRegular() {
		_ = f.SetReadDeadline(time.Now().Add(time.Second)) // of what lets itself be waited for, as /proc/kmsg does
	}
	data, err := io.ReadAll(io.LimitReader(f, Limit+1))
	if err == nil && len(data) > Limit {
		err = fmt.Errorf("%s is longer than %d MiB", name, Limit>>20)
	}
	return data, err
}

// handed tells whether a name is of what the program was started with: a pipe that the user made, as `<(command)`
// of a shell does.
func handed(name string) bool {
	return name == "/dev/stdin" || strings.HasPrefix(name, "/dev/fd/") || strings.HasPrefix(name, "/proc/self/fd/")
}
