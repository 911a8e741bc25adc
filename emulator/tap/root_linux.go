package tap

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// buildRoot makes a root directory for a host on a tmpfs of its own, so that one unmount takes it away.
func buildRoot(name string, binds []Bind) (string, error) {
	root, err := os.MkdirTemp(hostsDir, name+"-")
	if err != nil {
		return "", err
	}
	if err := fillRoot(root, binds); err != nil {
		removeRoot(root)
		return "", err
	}
	return root, nil
}

func fillRoot(root string, binds []Bind) error {
	binds = append([]Bind{{Host: selfCopy, Inside: Self, ReadOnly: true}}, binds...)
	for i := range binds {
		abs, err := filepath.Abs(binds[i].Host)
		if err != nil {
			return err
		}
		binds[i].Host = abs
	}
	steps, err := planRoot(os.DirFS("/"), binds)
	if err != nil {
		return err
	}
	if err := unix.Mount("bootrig", root, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=0755"); err != nil {
		return fmt.Errorf("mount a tmpfs on %s: %w", root, err)
	}
	for dir, mode := range map[string]os.FileMode{"/run": 0o755, "/tmp": 0o777 | os.ModeSticky} {
		if err := os.Mkdir(root+dir, 0o755); err != nil {
			return err
		}
		if err := os.Chmod(root+dir, mode); err != nil { // whatever the umask
			return err
		}
	}
	for _, s := range steps {
		if err := s.run(root); err != nil {
			return fmt.Errorf("%s %s: %w", s.do, s.inside, err)
		}
	}
	return nil
}

func (s step) run(root string) error {
	at := root + s.inside
	switch s.do {
	case maskDir, maskFile:
		s.from = emptyDir
		if s.do == maskFile {
			s.from = emptyFile
		}
		return bind(s.from, at, s.ro)
	case mkdir:
		// A bind may lie in /run or /tmp.
		return os.MkdirAll(at, 0o755)
	case symlink:
		return os.Symlink(s.from, at)
	case bindDir:
		if err := os.Mkdir(at, 0o755); err != nil {
			return err
		}
	case bindFile:
		f, err := os.OpenFile(at, os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return err
		}
		f.Close()
	}
	return bind(s.from, at, s.ro)
}

// bind is recursive because a user namespace may not show what a mount hides.
func bind(from, at string, ro bool) error {
	if err := unix.Mount(from, at, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("mount %s: %w", from, err)
	}
	if !ro {
		return nil
	}
	attr := unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY}
	if err := unix.MountSetattr(unix.AT_FDCWD, at, unix.AT_RECURSIVE, &attr); err != nil {
		return fmt.Errorf("make %s read-only (Linux 5.12 and later can): %w", from, err)
	}
	return nil
}

func removeRoot(root string) {
	_ = unix.Unmount(root, unix.MNT_DETACH)
	os.Remove(root)
}
