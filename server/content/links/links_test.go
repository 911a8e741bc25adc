package links

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func tangle() fstest.MapFS {
	m := fstest.MapFS{"a/b/f": {}, "g": {}, "a/closed/f": {}}
	for name, target := range map[string]string{
		"up": "a/b/../../g", "abs": "/srv/boot/a/b", "other": "/mnt/x/g", "out": "../x", "back": "../boot/g", "loop": "loop", "empty": "",
		"slash": "g/", "dir-slash": "a/", "root": "/srv/boot", "dots": "a/..", "through": "a/closed/../b/f", "top": "..", "a/here": ".",
	} {
		m[name] = &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink}
	}
	return m
}

func TestResolve(t *testing.T) {
	m := tangle()
	w := Of(m, "/srv/boot")
	w.Known = append(w.Known, "/mnt/x")
	var asked []string
	w.Enter = func(info fs.FileInfo, written string) error {
		asked = append(asked, written)
		if info.Name() == "closed" {
			return fs.ErrPermission
		}
		return nil
	}
	for _, c := range []struct {
		rule, rel, want string
		err             error
		entered         string
	}{
		{"a file", "a/b/f", "a/b/f", nil, "/srv/boot/a /srv/boot/a/b"},
		{"the root", "", ".", nil, ""},
		{"a directory is not entered for its own sake", "a/b", "a/b", nil, "/srv/boot/a"},
		{"a link whose way goes up again", "up", "g", nil, "/srv/boot/a /srv/boot/a/b"},
		{"an absolute link", "abs/f", "a/b/f", nil, "/srv/boot/a /srv/boot/a/b"},
		{"an absolute link by another name of the root", "other", "g", nil, ""},
		{"a link out", "out", "", ErrEscape, ""},
		{"a link above the root", "top", "", ErrEscape, ""},
		{"a link out and in again", "back", "g", nil, ""},
		{"a link to the root", "root", ".", nil, ""},
		{"a link to the directory it is in", "a/here", "a", nil, "/srv/boot/a"},
		{"a link to the root by dots", "dots", ".", nil, "/srv/boot/a"},
		{"a loop", "loop", "", ErrLoop, ""},
		{"a link to nothing at all", "empty", "", fs.ErrNotExist, ""},
		{"a link to a file as a directory", "slash", "", fs.ErrNotExist, ""},
		{"a link to a directory with a slash", "dir-slash", "a", nil, "/srv/boot/a"},
		{"a file as a directory", "g/x", "", fs.ErrNotExist, ""},
		{"a directory that may not be entered", "a/closed/f", "", fs.ErrPermission, "/srv/boot/a /srv/boot/a/closed"},
		{"nor passed", "through", "", fs.ErrPermission, "/srv/boot/a /srv/boot/a/closed"},
		{"a name that nothing can have", "a/\xff", "", fs.ErrNotExist, "/srv/boot/a"},
	} {
		asked = nil
		got, info, err := w.Resolve(c.rel)
		if got != c.want || !errors.Is(err, c.err) || strings.Join(asked, " ") != c.entered {
			t.Errorf("%s: %q is %q, %v after %q, want %q, %v after %q", c.rule, c.rel, got, err, asked, c.want, c.err, c.entered)
		}
		if err == nil && got != "." {
			if want, _ := m.Lstat(got); info == nil || info.Name() != want.Name() || info.Mode() != want.Mode() {
				t.Errorf("%s: tells of %v, want %v", c.rule, info, want)
			}
		}
	}
}

// FuzzResolve holds any link to what a Walk promises: it ends inside, at a name without links, or says why.
func FuzzResolve(f *testing.F) {
	for _, target := range []string{"/srv/boot/a", "../../..//srv/./boot/a/b/f", "x", "a/x/x", "", "///", "/srv/boot/../boot"} {
		f.Add("a/x/b/../x", target)
	}
	f.Fuzz(func(t *testing.T, rel, target string) {
		m := tangle()
		m["a/x"] = &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink}
		got, info, err := Of(m, "/srv/boot").Resolve(rel)
		if err != nil {
			return
		}
		if !fs.ValidPath(got) || info == nil && got != "." || info != nil && info.Mode()&fs.ModeSymlink != 0 {
			t.Errorf("%q with %q is %q, %v", rel, target, got, info)
		}
		for at := got; at != "."; at = at[:max(0, strings.LastIndex(at, "/"))] {
			if at == "" {
				break
			}
			if here, err := m.Lstat(at); err != nil || here.Mode()&fs.ModeSymlink != 0 {
				t.Errorf("%q with %q is %q, where %q is %v, %v", rel, target, got, at, here, err)
			}
		}
	})
}
