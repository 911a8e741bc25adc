package ways_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/image"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
	"github.com/bootrig/bootrig/server/media/mediatest"
	"github.com/bootrig/bootrig/server/media/ways"
)

// fedora is an image whose initrd is a text.
func fedora(t testing.TB, initrd string) string {
	t.Helper()
	list := strings.Replace(mediatest.List(t, "redhat-fedora-41"), "\n-- ", "\n-- mark --\n"+initrd+"\n-- ", 1)
	kept := ""
	for line := range strings.Lines(list) {
		if !strings.HasPrefix(line, "images/pxeboot/initrd.img ") {
			kept += line
		}
	}
	return isotest.Make(t, kept+"-- images/pxeboot/initrd.img --\n"+initrd+"\n", "-R", "-J")
}

// replace puts a file in the place of another, as who downloads anew does.
func replace(t testing.TB, path, by string) {
	t.Helper()
	if err := os.Rename(by, path); err != nil {
		t.Fatal(err)
	}
}

// disk is what UEFI HTTP boot is given.
const disk = "bootrig/x64/boot.img"

func TestAnImageIsReplacedUnderATransfer(t *testing.T) {
	path := fedora(t, "the first initrd")
	s := open(t, config.Media{Paths: []string{path}}, options(debian(t)))
	was := map[string]string{}
	old := map[string]*content.File{}
	for _, name := range []string{disk, "images/pxeboot/initrd.img", "download.iso"} {
		name = strings.Replace(name, "download.iso", filepath.Base(path), 1)
		was[name] = text(t, at(s, ours), name)
		f, err := at(s, ours).Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		old[name] = f
	}
	replace(t, path, fedora(t, "another initrd, which is longer"))
	for name, want := range was { // nothing but what was made is asked for at first
		if got := text(t, at(s, ours), name); got == want || !strings.Contains(got, "another initrd, which is longer") {
			t.Errorf("%s is still of the image that was there", name)
		}
	}
	for name, f := range old {
		got, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size))
		if err != nil || string(got) != was[name] {
			t.Errorf("the transfer of %s that had begun: %d bytes of %d, %v", name, len(got), len(was[name]), err)
		}
	}
}

func TestAKernelIsWrittenOverInADirectory(t *testing.T) {
	dir := release(t, "redhat-fedora-41")
	s := open(t, config.Media{Paths: []string{dir}}, options(debian(t)))
	before := text(t, at(s, ours), disk)
	initrd := filepath.Join(dir, "images/pxeboot/initrd.img")
	if err := os.WriteFile(initrd, []byte("an initrd of now"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := text(t, at(s, ours), disk); got == before || !strings.Contains(got, "an initrd of now") {
		t.Error("the disk has the old initrd")
	}
	if err := os.Remove(initrd); err != nil {
		t.Fatal(err)
	}
	if got := text(t, at(s, ours), disk); !strings.Contains(got, "images/pxeboot/initrd.img") {
		t.Errorf("without an initrd: %.200q", got)
	}
	if got := text(t, at(s, ours), "bootrig/bios/pxelinux.cfg/default"); !strings.Contains(got, "LABEL install") {
		t.Errorf("a menu that needs it not is gone too: %.200q", got)
	}
	if err := os.WriteFile(initrd, []byte("an initrd that came back"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := text(t, at(s, ours), disk); !strings.Contains(got, "an initrd that came back") {
		t.Errorf("it is not found again: %.200q", got)
	}
}

func TestWhatIsOpenIsReadToItsEndAfterClose(t *testing.T) {
	path := fedora(t, "an initrd")
	before := descriptors(t)
	s, err := ways.Open(config.Media{Paths: []string{path}}, options(debian(t)))
	if err != nil {
		t.Fatal(err)
	}
	tree := at(s, ours)
	want := text(t, tree, disk)
	f, err := tree.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if got, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size)); err != nil || string(got) != want {
		t.Errorf("%d bytes of %d, %v", len(got), len(want), err)
	}
	if got := text(t, tree, disk); !strings.Contains(got, "closed") {
		t.Errorf("who comes later gets %.100q", got)
	}
	for range 2 {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	if n := descriptors(t); n > before {
		t.Errorf("%d files are open that were not", n-before)
	}
}

// descriptors counts the open files of this process.
func descriptors(t testing.TB) int {
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil && runtime.GOOS == "linux" {
		t.Error(err)
	}
	return len(all)
}

func TestFilesAndGoroutinesAreGivenBack(t *testing.T) {
	defer goleak.VerifyNone(t)
	path, o := fedora(t, "an initrd"), options(debian(t))
	var first int
	for n := range 12 {
		s, err := ways.Open(config.Media{Paths: []string{path}}, o)
		if err != nil {
			t.Fatal(err)
		}
		text(t, at(s, ours), disk)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if open := descriptors(t); n == 0 {
			first = open
		} else if open > first {
			t.Fatalf("%d files are open after %d, %d after the first", open, n+1, first)
		}
	}
}

func TestAnImageThatIsReplacedOftenHoldsNoFiles(t *testing.T) {
	path := fedora(t, "an initrd")
	s := open(t, config.Media{Paths: []string{path}}, options(debian(t)))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text(t, at(s, ours), disk)
	first := descriptors(t)
	for n := range 12 {
		next := filepath.Join(filepath.Dir(path), fmt.Sprint(n))
		if err := os.WriteFile(next, data, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(next, time.Time{}, time.Unix(int64(n), 0)); err != nil {
			t.Fatal(err)
		}
		replace(t, path, next)
		text(t, at(s, ours), disk)
	}
	if n := descriptors(t); n > first {
		t.Errorf("%d files are open, %d at first", n, first)
	}
}

// Many ask at once, at several addresses, while the image is replaced and at last all is closed.
func TestManyAskAtOnce(t *testing.T) {
	path := fedora(t, "initrd 0")
	s, err := ways.Open(config.Media{Paths: []string{path}}, options(debian(t)))
	if err != nil {
		t.Fatal(err)
	}
	var next []string
	for n := range 5 {
		next = append(next, fedora(t, fmt.Sprintf("initrd %d", n+1)))
	}
	var all sync.WaitGroup
	closed := make(chan struct{})
	for n := range 32 {
		all.Go(func() {
			tree := at(s, netip.AddrFrom4([4]byte{10, 0, 0, byte(n % 4)}))
			for over := false; !over; {
				select {
				case <-closed:
					over = true // once more
				default:
				}
				f, err := tree.Open([]string{disk, "images/pxeboot/initrd.img", "bootrig/x64/grub/grub.cfg"}[n%3])
				if err != nil {
					if !strings.Contains(err.Error(), "closed") {
						t.Error(err)
					}
					return
				}
				if _, err := io.Copy(io.Discard, io.NewSectionReader(f, 0, f.Size)); err != nil {
					t.Error(err)
				}
				f.Close()
			}
		})
	}
	for _, by := range next {
		replace(t, path, by)
		text(t, at(s, ours), disk)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	close(closed)
	all.Wait()
}

// A tarball that is packed is unpacked once: who opens it again has it at once.
func TestATarballIsUnpackedOnce(t *testing.T) {
	path, tree := filepath.Join(t.TempDir(), "netboot.tar.gz"), release(t, "debian-netboot-12")
	large := make([]byte, 12<<20) // what is small is kept in memory, and unpacked each time
	_, _ = rand.NewChaCha8([32]byte{}).Read(large)
	if err := os.WriteFile(filepath.Join(tree, "large"), large, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(isotest.Program(t, "tar"), "-czf", path, "-C", tree, ".")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	o, cache := options(), t.TempDir()
	for n, want := range []bool{true, false, false} {
		unpacks := false
		o.Image = image.Options{Cache: cache, Progress: func(done, total int64) error {
			unpacks = unpacks || done >= total
			return nil
		}}
		s := open(t, config.Media{Paths: []string{path}}, o)
		if got := text(t, at(s, ours), "debian-installer/amd64/linux"); got != string(mediatest.Samples()["kernel-x86_64"]) {
			t.Errorf("its kernel is %.100q", got)
		}
		if unpacks != want {
			t.Errorf("time %d: it is unpacked: %t", n+1, unpacks)
		}
	}
}
