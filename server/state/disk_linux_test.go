package state

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	hasto "github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/server/machines"
)

const ownMounts = "BOOTRIG_STATE_MOUNTS"

// onDisk runs a test again in a process with mounts of its own, where it gets a disk of so many bytes. It is false in
// the process that waits for it.
func onDisk(t *testing.T, size string) (dir string, inside bool) {
	t.Helper()
	if dir := os.Getenv(ownMounts); dir != "" {
		must(t, unix.Mount("none", dir, "tmpfs", 0, "size="+size))
		return dir, true
	}
	again := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	again.Env = append(os.Environ(), ownMounts+"="+t.TempDir())
	again.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if os.Geteuid() != 0 {
		again.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		again.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		again.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := again.CombinedOutput()
	switch {
	case errors.Is(err, os.ErrPermission):
		hasto.Skip(t, hasto.Root, "mounts want root, or a user namespace: ", err)
	case err != nil || !bytes.Contains(out, []byte("--- PASS")):
		t.Fatalf("%v\n%s", err, out)
	}
	return "", false
}

// fill leaves no room on a disk; freed is how it gets some again.
func fill(t *testing.T, dir string) (freed func()) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "filler"))
	must(t, err)
	for _, err = f.Write(make([]byte, 4096)); err == nil; _, err = f.Write(make([]byte, 4096)) {
	}
	must(t, f.Close())
	return func() { must(t, os.Remove(f.Name())) }
}

func TestADiskThatIsFullIsWrittenWhenThereIsRoom(t *testing.T) {
	dir, inside := onDisk(t, "256k")
	if !inside {
		return
	}
	s := open(t, filepath.Join(dir, "state.db"))
	must(t, s.Apply(leases(1)))
	freed := fill(t, dir)
	var err error
	n := 1
	for ; err == nil; err = s.Apply(leases(n)) { // the log had room left
		n++
	}
	for range 3 {
		if !strings.Contains(err.Error(), "no room for") {
			t.Errorf("the error is %v", err)
		}
		err = s.Apply(leases(n, n+1))
	}
	if err := s.Keep([]machines.Note{noteOf(1, "a")}); err == nil || !strings.Contains(err.Error(), "no room for") {
		t.Errorf("the error of a note is %v", err)
	}
	freed()
	must(t, s.Apply(leases(n, n+1)))
	if notes := s.Notes(); len(notes) > 0 {
		t.Errorf("a note that was refused is kept: %v", notes)
	}
	var all []int
	for i := range n + 1 {
		all = append(all, i+1)
	}
	keeps(t, s, all...)
}

// The leases of the last time are known, whatever became of the disk.
func TestADiskThatCannotBeWrittenIsRead(t *testing.T) {
	readOnly := func(t *testing.T, dir string) (mended func()) {
		t.Helper()
		must(t, unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
		return func() { must(t, unix.Mount("", dir, "", unix.MS_REMOUNT, "")) }
	}
	dir, inside := onDisk(t, "512k")
	if !inside {
		return
	}
	for name, c := range map[string]struct {
		ended   bool // in peace: there is no log
		failing func(t *testing.T, dir string) (mended func())
		want    string
	}{
		"read-only":                       {true, readOnly, "read-only file system"},
		"read-only, after a kill":         {false, readOnly, "read-only file system"},
		"full":                            {true, fill, "full"},
		"full, after a kill":              {false, fill, "no room"},
		"no file yet, and full":           {true, fill, "full"},
		"no file yet, and read-only disk": {true, readOnly, "read-only file system"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".db")
			var want []int
			if !strings.HasPrefix(name, "no file") {
				s := open(t, filepath.Join(t.TempDir(), "state.db"))
				must(t, s.Apply(leases(1, 2)))
				want = []int{1, 2}
				if c.ended {
					must(t, s.Close())
				}
				must(t, exec.Command("sh", "-c", "cp $1 $3; if [ -e $2 ]; then cp $2 $3-wal; fi", "sh", s.path, s.path+"-wal", path).Run())
			}
			mended := c.failing(t, dir)
			s := open(t, path)
			if got := len(s.Leases()); got != len(want) {
				t.Errorf("%d leases are known, want %d", got, len(want))
			}
			err := s.Apply(leases(3))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want %s", err, c.want)
			}
			mended()
			must(t, s.Apply(leases(3)))
			keeps(t, s, append(want, 3)...)
		})
	}
}
