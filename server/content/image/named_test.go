package image_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/contenttest"
	"github.com/bootrig/bootrig/server/content/image"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
)

// replaced is a path that has one image after another.
type replaced struct {
	t    *testing.T
	path string
	tree content.Tree
	*image.Named
	told []string
}

func replace(t *testing.T, first string) *replaced {
	t.Helper()
	r := &replaced{t: t, path: filepath.Join(t.TempDir(), "boot.iso")}
	r.move(first)
	n, err := image.Options{}.Named(r.path, func(a image.About, err error) {
		text := string(a.Kind)
		if err != nil {
			text = strings.ReplaceAll(err.Error(), r.path, "PATH")
		}
		r.told = append(r.told, text)
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	r.Named, r.tree = n, content.Of(n, "/")
	return r
}

// move puts an image where the old one is, as mv does.
func (r *replaced) move(image string) {
	r.t.Helper()
	if err := os.Rename(image, r.path); err != nil {
		r.t.Fatal(err)
	}
}

func (r *replaced) reads(rule, name, want string) {
	r.t.Helper()
	if got := contenttest.Read(r.tree, name); got != want {
		r.t.Errorf("%s: %q reads %q, want %q", rule, name, got, want)
	}
}

func TestAnImageThatIsReplacedCountsAtOnce(t *testing.T) {
	image := func(text, command string) string {
		return made(t, contenttest.Plant(t, map[string]string{"f": text}), command)
	}
	r := replace(t, image("first", rockRidge))
	r.reads("at first", "f", "first")
	old, err := r.tree.Open("f")
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()

	r.move(image("second", tarball))
	r.reads("a tarball in its place", "f", "second")
	r.move(image("third", tarGz))
	r.reads("a compressed one", "f", "third")
	text, err := io.ReadAll(io.NewSectionReader(old, 0, old.Size))
	if err != nil || string(text) != "first" {
		t.Errorf("who began with the old one reads %q, %v", text, err)
	}
	if err := os.WriteFile(r.path, []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	r.reads("what is no image", "f", "unknown error: open /f: "+r.path+": is a text, not an image: serve the directory that it is in")
	r.reads("and once more", "f", "unknown error: open /f: "+r.path+": is a text, not an image: serve the directory that it is in")
	if err := os.Remove(r.path); err != nil {
		t.Fatal(err)
	}
	r.reads("nothing", "f", "error: file does not exist")
	if err := os.Rename(contenttest.Plant(t, map[string]string{"f": "in a directory"}), r.path); err != nil {
		t.Fatal(err)
	}
	r.reads("a directory", "f", "in a directory")
	if err := os.WriteFile(filepath.Join(r.path, "g"), []byte("new"), 0o644); err != nil {
		t.Fatal(err)
	}
	r.reads("a file that is new in it", "g", "new")
	want := []string{"tar", "tar.gz", "PATH: is a text, not an image: serve the directory that it is in", "directory"}
	if diff := cmp.Diff(want, r.told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestAnImageThatIsWrittenOverIsReadAnew(t *testing.T) {
	long := made(t, contenttest.Plant(t, map[string]string{"f": "long", "g": strings.Repeat("x", 20000)}), tarball)
	bytes, err := os.ReadFile(long)
	if err != nil {
		t.Fatal(err)
	}
	r := replace(t, made(t, contenttest.Plant(t, map[string]string{"f": "first"}), tarball))
	if err := os.WriteFile(r.path, bytes[:12000], 0o644); err != nil { // cp is half way
		t.Fatal(err)
	}
	r.reads("in between", "f", "unknown error: open /f: "+r.path+`: ends in the middle, at "./g": download it again`)
	if err := os.WriteFile(r.path, bytes, 0o644); err != nil {
		t.Fatal(err)
	}
	r.reads("in the end", "f", "long")
}

func TestAnImageIsClosedWithItsLastFile(t *testing.T) {
	open := func() (n int) {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			return 0
		}
		for _, e := range entries {
			if target, _ := os.Readlink("/proc/self/fd/" + e.Name()); strings.Contains(target, "boot.iso") {
				n++
			}
		}
		return n
	}
	r := replace(t, made(t, contenttest.Plant(t, map[string]string{"d/f": "first"}), rockRidge))
	f, err := r.Open("d/f")
	if err != nil {
		t.Fatal(err)
	}
	d, err := r.Open("d")
	if err != nil {
		t.Fatal(err)
	}
	r.move(made(t, contenttest.Plant(t, map[string]string{"f": "second"}), rockRidge))
	r.reads("after", "f", "second")
	step := func(rule string, want int, do ...func() error) {
		t.Helper()
		for _, f := range do {
			if err := f(); err != nil {
				t.Errorf("%s: %v", rule, err)
			}
		}
		if n := open(); n != want && n != 0 {
			t.Errorf("%s: %d are open, want %d", rule, n, want)
		}
	}
	step("two files of the old one are open", 2)
	step("one was closed, twice", 2, f.Close, f.Close)
	step("both were", 1, d.Close)
	held, err := r.Open("f")
	if err != nil {
		t.Fatal(err)
	}
	step("the server ends with a file open", 1, r.Close)
	step("and that is closed", 0, held.Close)
	if _, err := r.Open("f"); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
}

func TestManyReadWhileAnImageIsReplaced(t *testing.T) {
	images := []string{tarball, rockRidge, tarGz}
	for _, command := range images { // who lacks one of these programs finds out before anybody reads
		isotest.Program(t, strings.Fields(command)[0])
	}
	dir := contenttest.Plant(t, map[string]string{"a/f": "text", "l": "->a/f"})
	r := replace(t, made(t, dir, tarball))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 100 {
				if got := contenttest.Read(r.tree, "l"); got != "text" {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	for _, command := range images {
		r.move(made(t, dir, command))
	}
	wg.Wait()
}

func TestTheOldImageIsServedWhileTheNewOneIsUnpacked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "boot.tar")
	move := func(text, command string) {
		if err := os.Rename(made(t, contenttest.Plant(t, map[string]string{"f": text}), command), path); err != nil {
			t.Fatal(err)
		}
	}
	unpacking, goOn := make(chan bool), make(chan bool)
	move("first", tarball)
	n, err := image.Options{Progress: func(int64, int64) error { unpacking <- true; <-goOn; return nil }}.Named(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	tree := content.Of(n, "/")
	move("second", tarGz)
	got := make(chan string)
	go func() { got <- contenttest.Read(tree, "f") }()
	<-unpacking
	if text := contenttest.Read(tree, "f"); text != "first" {
		t.Errorf("meanwhile: %q", text)
	}
	goOn <- true
	if text := <-got; text != "second" {
		t.Errorf("who waited: %q", text)
	}
}

func TestWhatHindersANamedImage(t *testing.T) {
	r := replace(t, contenttest.Plant(t, map[string]string{"f": "text"}))
	hindered := func(rule, want string) {
		t.Helper()
		got := ""
		if err := r.Hindered(); err != nil {
			got = strings.ReplaceAll(err.Error(), r.path, "PATH")
		}
		if got != want {
			t.Errorf("%s: hindered by %q, want %q", rule, got, want)
		}
	}
	hindered("an open directory", "")
	if err := os.Chmod(r.path, 0o700); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 { // of others the kernel knows what they may
		hindered("one that others may not enter", "others may not enter PATH (mode 0700): permission denied")
	}
	if err := os.Rename(r.path, r.path+".old"); err != nil {
		t.Fatal(err)
	}
	hindered("nothing", "")
	if err := os.WriteFile(r.path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	hindered("no image", "PATH: is empty: download it again")
	r.move(made(t, contenttest.Plant(t, map[string]string{"f": "text"}), tarball))
	hindered("a tarball", "")
}
