package confine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// Readable says why the process, which is the user by now, cannot read what has a name, and what helps; nil: it can, or
// nothing has the name.
func (u User) Readable(name string) error {
	f, err := os.OpenFile(name, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err == nil {
		return f.Close()
	}
	if !errors.Is(err, fs.ErrPermission) {
		return nil
	}
	abs, failed := filepath.Abs(name)
	if failed != nil {
		return err
	}
	at, closed := hindrance(abs)
	if !closed { // Landlock says no only when something is opened
		return fmt.Errorf("%s is outside of what this server was started with, and it may read no more than that: start it again", name)
	}
	info, failed := os.Stat(at)
	if failed != nil {
		return err
	}
	owner, bits := strconv.Itoa(int(info.Sys().(*syscall.Stat_t).Uid)), "r"
	switch {
	case at != abs:
		bits = "x"
	case info.IsDir():
		bits = "rx"
	}
	if known, err := user.LookupId(owner); err == nil {
		owner = known.Username
	}
	return fmt.Errorf("%s is closed to %s, as whom bootrig serves (it is %s's, mode %#o): chmod o+%s %s, or serve as who may read it, --user %s",
		at, u.Name, owner, info.Mode().Perm(), bits, at, owner)
}

// hindrance is the first directory on the way to a path that may not be entered, or the path itself if it may not be read.
func hindrance(path string) (at string, closed bool) {
	if at, closed = shut(filepath.Dir(path)); closed {
		return at, true
	}
	return path, unix.Access(path, unix.R_OK) != nil
}

func shut(dir string) (at string, closed bool) {
	if up := filepath.Dir(dir); up != dir {
		if at, closed = shut(up); closed {
			return at, true
		}
	}
	return dir, unix.Access(dir, unix.X_OK) != nil
}
