package installed

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/emulator/tap"
)

// A container is a systemd that runs in a root.
type container struct {
	nspawn *exec.Cmd
	said   bytes.Buffer
	group  string // its cgroup
}

// cgroups is where the run has version 2 of them, whatever the host has there.
const cgroups = "/sys/fs/cgroup"

// boot starts the root's systemd on a host of the lab, and waits until it is up. What is in the directory
// dir is in its /mnt; a program called inside runs commands there.
func (c *container) boot(host *tap.Host, root, dir string) (err error) {
	if err := unix.Mount("cgroup2", cgroups, "cgroup2", 0, ""); err != nil {
		return fmt.Errorf("mount cgroup2: %w", err)
	}
	if c.group, err = os.MkdirTemp(cgroups, "bootrig-"); err != nil {
		return err
	}
	ready, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: dir + "/ready", Net: "unixgram"})
	if err != nil {
		return err
	}
	defer ready.Close()
	if err := c.start(host, root, dir); err != nil {
		return err
	}
	if err := c.wait(ready); err != nil {
		return fmt.Errorf("systemd is not up: %w\n%s", err, c.said.Bytes())
	}
	enter := fmt.Sprintf("#!/bin/sh\nexec nsenter --target %d --all --root --wd env -i %s \"$@\"\n", c.leader(),
		"HOME=/root LANG=C.UTF-8 TERM=dumb PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive")
	return os.WriteFile(dir+"/inside", []byte(enter), 0o755)
}

func (c *container) start(host *tap.Host, root, dir string) error {
	group, err := os.Open(c.group)
	if err != nil {
		return err
	}
	defer group.Close()
	c.nspawn = exec.Command("systemd-nspawn", "--quiet", "--boot", "--directory="+root, "--volatile=overlay", "--hostname=lab",
		"--register=no", "--keep-unit", "--notify-ready=yes", "--console=pipe", "--link-journal=no", "--resolv-conf=off", "--timezone=off",
		"--system-call-filter=landlock_create_ruleset landlock_add_rule landlock_restrict_self", // as a host has them
		"--bind-ro="+dir+":/mnt", "--bind-ro="+os.Getenv(mediumVar)+":/srv/netboot.tar.gz")
	c.nspawn.Env = append(os.Environ(), "NOTIFY_SOCKET="+dir+"/ready")
	c.nspawn.Stdout, c.nspawn.Stderr = &c.said, &c.said
	c.nspawn.SysProcAttr = &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: int(group.Fd())}
	return host.In(c.nspawn.Start)
}

// wait waits until systemd says that it is up.
func (c *container) wait(ready *net.UnixConn) error {
	_ = ready.SetReadDeadline(time.Now().Add(2 * time.Minute))
	for buf := make([]byte, 4096); ; {
		n, err := ready.Read(buf)
		if err != nil {
			return err
		}
		if slices.Contains(strings.Split(string(buf[:n]), "\n"), "READY=1") {
			return nil
		}
	}
}

// leader is the container's first process, as the run numbers it: the child that nspawn has, of whatever thread.
func (c *container) leader() (pid int) {
	if c.nspawn == nil || c.nspawn.Process == nil {
		return 0
	}
	all, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", c.nspawn.Process.Pid))
	for _, name := range all {
		if text, _ := os.ReadFile(name); len(text) > 0 {
			pid, _ = strconv.Atoi(strings.Fields(string(text))[0])
		}
	}
	return pid
}

// end kills the first process, and so all of them, and gives the cgroups back, which outlive the namespaces of the run.
func (c *container) end() {
	if pid := c.leader(); pid > 0 {
		_ = syscall.Kill(pid, syscall.SIGKILL)
		_ = c.nspawn.Wait() // it was killed
	}
	all, _ := exec.Command("find", c.group, "-depth", "-type", "d", "-print0").Output()
	for dir := range strings.SplitSeq(strings.TrimRight(string(all), "\x00"), "\x00") {
		_ = os.Remove(dir)
	}
}
