package image_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/contenttest"
	"github.com/bootrig/bootrig/server/content/image"
)

// canary is in files that lie outside of everything that is served.
const canary = "what nobody may have"

// cage is a tangle beside a canary, with links to it.
func cage(t *testing.T) (dir, outside string) {
	t.Helper()
	above := contenttest.Plant(t, map[string]string{"canary": canary, "etc/canary": canary})
	dir, outside = filepath.Join(above, "boot"), filepath.Join(above, "canary")
	files := contenttest.Tangle()
	for name, target := range map[string]string{
		"c1": outside, "c2": "../canary", "c3": "installer/../../canary", "installer/c4": "../../etc", "c5": "/etc", "c6": "absolute.d/../../canary", "c7": "/tftpboot/../canary", "c8": "..", "c9": "/",
	} {
		files[name] = "->" + target
	}
	if err := os.Rename(contenttest.Plant(t, files), dir); err != nil {
		t.Fatal(err)
	}
	return dir, outside
}

// A namer makes names as nobody writes them, of parts that are there and parts that are not.
type namer struct {
	*rand.Rand
	parts []string
}

func newNamer(outside string) *namer {
	parts := []string{
		"..", "..", ".", "", "/", "\\", "...", " ", "\x00", "\xff\xfe", "%2e%2e", "tftpboot", "boot", "canary", "etc", "x", "..\\", "../", "/..",
		outside, filepath.Dir(outside), "/etc/hostname", "/tftpboot/", "/proc/self/root", strings.Repeat("a", 300), "installer", "amd64", "cfg",
		"c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9",
	}
	for name := range contenttest.Tangle() {
		parts = append(parts, name)
	}
	return &namer{rand.New(rand.NewPCG(9, 100_000)), parts}
}

func (n *namer) name() string {
	var b strings.Builder
	for range 1 + n.IntN(5) {
		b.WriteString(n.parts[n.IntN(len(n.parts))])
		b.WriteString([]string{"/", "/", "/", "//", "\\", "/./", "/../", ""}[n.IntN(8)])
	}
	name := strings.TrimSuffix(b.String(), "/")
	if n.IntN(8) == 0 { // a bit of it is another
		if i := n.IntN(len(name) + 1); i < len(name) {
			name = name[:i] + string(rune(n.IntN(256))) + name[i+1:]
		}
	}
	return name
}

// TestNoNameReachesOutside asks every kind of tree for 100,000 names. None has the canary, and what one kind
// answers the others do too.
func TestNoNameReachesOutside(t *testing.T) {
	dir, outside := cage(t)
	whole, err := content.OpenDir(dir, contenttest.As)
	if err != nil {
		t.Fatal(err)
	}
	defer whole.Close()
	source := func(path string) content.Source {
		i, err := image.Open(path, "")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { i.Close() })
		return i
	}
	tar, iso := source(made(t, dir, tarball)), source(made(t, dir, rockRidge))
	trees := []struct {
		kind string
		each int // of so many names one is enough: a directory takes its time
		content.Tree
	}{
		{"tarball", 1, content.Of(tar, contenttest.As)},
		{"ISO image", 1, content.Of(iso, contenttest.As)},
		{"overlay", 10, content.Of(content.Overlay(whole.Source(), iso, tar), contenttest.As)},
		{"directory as a Source", 10, content.Of(whole.Source(), contenttest.As)},
	}
	names, answers := newNamer(outside), map[string]int{}
	n := 100_000
	if testing.Short() {
		n /= 10
	}
	for i := range n {
		name := names.name()
		want := contenttest.Read(whole, name)
		answers[want]++
		if strings.Contains(want, canary) {
			t.Fatalf("directory: %q reads what is outside", name)
		}
		for _, tree := range trees {
			if i%tree.each != 0 {
				continue
			}
			if got := contenttest.Read(tree, name); got != want {
				t.Fatalf("%s: %q reads %q, the directory has %q", tree.kind, name, got, want)
			}
		}
	}
	for _, answer := range []string{"12", "a kernel", "error: " + content.ErrEscape.Error(), "error: " + content.ErrLoop.Error(), "error: is a directory", "error: permission denied", "error: file does not exist"} {
		if answers[answer] < n/2000 {
			t.Errorf("of %d names %d read %q: the names are not wild enough", n, answers[answer], answer)
		}
	}
}
