package confine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Own makes a directory, and gives it to the user with what is in it. ours tells the names of what may be. Where something
// else lies the directory is somebody's, and stays his: then only root's files of these names are given.
func (u User) Own(dir string, ours func(name string) bool) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return err
	}
	all, err := onlyOurs(root, entries, ours)
	if all && err == nil {
		err = root.Lchown(".", u.UID, u.GID)
	}
	for _, e := range entries {
		if ours(e.Name()) && err == nil {
			err = u.give(root, e.Name(), all)
		}
	}
	return err
}

// onlyOurs tells whether a directory is ours to give: nothing else lies in it, it is neither one of the system's, as /tmp
// and /srv are, nor an empty one of somebody's.
func onlyOurs(root *os.Root, entries []fs.DirEntry, ours func(string) bool) (bool, error) {
	info, err := root.Stat(".")
	if err != nil {
		return false, err
	}
	for _, e := range entries {
		if !ours(e.Name()) {
			return false, nil
		}
	}
	path, err := filepath.Abs(root.Name())
	system := filepath.Dir(path) == "/" || info.Mode()&os.ModeSticky != 0
	return !system && (len(entries) > 0 || info.Sys().(*syscall.Stat_t).Uid == 0), err
}

// give gives what a name is; a directory with the files in it. Who has the directory must not make others' files his, so
// that nothing is given that has a second name.
func (u User) give(root *os.Root, name string, any bool) error {
	info, err := root.Lstat(name)
	if err != nil {
		return err
	}
	stat := info.Sys().(*syscall.Stat_t)
	switch {
	case !any && (stat.Uid != 0 || info.IsDir()):
		return nil
	case info.IsDir():
		return u.giveAll(root, name)
	case info.Mode().Type() == fs.ModeSocket:
		return root.Lchown(name, u.UID, u.GID)
	case !info.Mode().IsRegular() || stat.Nlink != 1:
		return nil
	}
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if now, err := f.Stat(); err != nil || !os.SameFile(info, now) {
		return errors.Join(err, fmt.Errorf("%s changes while it is given to %s", name, u.Name))
	}
	return f.Chown(u.UID, u.GID)
}

func (u User) giveAll(root *os.Root, name string) error {
	below, err := root.OpenRoot(name)
	if err != nil {
		return err
	}
	defer below.Close()
	entries, err := fs.ReadDir(below.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Type().IsRegular() {
			err = errors.Join(err, u.give(below, e.Name(), true))
		}
	}
	return errors.Join(err, below.Lchown(".", u.UID, u.GID))
}
