package index

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var made = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)

func text(s string) Node {
	return Node{Mode: 0o644, ModTime: made, Size: int64(len(s)), Body: strings.NewReader(s)}
}

func planted(t *testing.T, nodes ...any) *Tree {
	t.Helper()
	tree := New(made)
	for i := 0; i < len(nodes); i += 2 {
		if err := tree.Put(nodes[i].(string), nodes[i+1].(Node)); err != nil {
			t.Fatal(err)
		}
	}
	return tree
}

func TestATreeIsAnFS(t *testing.T) {
	tree := planted(t, "z", text("last"), "a/b/c", text("text"), "a/link", Node{Mode: fs.ModeSymlink, Target: "../z"}, "empty", Node{Mode: fs.ModeDir | 0o755}, "none", Node{})
	if err := fstest.TestFS(tree, "z", "a/b/c", "a/link", "empty", "none"); err != nil {
		t.Error(err)
	}
	entries, err := tree.ReadDir(".")
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if diff := cmp.Diff([]string{"a", "empty", "none", "z"}, names); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestWhatIsPutTakesThePlaceOfWhatWasThere(t *testing.T) {
	dir := Node{Mode: fs.ModeDir | 0o700}
	tree := planted(t, "f", text("old"), "f", text("new"), "d", dir, "d", text("a file now"), "x", text("x"), "x", dir, "x/f", text("f"), "x", dir)
	for name, want := range map[string]string{"f": "new", "d": "a file now", "x/f": "f"} {
		if got, err := fs.ReadFile(tree, name); string(got) != want || err != nil {
			t.Errorf("%s reads %q, %v, want %q", name, got, err, want)
		}
	}
	for name, want := range map[string]string{
		"x": "put x: a directory has that name", ".": "put .: a directory has that name", "f/g/h": `put f/g: "f" is no directory`,
		"../x": "put ../x: invalid argument", "/x": "put /x: invalid argument", "": "put : invalid argument",
	} {
		if err := tree.Put(name, text("")); err == nil || err.Error() != want {
			t.Errorf("Put(%q): %v, want %s", name, err, want)
		}
	}
}

func TestWhatCannotBeOpenedIsToldWhy(t *testing.T) {
	tree := planted(t, "dev", Node{Mode: fs.ModeDevice}, "broken", Node{Broken: fs.ErrClosed}, "loop", Node{Mode: fs.ModeSymlink, Target: "loop"}, "f", text(""))
	for name, want := range map[string]string{
		"dev": "open dev: not a regular file: permission denied", "broken": "open broken: file already closed", "nosuch": "open nosuch: file does not exist",
		"loop": "open loop: too many levels of symbolic links", "../f": "open ../f: invalid argument", "f/x": "open f/x: file does not exist",
	} {
		if _, err := tree.Open(name); err == nil || err.Error() != want {
			t.Errorf("Open(%q): %v, want %s", name, err, want)
		}
	}
	if _, err := tree.ReadDir("f"); err == nil {
		t.Error("a file could be listed")
	}
	if _, err := tree.ReadLink("f"); err == nil {
		t.Error("a file is a link")
	}
}
