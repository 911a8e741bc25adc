package tap

import (
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestAServerReachesNothingOfTheMachine has a server do what a stranger's configuration could make it do, as far as
// that harms nobody if it works.
func TestAServerReachesNothingOfTheMachine(t *testing.T) {
	if !inside(t) {
		return
	}
	const attempts = `
try() { if "$@" >/dev/null 2>&1; then echo "it could: $*"; fi; }
try ls /root; try ls /home; try ls /sys/class; try ls /var/log/apt
try test -s /etc/shadow
try sh -c 'echo x >/proc/sys/kernel/hostname'
try touch /usr/bootrig-test; try touch /etc/bootrig-test
try mount -t tmpfs none /usr; try mount -o remount,rw,bind /usr; try umount /proc
try unshare -m true; try unshare -Ur true
try mknod /tmp/disk b 8 0
try ls /proc/1/root/etc; try cat /proc/1/environ
try sh -c 'for d in /dev/vd* /dev/sd* /dev/mem /dev/kmsg /dev/net/tun; do test -e $d && exit 0; done; exit 1'
try ls /run/outside
mkdir -p /tmp/a; (cd /; try chroot /tmp/a /bin/true)
grep CapBnd /proc/self/status
echo listening; exec sleep 1000`
	h := startHost(t, newLab(t), HostSpec{Name: "server", NICs: serverNIC, Argv: []string{"sh", "-c", attempts}})
	ready(t, h, regexp.MustCompile(`^listening$`))
	const caps = "CapBnd:\t0000000000043de1" // chown kill setgid setuid setpcap and those of the net, chroot
	lines := h.Tail(100)
	for _, line := range lines {
		if strings.HasPrefix(line, "it could") {
			t.Error(line)
		}
	}
	if len(lines) < 2 || lines[len(lines)-2] != caps {
		t.Errorf("the server said %q, and must end with %q", lines, caps)
	}
}

// TestAConfinedProgramWritesIntoTheRunAlone has a program do what a guest that broke out of QEMU would try.
func TestAConfinedProgramWritesIntoTheRunAlone(t *testing.T) {
	if !inside(t) {
		return
	}
	const attempts = `
try() { if "$@" >/dev/null 2>&1; then echo "it could: $*"; fi; }
try touch /usr/bootrig-test; try touch /root/bootrig-test; try touch /var/tmp/bootrig-test; try touch /dev/shm/bootrig-test
try sh -c 'echo x >/proc/sys/kernel/hostname'
try mount -t tmpfs none /usr; try mount -o remount,rw,bind /usr
try mknod /tmp/disk b 8 0
try sh -c 'for d in /dev/vd* /dev/sd* /dev/mem /dev/kmsg /dev/net/tun; do test -e $d && exit 0; done; exit 1'
echo fine >$TMPDIR/file && cat $TMPDIR/file
head -c 1 /dev/zero >/dev/null && echo "has devices"
grep CapEff /proc/self/status`
	said := make(chan string)
	go func() {
		runtime.LockOSThread() // for ever
		if err := Confine(); err != nil {
			said <- err.Error()
			return
		}
		out, err := exec.Command("sh", "-c", attempts).CombinedOutput()
		said <- fmt.Sprintf("%s%v", out, err)
	}()
	const want = "fine\nhas devices\nCapEff:\t0000000000000000\n<nil>"
	if got := <-said; got != want {
		t.Errorf("it said %q, want %q", got, want)
	}
}
