package content_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/contenttest"
)

func open(t *testing.T, dir, as string) *content.Dir {
	t.Helper()
	d, err := content.OpenDir(dir, as)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestDirOpensWhatTheClientMeans(t *testing.T) {
	dir := contenttest.Plant(t, contenttest.Tangle())
	if err := os.Symlink(filepath.Join(dir, "version.info"), filepath.Join(dir, "host-path")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o644); err != nil {
		t.Fatal(err)
	}
	d := open(t, dir, contenttest.As)
	contenttest.Check(t, d)
	contenttest.Check(t, content.Of(d.Source(), contenttest.As))
	for _, c := range []struct{ rule, name, want string }{
		{"an absolute link by the directory's real path", "host-path", "12"},
		{"a FIFO does not block", "fifo", "error: " + content.ErrNotRegular.Error()},
	} {
		for _, tree := range []content.Tree{d, content.Of(d.Source(), contenttest.As)} {
			if got := contenttest.Read(tree, c.name); got != c.want {
				t.Errorf("%s: %q of a %T reads %q, want %q", c.rule, c.name, tree, got, c.want)
			}
		}
	}
}

func TestDirSaysWhatItFound(t *testing.T) {
	d := open(t, contenttest.Plant(t, map[string]string{"a/b": "text"}), "/tftpboot")
	f, err := d.Open("/tftpboot/a//b\xff")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got := []any{f.Name, f.Size, f.Garbage, f.ModTime.IsZero()}
	if diff := cmp.Diff([]any{"a/b", int64(4), "\xff", false}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, err = d.Open("nosuch")
	var p *fs.PathError
	if !errors.As(err, &p) || p.Path != "/tftpboot/nosuch" {
		t.Errorf("the error of a miss is %v, want the path as clients write it", err)
	}
}

func TestDirRefusesWhatOthersMayNotRead(t *testing.T) {
	dir := contenttest.Plant(t, map[string]string{"secret": "text"})
	if err := os.Chmod(filepath.Join(dir, "secret"), 0); err != nil {
		t.Fatal(err)
	}
	if got := contenttest.Read(open(t, dir, ""), "secret"); got != "error: permission denied" {
		t.Errorf("an unreadable file reads %q", got)
	}
}

func TestDirWithoutAnotherNameIsKnownByItsOwn(t *testing.T) {
	dir := contenttest.Plant(t, map[string]string{"a": "text"})
	if got := contenttest.Read(open(t, dir, ""), filepath.Join(dir, "a")); got != "text" {
		t.Errorf("by its absolute name: %q", got)
	}
	if _, err := content.OpenDir(filepath.Join(dir, "nosuch"), ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing root gives %v", err)
	}
}

func TestDirServesManyAtOnce(t *testing.T) {
	d := open(t, contenttest.Plant(t, map[string]string{"a/b": "text", "l": "->/tftpboot/a/b"}), "/tftpboot")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := contenttest.Read(d, "l"); got != "text" {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	wg.Wait()
}

func TestListNamesDirectoriesBehindLinksToo(t *testing.T) {
	d := open(t, contenttest.Plant(t, map[string]string{"a/b": "text", "l": "->/tftpboot/a", "c": "->a/b", "out": "->/etc"}), "/tftpboot")
	got, err := d.List("/")
	if err != nil {
		t.Fatal(err)
	}
	want := []content.Entry{{Name: "a", IsDir: true}, {Name: "c", Size: 4}, {Name: "l", IsDir: true}, {Name: "out", Size: -1}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(content.Entry{}, "ModTime")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, want := range map[string]error{"..": fs.ErrPermission, "nosuch": fs.ErrNotExist} {
		if _, err := d.List(name); !errors.Is(err, want) {
			t.Errorf("List(%q) gives %v, want %v", name, err, want)
		}
	}
	if _, err := d.List("a/b"); err == nil {
		t.Error("a file could be listed")
	}
}

func TestFSFollowsTheSameNames(t *testing.T) {
	tree := content.FS(fstest.MapFS{"a/b": {Data: []byte("text")}}, "/tftpboot")
	for name, want := range map[string]string{
		"a/b": "text", "/tftpboot/a/b": "text", `\a\b`: "text", "a/b\xff": "text",
		"a": "error: is a directory", "/": "error: is a directory",
		"../a/b": "error: permission denied", "x\xff": "error: file does not exist",
	} {
		if got := contenttest.Read(tree, name); got != want {
			t.Errorf("%q reads %q, want %q", name, got, want)
		}
	}
}
