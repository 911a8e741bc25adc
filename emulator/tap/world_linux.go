package tap

import (
	"fmt"
	"io"
	"os"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// makeWorld makes what namespaces alone do not give: mounts that the host does not see, a /proc that
// shows this pid namespace, a tmpfs for all files of the run, and a loopback that is up.
func makeWorld() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make the mounts private: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /proc: %w (a container that hides parts of /proc needs --privileged)", err)
	}
	hidden, err := unix.OpenTree(unix.AT_FDCWD, runDir, unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC|unix.AT_RECURSIVE)
	if err != nil {
		return fmt.Errorf("keep what %s hides (Linux 5.2 and later can): %w", runDir, err)
	}
	defer unix.Close(hidden)
	if err := unix.Mount("bootrig", runDir, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=0755"); err != nil {
		return fmt.Errorf("mount a tmpfs on %s: %w", runDir, err)
	}
	if err := os.Mkdir(outsideRun, 0o700); err != nil {
		return err
	}
	if err := unix.MoveMount(hidden, "", unix.AT_FDCWD, outsideRun, unix.MOVE_MOUNT_F_EMPTY_PATH); err != nil {
		return fmt.Errorf("keep what %s hides: %w", runDir, err)
	}
	for _, dir := range []string{tempDir, hostsDir, emptyDir} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
	}
	if err := os.WriteFile(emptyFile, nil, 0o444); err != nil {
		return err
	}
	if err := os.Chmod(tempDir, 0o777|os.ModeSticky); err != nil {
		return err
	}
	if err := copySelf(); err != nil {
		return fmt.Errorf("copy this program to %s: %w", selfCopy, err)
	}
	return up("lo")
}

// Show makes a file or directory of the run's, which must be there, show what is at another path.
func Show(from, at string) error { return bind(from, at, true) }

// copySelf puts this program where hosts can be shown it. Its own path may be gone (go run, a build
// meanwhile) or closed to them, and /proc/self/exe lies on a mount of the parent's namespace, which the
// kernel binds nowhere else.
func copySelf() error {
	from, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(selfCopy, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	defer to.Close()
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	if err := to.Chmod(0o755); err != nil { // whatever the umask
		return err
	}
	return to.Close()
}

func up(name string) error {
	l, err := netlink.LinkByName(name)
	if err == nil {
		err = netlink.LinkSetUp(l)
	}
	if err != nil {
		return fmt.Errorf("set %s up: %w", name, err)
	}
	return nil
}
