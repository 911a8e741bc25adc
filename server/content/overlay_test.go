package content_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/contenttest"
)

func TestALayerThatChangesIsChangedAtOnce(t *testing.T) {
	dir := contenttest.Plant(t, map[string]string{"a": "old"})
	tree := content.Of(content.Overlay(open(t, dir, "").Source(), files(t, map[string]string{"a": "below", "new/x": "below"})), contenttest.As)
	if got := contenttest.Read(tree, "a"); got != "old" {
		t.Fatalf("before: %q", got)
	}
	step := func(rule string, err error, name, want string) {
		t.Helper()
		if got := contenttest.Read(tree, name); err != nil || got != want {
			t.Errorf("%s: %q reads %q, %v, want %q", rule, name, got, err, want)
		}
	}
	step("a file that is replaced", os.WriteFile(filepath.Join(dir, "a"), []byte("new"), 0o644), "a", "new")
	step("a file that is gone", os.Remove(filepath.Join(dir, "a")), "a", "below")
	step("a directory that is new", os.MkdirAll(filepath.Join(dir, "new"), 0o755), "new/x", "below")
	step("a file in it", os.WriteFile(filepath.Join(dir, "new/x"), []byte("mine"), 0o644), "new/x", "mine")
	step("a link in its place", errors.Join(os.RemoveAll(filepath.Join(dir, "new")), os.Symlink("a", filepath.Join(dir, "new"))), "new", "below")
	step("a link out of it", errors.Join(os.Remove(filepath.Join(dir, "new")), os.Symlink("/etc/hostname", filepath.Join(dir, "new"))), "new", "error: "+content.ErrEscape.Error())
}

func TestALayerKeepsWhatOthersMayNotHave(t *testing.T) {
	dir := contenttest.Plant(t, map[string]string{"private/f": "secret", "secret": "s", "search/f": "text", "open/f": "text", "link": "->private/f"})
	chmod(t, 0o700, dir, "private")
	chmod(t, 0o711, dir, "search")
	chmod(t, 0o600, dir, "secret")
	d := as(t, content.Options{LinksAnywhere: true}, dir, 0)
	below := files(t, map[string]string{"private/f": "below", "private/g": "below", "secret": "below", "open/g": "below", "search/g": "below"})
	tree := content.Of(content.Overlay(d.Source(), below), "/")
	const refused = "error: permission denied"
	for _, c := range []struct{ rule, name, want string }{
		{"a directory that may not be entered hides what is below", "private/f", refused},
		{"and what is not in it, since that cannot be known", "private/g", refused},
		{"a link into it", "link", refused},
		{"a file that may not be read hides too", "secret", refused},
		{"a directory that may be entered", "search/f", "text"},
		{"and what is below it", "search/g", "below"},
		{"an open one", "open/f", "text"},
	} {
		if got := contenttest.Read(tree, c.name); got != c.want {
			t.Errorf("%s: %q reads %q, want %q", c.rule, c.name, got, c.want)
		}
	}
	for name, want := range map[string]bool{"open": true, "search": false, "private": false, "/": true} {
		if _, err := tree.List(name); (err == nil) != want || err != nil && !errors.Is(err, fs.ErrPermission) {
			t.Errorf("List(%q): %v", name, err)
		}
	}
}

func TestMountPutsEachBelowItsName(t *testing.T) {
	tree := content.Of(content.Mount(map[string]content.Source{
		"debian":     files(t, map[string]string{"linux": "d", "over": "->../xen/8/linux", "up": "->/xen/8/linux", "out": "->../../etc/hostname"}),
		"xen/8":      files(t, map[string]string{"linux": "x", "sub/f": "f"}),
		"xen/7":      files(t, nil),
		"not/../one": files(t, map[string]string{"f": "never"}),
	}), "/")
	for name, want := range map[string]string{
		"debian/linux": "d", "xen/8/linux": "x", "xen/8/sub/f": "f", "debian/over": "x", "debian/up": "x",
		"debian": "error: is a directory", "xen": "error: is a directory", "xen/8": "error: is a directory", "xen/8/": "error: is a directory",
		"linux": "error: file does not exist", "xen/9/linux": "error: file does not exist", "one/f": "error: file does not exist",
		"debian/out": "error: file does not exist", "debian/../xen/8/linux": "error: permission denied",
	} {
		if got := contenttest.Read(tree, name); got != want {
			t.Errorf("%q reads %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string][]content.Entry{
		"/":   {{Name: "debian", IsDir: true, ModTime: made}, {Name: "xen", IsDir: true}},
		"xen": {{Name: "7", IsDir: true, ModTime: made}, {Name: "8", IsDir: true, ModTime: made}},
	} {
		got, err := tree.List(name)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("List(%q): %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestABranchOfASource(t *testing.T) {
	tree := content.Of(files(t, map[string]string{"pc7/menu": "its own", "menu": "for all", "pc7/all": "->../menu", "pc7/top": "->/srv/menu", "pc8": "->pc7"}), "/srv")
	for _, below := range []string{"pc7", "/srv/pc7/", "pc8"} {
		own, ok := tree.Below(below)
		if !ok {
			t.Errorf("there is no %s", below)
			continue
		}
		for name, want := range map[string]string{"menu": "its own", "all": "for all", "top": "for all", "../menu": "error: permission denied", "pc7/menu": "error: file does not exist"} {
			if got := contenttest.Read(own, name); got != want {
				t.Errorf("%q below %s reads %q, want %q", name, below, got, want)
			}
		}
	}
	for _, name := range []string{"menu", "nosuch", "..", "pc7/all"} {
		if _, ok := tree.Below(name); ok {
			t.Errorf("%s has become a branch", name)
		}
	}
}

func TestFilesHaveNamesOfFiles(t *testing.T) {
	for rule, bad := range map[string][]string{
		"a name that climbs":           {"../x"},
		"an absolute name":             {"/x"},
		"the top":                      {"."},
		"a file and a directory of it": {"a", "a/b"},
		"the same the other way round": {"x/y/z", "x/y"},
	} {
		all := map[string]content.Body{}
		for _, name := range bad {
			all[name] = content.Text("")
		}
		if _, err := content.Files(all, made); err == nil {
			t.Errorf("%s: no error", rule)
		}
	}
}
