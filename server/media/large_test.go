package media

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/bootrig/bootrig/server/content"
)

// mirror is a tree of a great many directories and files, none of which is a medium.
func mirror(t testing.TB) content.Source {
	t.Helper()
	files := map[string]content.Body{}
	for i := range 30 {
		for j := range 30 {
			for k := range 20 {
				files[fmt.Sprintf("pool/%d/%d/%d/p.bin", i, j, k)] = content.Text("a package")
			}
		}
	}
	for i := range 5000 {
		files[fmt.Sprintf("Packages/p%d.bin", i)] = content.Text("a package")
	}
	src, err := content.Files(files, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// What is looked at has a bound, however large the tree.
func TestAMirrorIsNotReadWhole(t *testing.T) {
	counting := &counted{tree: content.Of(mirror(t), "/")}
	if _, err := Embedded().recognise(newSite(counting, func(name string) string { return name })); err == nil {
		t.Fatal("it is found to be something")
	}
	if counting.lists > maxListed || counting.opens > maxLooked+maxFound*len(Embedded().all) {
		t.Errorf("%d directories were listed and %d files opened", counting.lists, counting.opens)
	}
}

type counted struct {
	tree
	lists, opens int
}

func (c *counted) List(name string) ([]content.Entry, error) {
	c.lists++
	return c.tree.List(name)
}

func (c *counted) Open(name string) (*content.File, error) {
	c.opens++
	return c.tree.Open(name)
}

func BenchmarkRecogniseAMirror(b *testing.B) {
	src := mirror(b)
	for b.Loop() {
		_, err := Recognise(src)
		runtime.KeepAlive(err)
	}
}
