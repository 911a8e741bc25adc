package content

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
)

// packed is a small tree with a hidden name and a link, in one file.
func packed(t *testing.T, as, cache string) *Tree {
	t.Helper()
	s, err := parseSet("x", "make boot/linux linux:4096\nlink linux boot/linux\n-- .treeinfo --\n[general]\n")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Build(as, cache, Layer{Set: s})
	if err != nil {
		t.Fatal(err)
	}
	if err := tree.Pack(cache); err != nil {
		if errors.Is(err, ErrMissing) {
			must.Skip(t, must.Peers, err)
		}
		t.Fatal(err)
	}
	return tree
}

func want(t *testing.T) map[string]string {
	t.Helper()
	kernel, err := standIn("linux:4096")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{".treeinfo": "[general]\n", "boot/linux": string(kernel), "linux": "-> boot/linux"}
}

func TestATarballHoldsTheTree(t *testing.T) {
	f, err := os.Open(packed(t, "/x.tar.gz", t.TempDir()).Packed())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	got, dirs := map[string]string{}, []string{}
	for a := tar.NewReader(z); ; {
		h, err := a.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(a)
		if err != nil {
			t.Fatal(err)
		}
		switch h.Typeflag {
		case tar.TypeDir:
			dirs = append(dirs, h.Name)
		case tar.TypeSymlink:
			got[h.Name[len("./"):]] = "-> " + h.Linkname
		default:
			got[h.Name[len("./"):]] = string(text)
		}
	}
	if diff := cmp.Diff(want(t), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"./", "./boot/"}, dirs); diff != "" {
		t.Errorf("directories (-want +got):\n%s", diff)
	}
}

func TestAnImageHoldsTheTree(t *testing.T) {
	image, out := packed(t, "/x.iso", t.TempDir()).Packed(), filepath.Join(t.TempDir(), "out")
	if said, err := exec.Command("xorriso", "-osirrox", "on", "-indev", image, "-extract", "/", out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	got := map[string]string{}
	err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(out, path)
		switch {
		case err != nil || d.IsDir():
			return err
		case d.Type() == fs.ModeSymlink:
			target, err := os.Readlink(path)
			got[name] = "-> " + target
			return err
		}
		text, err := os.ReadFile(path)
		got[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want(t), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnImageIsMadeOnceAnotherForAnotherTreeAndNoneIsKeptForEver(t *testing.T) {
	cache := t.TempDir()
	first := packed(t, "/x.tar.gz", cache)
	if again := packed(t, "/deep/x.tar.gz", cache).Packed(); again != first.Packed() {
		t.Errorf("the same tree is made again, as %s and %s", first.Packed(), again)
	}
	if base := filepath.Base(first.Packed()); base != "x.tar.gz" {
		t.Errorf("x.tar.gz is called %s", base)
	}
	names := []string{first.Packed()}
	for _, change := range []func() error{
		func() error { return first.Put("boot/linux", []byte("another")) },
		func() error { return first.Put("new", nil) },
		func() error { return first.Put("new", []byte("x")) },
	} {
		if err := errors.Join(change(), first.Pack(cache)); err != nil {
			t.Fatal(err)
		}
		if slices.Contains(names, first.Packed()) {
			t.Errorf("two trees are one image, %s", first.Packed())
		}
		names = append(names, first.Packed())
	}
	old := time.Now().Add(-2 * unused)
	if err := os.Chtimes(filepath.Dir(names[1]), old, old); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(first.Put("new", []byte("y")), first.Pack(cache)); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(filepath.Join(cache, "made"))
	if err != nil || len(left) != len(names) {
		t.Errorf("%d files in the cache for %d images: %v, %v", len(left), len(names), left, err)
	}
}

func TestADirectoryIsWrittenOnce(t *testing.T) {
	cache := t.TempDir()
	tree := &Tree{As: "/over", nodes: map[string]node{"a/b": {data: []byte("x"), size: 1}}}
	first, err := tree.Host(cache)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(filepath.Join(first, "a/b")); err != nil || string(data) != "x" {
		t.Errorf("a/b is %q, %v", data, err)
	}
	again, err := tree.Host(cache)
	if err != nil || again != first {
		t.Errorf("again it is at %s and not at %s: %v", again, first, err)
	}
	empty := &Tree{As: "/over", nodes: map[string]node{}}
	if dir, err := empty.Host(cache); err != nil || dir == first {
		t.Errorf("an empty one is at %s, %v", dir, err)
	}
}

// An initrd that is found in the cache is touched there, and an image with it is still the same.
func TestAnImageOfWhatWasMadeIsMadeOnce(t *testing.T) {
	cache := t.TempDir()
	host := filepath.Join(cache, "deb/p/initrd.gz")
	if err := os.MkdirAll(filepath.Dir(host), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(host, []byte("an installer's"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := Set{Entries: []Entry{{Name: "initrd", Package: "p", File: "initrd.gz", Initrd: full, Script: []byte("end\n")}}}
	names := map[string]bool{}
	for range 3 {
		tree, err := Build("/x.tar.gz", cache, Layer{Set: s})
		if err == nil {
			err = tree.Pack(cache)
		}
		if err != nil {
			t.Fatal(err)
		}
		names[tree.Packed()] = true
	}
	if len(names) != 1 {
		t.Errorf("one tree is %d images: %v", len(names), names)
	}
}

func TestAManifestHasFilesAndScripts(t *testing.T) {
	s, err := parseSet("x", "package p 1\ninitrd initrd.gz boot/initrd.gz small init\nall tree usr/tree\n-- init --\nend\n-- a/b --\ntext\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []Entry{
		{Name: "initrd.gz", Package: "p", Version: "1", File: "boot/initrd.gz", Initrd: small, Script: []byte("end\n")},
		{Name: "tree", Package: "p", Version: "1", File: "usr/tree", All: true},
		{Name: "a/b", Data: []byte("text\n")},
	}
	if diff := cmp.Diff(want, s.Entries); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, bad := range []string{"all x y", "package p 1\ninitrd i f small init", "package p 1\ninitrd i f medium init\n-- init --\nx\n", "package p 1\nall /x y"} {
		if _, err := parseSet("bad", bad); err == nil {
			t.Errorf("%q is no mistake", bad)
		}
	}
}

func TestADirectoryOfAPackageIsPutBelowAName(t *testing.T) {
	cache := t.TempDir()
	for name, text := range map[string]string{"a": "A", "d/b": "B"} {
		host := filepath.Join(cache, "deb/p/usr/tree", name)
		if err := os.MkdirAll(filepath.Dir(host), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(host, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := Set{Entries: []Entry{{Name: "in", Package: "p", File: "usr/tree", All: true}, {Name: "in/a", Data: []byte("over it")}}}
	tree, err := Build("/x", cache, Layer{Set: s})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for name := range maps.Keys(tree.nodes) {
		text, err := tree.Bytes(name)
		if err != nil {
			t.Fatal(err)
		}
		got[name] = string(text)
	}
	if diff := cmp.Diff(map[string]string{"in/a": "over it", "in/d/b": "B"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s.Entries[0].Package = "q"
	if _, err := Build("/x", cache, Layer{Set: s}); !errors.Is(err, ErrMissing) {
		t.Errorf("a package that is not there: %v", err)
	}
}
