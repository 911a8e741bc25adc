package content_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/contenttest"
)

var made = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)

// files makes a Source of a table as contenttest.Plant does a directory.
func files(t testing.TB, table map[string]string) content.Source {
	t.Helper()
	bodies := map[string]content.Body{}
	for name, text := range table {
		bodies[name] = content.Text(text)
		if target, link := strings.CutPrefix(text, "->"); link {
			bodies[name] = content.Body{Link: target}
		}
	}
	src, err := content.Files(bodies, made)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// halves deals a table out to two.
func halves(table map[string]string) (a, b map[string]string) {
	a, b = map[string]string{}, map[string]string{}
	for name, text := range table {
		if len(name)%2 == 0 {
			a[name] = text
		} else {
			b[name] = text
		}
	}
	return a, b
}

func TestEverySourceOpensWhatTheClientMeans(t *testing.T) {
	a, b := halves(contenttest.Tangle())
	dir := open(t, contenttest.Plant(t, b), contenttest.As).Source()
	for name, src := range map[string]content.Source{
		"files":                           files(t, contenttest.Tangle()),
		"files over files":                content.Overlay(files(t, a), files(t, b)),
		"files over a directory":          content.Overlay(files(t, a), dir),
		"a directory over files":          content.Overlay(dir, files(t, a)),
		"what nothing is added to":        content.Overlay(files(t, contenttest.Tangle()), files(t, nil)),
		"what hides the same":             content.Overlay(files(t, contenttest.Tangle()), files(t, contenttest.Tangle())),
		"an overlay in an overlay":        content.Overlay(files(t, nil), content.Overlay(files(t, a), dir)),
		"a part of what is mounted":       part{content.Mount(map[string]content.Source{"some/where": files(t, contenttest.Tangle()), "else": dir}), "some/where"},
		"a part of an overlay of mounted": part{content.Overlay(content.Mount(map[string]content.Source{"x": files(t, a)}), content.Mount(map[string]content.Source{"x": dir})), "x"},
	} {
		t.Run(name, func(t *testing.T) { contenttest.Check(t, content.Of(src, contenttest.As)) })
	}
}

// A part is what is below a directory of a Source.
type part struct {
	content.Source
	below string
}

func (p part) Lstat(name string) (fs.FileInfo, error)     { return p.Source.Lstat(p.in(name)) }
func (p part) ReadLink(name string) (string, error)       { return p.Source.ReadLink(p.in(name)) }
func (p part) Open(name string) (fs.File, error)          { return p.Source.Open(p.in(name)) }
func (p part) ReadDir(name string) ([]fs.DirEntry, error) { return p.Source.ReadDir(p.in(name)) }
func (p part) in(name string) string                      { return strings.TrimSuffix(p.below+"/"+name, "/.") }

func TestASourceIsAnFS(t *testing.T) {
	table := map[string]string{"a/b": "text", "a/c/d": "deep", "top": "->a/b", "dir": "->a/c", "empty": ""}
	a, b := halves(table)
	dir := open(t, contenttest.Plant(t, table), "")
	for name, src := range map[string]content.Source{
		"files":       files(t, table),
		"a directory": dir.Source(),
		"an overlay":  content.Overlay(files(t, a), open(t, contenttest.Plant(t, b), "").Source()),
	} {
		if err := fstest.TestFS(src, "a/b", "a/c/d", "top", "dir", "empty"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if text, err := fs.ReadFile(src, "top"); string(text) != "text" {
			t.Errorf("%s: a link reads %q, %v", name, text, err)
		}
		if text, err := fs.ReadFile(src, "dir/d"); string(text) != "deep" {
			t.Errorf("%s: a file below a link reads %q, %v", name, text, err)
		}
	}
	if err := fstest.TestFS(content.Mount(map[string]content.Source{"x": files(t, table), "y/z": dir.Source()}), "x/a/b", "y/z/empty"); err != nil {
		t.Error(err)
	}
}

func TestAnOverlayHidesAndMerges(t *testing.T) {
	first := files(t, map[string]string{
		"both": "mine", "dir/mine": "m", "file": "mine", "link": "->theirs/f", "was-dir": "a file", "sub/dir/x": "mine", "hidden": "->nosuch", "linked": "->dir",
	})
	second := files(t, map[string]string{
		"both": "theirs", "dir/theirs": "t", "dir/mine": "hidden", "theirs/f": "theirs", "back": "->dir/mine", "was-dir/x": "hidden",
		"sub/dir": "a file", "hidden": "theirs", "linked/x": "hidden", "lone": "of the second",
	})
	third := files(t, map[string]string{"sub/dir/y": "hidden by a file", "dir/third": "3", "both": "third"})
	tree := content.Of(content.Overlay(first, second, third), "/tftpboot")
	for _, c := range []struct{ rule, name, want string }{
		{"the first has it", "both", "mine"},
		{"only a later one has it", "lone", "of the second"},
		{"a directory of both has what the first has", "dir/mine", "m"},
		{"and what the second has", "dir/theirs", "t"},
		{"and the third", "dir/third", "3"},
		{"a link leads to a later one", "link", "theirs"},
		{"a link of a later one to an earlier one", "back", "m"},
		{"a file hides a directory", "was-dir", "a file"},
		{"and what is in it", "was-dir/x", "error: file does not exist"},
		{"a file in the middle does not hide a directory above it", "sub/dir/x", "mine"},
		{"but the directories below", "sub/dir/y", "error: file does not exist"},
		{"a link that leads nowhere hides too", "hidden", "error: file does not exist"},
		{"a link to a directory hides a directory", "linked/x", "error: file does not exist"},
		{"and is followed", "linked/theirs", "t"},
	} {
		if got := contenttest.Read(tree, c.name); got != c.want {
			t.Errorf("%s: %q reads %q, want %q", c.rule, c.name, got, c.want)
		}
	}
	got, err := tree.List("dir")
	want := []content.Entry{{Name: "mine", Size: 1}, {Name: "theirs", Size: 1}, {Name: "third", Size: 1}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(content.Entry{}, "ModTime")); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
