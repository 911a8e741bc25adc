package tap

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// childGrace is how long a run may take to end by itself once its context has ended.
const childGrace = 10 * time.Second

// A Sandbox is a run's child, seen from outside.
type Sandbox struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

// Exec starts this program again, as a run: in pid, net and mount namespaces of its own, and a user
// namespace where this process may not make the others. There Main takes over. When ctx ends, the run
// is told so with SIGTERM, and killed if it does not listen.
func Exec(ctx context.Context, spec ChildSpec) (*Sandbox, error) {
	return start(ctx, spec, childGrace)
}

func start(ctx context.Context, spec ChildSpec, grace time.Duration) (*Sandbox, error) {
	lifeline, hold, err := os.Pipe() // the run lives no longer than hold is open
	if err != nil {
		return nil, fmt.Errorf("start a lab: %w", err)
	}
	s := &Sandbox{cmd: command(ctx, spec), done: make(chan struct{})}
	s.cmd.WaitDelay = grace
	s.cmd.ExtraFiles = append(s.cmd.ExtraFiles, lifeline)
	started := make(chan error)
	go func() {
		// Pdeathsig is sent when the thread that forked ends, which need not be the process.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := s.cmd.Start()
		lifeline.Close()
		started <- err
		if err == nil {
			s.err = s.cmd.Wait()
			hold.Close()
			close(s.done)
		}
	}()
	if err := <-started; err != nil {
		hold.Close()
		return nil, explain(err)
	}
	return s, nil
}

func command(ctx context.Context, spec ChildSpec) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "/proc/self/exe", spec.Args...)
	cmd.Args[0] = os.Args[0]
	cmd.Env = append(os.Environ(), spec.Env...)
	cmd.Env = append(cmd.Env, fmt.Sprintf("%s=init %d", stageVar, len(spec.Extra)))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = spec.Stdin, spec.Stdout, spec.Stderr
	cmd.ExtraFiles = append(cmd.ExtraFiles, spec.Extra...)
	cmd.SysProcAttr = namespaces()
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	return cmd
}

// Pid is the run's process, as this process numbers it.
func (s *Sandbox) Pid() int { return s.cmd.Process.Pid }

// Wait waits for the end of the run. It returns nil after exit 0 and an *exec.ExitError after another;
// a run that was cancelled gives the context's error or its own.
func (s *Sandbox) Wait() error {
	<-s.done
	return s.err
}

// namespaces asks for a user namespace only where it must: in one, a server cannot change its user.
func namespaces() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWNS}
	if capable() {
		return attr
	}
	attr.Cloneflags |= unix.CLONE_NEWUSER
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	return attr
}

// capable says whether this process may make namespaces and links without a user namespace. Root in a
// container often may not.
func capable() bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if unix.Capget(&header, &data[0]) != nil {
		return false
	}
	need := uint32(1<<unix.CAP_SYS_ADMIN | 1<<unix.CAP_NET_ADMIN | 1<<unix.CAP_SYS_CHROOT)
	return data[0].Effective&need == need
}

// explain adds the fix to the error of a fork into new namespaces.
func explain(err error) error {
	switch {
	case errors.Is(err, unix.ENOSPC):
		return fmt.Errorf("no namespaces left (%w): raise user.max_user_namespaces, or run as root", err)
	case errors.Is(err, unix.EINVAL):
		return fmt.Errorf("this kernel has no user, pid or net namespaces (%w)", err)
	case !errors.Is(err, unix.EPERM) && !errors.Is(err, unix.EACCES):
		return fmt.Errorf("start a lab: %w", err)
	}
	for _, s := range []struct{ path, bad, key string }{
		{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "kernel.apparmor_restrict_unprivileged_userns=0"},
		{"/proc/sys/kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"},
	} {
		if value, _ := os.ReadFile(s.path); len(value) > 0 && string(value[:1]) == s.bad {
			return fmt.Errorf("user namespaces are switched off for ordinary users: run as root, or `sudo sysctl -w %s`", s.key)
		}
	}
	return fmt.Errorf("namespaces are refused (%w): run as root; in a container also with --privileged", err)
}
