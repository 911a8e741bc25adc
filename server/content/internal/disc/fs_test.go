package disc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree is a format whose directories are made up: Where is the number of the directory.
type tree struct {
	of    map[int64][]Node
	reads map[int64]int
	fail  map[int64]error
	mu    sync.Mutex
}

func (t *tree) Extents(n *Node) ([]Extent, error) {
	return []Extent{{Offset: n.Where, Size: n.Size}}, nil
}

func (t *tree) ReadDir(dir *Node, _ *io.SectionReader, to *Listing) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reads[dir.Where]++
	if err := t.fail[dir.Where]; err != nil {
		return err
	}
	for _, n := range t.of[dir.Where] {
		if err := to.Add(n); err != nil {
			return err
		}
	}
	return nil
}

func newTree(of map[int64][]Node, fold bool) (*FS, *tree) {
	t := &tree{of: of, reads: map[int64]int{}, fail: map[int64]error{}}
	const size = 1 << 30
	return New(Config{Image: bytes.NewReader(nil), Size: size, Block: 1, Root: Node{Where: 0, Size: 1, At: -1}, Format: t, Fold: fold}), t
}

func dir(name string, at, where int64) Node {
	return Node{Name: name, Mode: fs.ModeDir | 0o555, At: at, Where: where, Size: 1}
}

func file(name string, at int64) Node { return Node{Name: name, Mode: 0o444, At: at, Where: at} }

func TestADirectoryIsReadOnce(t *testing.T) {
	f, format := newTree(map[int64][]Node{0: {dir("a", 1, 1)}, 1: {file("x", 2)}}, false)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, err := f.Stat("a/x"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if diff := cmp.Diff(map[int64]int{0: 1, 1: 1}, format.reads); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
}

func TestWhatIsWrongWithAnImageIsRemembered(t *testing.T) {
	f, format := newTree(map[int64][]Node{0: {dir("bad", 1, 1), dir("disk", 2, 2)}, 2: {file("x", 3)}}, false)
	format.fail = map[int64]error{1: Faultf("truncated"), 2: errors.New("the disk does not answer")}
	for range 3 {
		if _, err := f.ReadDir("bad"); err == nil || err.Error() != "readdir bad: truncated" {
			t.Error(err)
		}
		if _, err := f.Stat("disk/x"); err == nil {
			t.Error("the disk answers")
		}
	}
	if format.reads[1] != 1 || format.reads[2] != 3 {
		t.Errorf("a fault was read %d times, and a disk asked %d times", format.reads[1], format.reads[2])
	}
	delete(format.fail, 2)
	if _, err := f.Stat("disk/x"); err != nil {
		t.Error(err)
	}
}

func TestDirectoriesAreForgottenAndReadAgain(t *testing.T) {
	const directories, names = 8, 60000
	of := map[int64][]Node{}
	for d := range int64(directories) {
		of[0] = append(of[0], dir(fmt.Sprint(d), 1+d, 1+d))
		for n := range int64(names) {
			of[1+d] = append(of[1+d], file(fmt.Sprint(n), 1000+d*names+n))
		}
	}
	f, format := newTree(of, false)
	for range 2 {
		for d := range directories {
			if _, err := f.Stat(fmt.Sprintf("%d/%d", d, names-1)); err != nil {
				t.Fatal(err)
			}
			if f.cache.cost > maxCached {
				t.Fatalf("%d MiB are kept", f.cache.cost>>20)
			}
		}
	}
	if format.reads[1] != 2 || format.reads[0] != 1 {
		t.Errorf("the first was read %d times, and the root, which every name needs, %d times", format.reads[1], format.reads[0])
	}
}

func TestNamesThatDifferInCaseAlone(t *testing.T) {
	f, _ := newTree(map[int64][]Node{0: {file("Readme", 1), file("README", 2), file("other", 3)}}, true)
	for asked, want := range map[string]string{"Readme": "Readme", "README": "README", "readme": "README", "OTHER": "other"} {
		info, err := f.Stat(asked)
		if err != nil || info.Name() != want {
			t.Errorf("%s is %v, and not %s: %v", asked, info, want, err)
		}
	}
}

func TestABoundOnDepth(t *testing.T) {
	of := map[int64][]Node{}
	for d := range int64(maxDepth + 10) {
		of[d] = []Node{dir("d", d, d+1)}
	}
	f, _ := newTree(of, false)
	if _, err := f.Stat(strings.TrimSuffix(strings.Repeat("d/", maxDepth), "/")); err != nil {
		t.Error(err)
	}
	if _, err := f.Stat(strings.Repeat("d/", maxDepth) + "d"); err == nil || !strings.Contains(err.Error(), "more than 256 directories in one another") {
		t.Error(err)
	}
}

func TestABoundOnDirectories(t *testing.T) {
	c := newClaims(2048)
	for n := range int64(maxClaimed/maxDirectory + 1) {
		_, err := c.take([]Extent{{n * maxDirectory, maxDirectory}}, &Node{Where: n * maxDirectory, At: n})
		if want := n == maxClaimed/maxDirectory; (err != nil) != want {
			t.Errorf("directory %d of %d MiB: %v", n, maxDirectory>>20, err)
		}
	}
}

func TestABoundOnSecondNames(t *testing.T) {
	c := newClaims(2048)
	for n := range int64(maxCopies + 2) {
		for range 2 { // and again, when it was forgotten
			copied, err := c.take([]Extent{{0, 2048}}, &Node{Where: 0, At: n})
			if (err != nil) != (n > maxCopies) || copied != (n > 0 && n <= maxCopies) {
				t.Errorf("name %d: a copy %t, %v", n, copied, err)
			}
		}
	}
}
