package tap

import (
	"fmt"
	"os"
	"runtime"
	"slices"

	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// capabilities are those that a server may have: what binding ports, answering clients without an address, and
// becoming another user takes. None reaches beyond its own net namespace and its root, which it cannot mount in,
// nor make devices in, nor read what it does not own.
func capabilities() []uintptr {
	return []uintptr{
		unix.CAP_CHOWN, unix.CAP_KILL, unix.CAP_NET_ADMIN, unix.CAP_NET_BIND_SERVICE, unix.CAP_NET_BROADCAST,
		unix.CAP_NET_RAW, unix.CAP_SETGID, unix.CAP_SETPCAP, unix.CAP_SETUID, unix.CAP_SYS_CHROOT,
	}
}

// jail starts a process inside the namespace, in a root that it cannot leave: the machine's own is not hidden, as
// by chroot, but gone from its mounts. The process has what the thread has that starts it, so that thread goes
// through all of it, and ends with this.
func (ns *netspace) jail(root string, start func() error) error {
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // for ever: nobody else may run on this thread again
		result <- ns.jailed(root, start)
	}()
	return <-result
}

func (ns *netspace) jailed(root string, start func() error) error {
	if err := netns.Set(ns.handle); err != nil {
		return fmt.Errorf("enter a net namespace: %w", err)
	}
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		return fmt.Errorf("new mount namespace: %w", err)
	}
	if err := pivot(root); err != nil {
		return fmt.Errorf("enter %s: %w", root, err)
	}
	if err := drop(capabilities()); err != nil {
		return fmt.Errorf("drop capabilities: %w", err)
	}
	return start()
}

// Confine takes from this thread, and from what it starts from then on, all that a program needs not which only
// reads installed files and writes into the run's own: capabilities, devices, and writing elsewhere. It is for QEMU,
// which runs what a stranger's server may have sent; see qemu.Config. The thread must be locked, and end afterwards.
func Confine() error {
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		return fmt.Errorf("new mount namespace: %w", err)
	}
	if err := coverDevices(); err != nil {
		return fmt.Errorf("cover the devices: %w", err)
	}
	readOnly := unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY}
	if err := unix.MountSetattr(unix.AT_FDCWD, "/", unix.AT_RECURSIVE, &readOnly); err != nil {
		return fmt.Errorf("make the mounts read-only: %w", err)
	}
	own := unix.MountAttr{Attr_clr: unix.MOUNT_ATTR_RDONLY}
	if err := unix.MountSetattr(unix.AT_FDCWD, runDir, 0, &own); err != nil {
		return fmt.Errorf("keep %s: %w", runDir, err)
	}
	return drop(nil)
}

// coverDevices leaves the few devices that every program may have, and KVM's.
func coverDevices() error {
	kept := map[string]int{}
	for _, name := range append(devices, "kvm") {
		if fd, err := unix.OpenTree(unix.AT_FDCWD, "/dev/"+name, unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC); err == nil {
			defer unix.Close(fd)
			kept[name] = fd
		}
	}
	if err := unix.Mount("bootrig", "/dev", "tmpfs", unix.MS_NOSUID|unix.MS_NOEXEC, "mode=0755"); err != nil {
		return err
	}
	for name, fd := range kept {
		if err := os.WriteFile("/dev/"+name, nil, 0o644); err != nil {
			return err
		}
		if err := unix.MoveMount(fd, "", unix.AT_FDCWD, "/dev/"+name, unix.MOVE_MOUNT_F_EMPTY_PATH); err != nil {
			return err
		}
	}
	return os.Symlink("/proc/self/fd", "/dev/fd")
}

// pivot makes root the root of this thread's mounts (pivot_root(2), the example with one directory).
func pivot(root string) error {
	if err := unix.Chdir(root); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return os.NewSyscallError("pivot_root", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return os.NewSyscallError("umount", err)
	}
	return unix.Chdir("/")
}

// drop takes all but some capabilities out of the set that a program can get by being executed.
func drop(but []uintptr) error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	for c := uintptr(0); c <= unix.CAP_LAST_CAP; c++ {
		if slices.Contains(but, c) {
			continue
		}
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err != nil && err != unix.EINVAL { // a kernel may know fewer
			return err
		}
	}
	return nil
}
