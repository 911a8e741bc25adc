package tap

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/internal/must"
)

// TestAnOrdinaryUserCanDoAllThis runs other tests of this package as nobody, in a mount namespace whose
// /dev/net/tun is open to all; the machine's own stays as it is.
func TestAnOrdinaryUserCanDoAllThis(t *testing.T) {
	if os.Getuid() != 0 || !capable() {
		must.Skip(t, must.Root, "needs root, to become somebody else; without root, every test here is this test")
	}
	if err := Available(); err != nil {
		must.Skip(t, must.Tap, err)
	}
	if max, _ := os.ReadFile("/proc/sys/user/max_user_namespaces"); strings.TrimSpace(string(max)) == "0" {
		must.Skip(t, must.Tap, "user namespaces are off: sysctl -w user.max_user_namespaces=10000")
	}
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), roleVar+"=nobody", quickRace)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNS}
	out, err := cmd.CombinedOutput()
	switch {
	case err != nil:
		t.Errorf("as nobody: %v\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		must.Skip(t, must.Tap, fmt.Sprintf("as nobody:\n%s", out))
	}
}

// nobody is the role that makes the device and then gives root away.
func nobody(context.Context) int {
	if err := ownTun(); err != nil {
		fmt.Println(err)
		return 1
	}
	os.Unsetenv(roleVar)
	cmd := exec.Command("/proc/self/exe", "-test.v", "-test.run",
		"^(TestAProcess|TestAServer|TestDnsmasq|TestNothing|TestTwoRuns|TestTheWorld|TestKernel|TestWhat)")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if err := cmd.Run(); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// ownTun covers /dev/net in this process's mount namespace.
func ownTun() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := unix.Mount("tun", "/dev/net", "tmpfs", 0, "mode=0755"); err != nil {
		return err
	}
	if err := unix.Mknod(tunDevice, unix.S_IFCHR|0o666, int(unix.Mkdev(10, 200))); err != nil {
		return err
	}
	return os.Chmod(tunDevice, 0o666)
}
