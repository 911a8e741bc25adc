package tap

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

const tunDevice = "/dev/net/tun"

// Available is nil where a run can be started, or one line that says what is missing and how to get it.
func Available() error {
	if err := tryTun(tunDevice); err != nil {
		return err
	}
	return tryNamespaces()
}

func tryTun(device string) error {
	f, err := os.OpenFile(device, os.O_RDWR, 0)
	if err != nil {
		return explainTun(device, err)
	}
	return f.Close()
}

func explainTun(device string, err error) error {
	switch {
	case errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENXIO):
		return fmt.Errorf("there is no %s: `sudo modprobe tun`; a container needs --device %s", device, device)
	case errors.Is(err, unix.EACCES):
		return fmt.Errorf("%s is not open to this user: `sudo chmod 666 %s`, or run as root", device, device)
	}
	return fmt.Errorf("%w: a container needs --device %s", err, device)
}

// tryNamespaces forks into the namespaces of a run and has the child execute a file that is not there:
// that error alone says that everything before it was granted. Unsharing the mount namespace in the
// child shows whether its user namespace grants anything; Ubuntu 24.04 makes some that do not.
func tryNamespaces() error {
	attr := namespaces()
	attr.Unshareflags = unix.CLONE_NEWNS
	p, err := os.StartProcess("/proc/self/no such file", []string{"probe"}, &os.ProcAttr{Sys: attr})
	if err == nil {
		_ = p.Kill()
		_, _ = p.Wait()
		return errors.New("the probe for namespaces executed a file that is not there")
	}
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	return explain(err)
}
