package content_test

import (
	"testing"
	"testing/fstest"

	"github.com/bootrig/bootrig/server/content"
)

func TestNamesAreMadeLowerCase(t *testing.T) {
	files := fstest.MapFS{"boot/linux": {Data: []byte("k")}, "boot/Upper": {Data: []byte("k")}}
	for kind, tree := range map[string]content.Tree{"a tree": content.FS(files, "/"), "one that lists": listing{content.FS(files, "/")}} {
		tree := content.Lowercase(tree)
		for name, want := range map[string]bool{"/BOOT/Linux": true, "boot/linux": true, "boot/Upper": false, "boot/\xc4": false} {
			f, err := tree.Open(name)
			if (err == nil) != want {
				t.Errorf("%s, %q: %v", kind, name, err)
			}
			if err == nil {
				f.Close()
			}
		}
		if _, lists := tree.(content.Lister); lists != (kind == "one that lists") {
			t.Errorf("%s lists: %v", kind, lists)
		}
	}
}

// listing is a tree that has one name.
type listing struct{ content.Tree }

func (listing) List(string) ([]content.Entry, error) { return []content.Entry{{Name: "Upper"}}, nil }
