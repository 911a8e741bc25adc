package tap

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestWhatIsMissingIsSaidInOneLineWithTheFix(t *testing.T) {
	denied := func(err error) error { return &os.PathError{Op: "open", Path: tunDevice, Err: err} }
	refused := func(err error) error { return &os.PathError{Op: "fork/exec", Path: "/proc/self/exe", Err: err} }
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"no TUN device", tryTun(filepath.Join(t.TempDir(), "tun")), "`sudo modprobe tun`"},
		{"a TUN device whose driver is not loaded", explainTun(tunDevice, denied(unix.ENODEV)), "`sudo modprobe tun`"},
		{"a TUN device that is root's", explainTun(tunDevice, denied(unix.EACCES)), "`sudo chmod 666 /dev/net/tun`, or run as root"},
		{"a TUN device that the container refuses", explainTun(tunDevice, denied(unix.EPERM)), "--device /dev/net/tun"},
		{"namespaces that are refused", explain(refused(unix.EPERM)), "run as root"},
		{"too many namespaces", explain(refused(unix.ENOSPC)), "user.max_user_namespaces"},
		{"a kernel without namespaces", explain(refused(unix.EINVAL)), "kernel has no"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.err == nil || !strings.Contains(c.err.Error(), c.want) || strings.Contains(c.err.Error(), "\n") {
				t.Errorf("got %v, want one line with %q", c.err, c.want)
			}
		})
	}
}
