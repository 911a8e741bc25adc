package content

import (
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/content/index"
)

// A Body is what a generated file has in it, or where a link leads.
type Body struct {
	io.ReaderAt
	Size    int64
	ModTime time.Time // the zero time: that of all
	Link    string    // not "": a link
}

// Text is a Body that is known already. A string needs no copy, and nobody can change it.
func Text(text string) Body { return Body{ReaderAt: strings.NewReader(text), Size: int64(len(text))} }

// Files are generated or small files as a Source: name -> contents. Names are as fs.ValidPath has them, and
// none is that of a directory of another. made is the time that they have.
func Files(files map[string]Body, made time.Time) (Source, error) {
	t := index.New(made)
	for name, b := range files {
		n := index.Node{Mode: 0o644, ModTime: b.ModTime, Size: b.Size, Body: b.ReaderAt}
		if b.Link != "" {
			n = index.Node{Mode: fs.ModeSymlink | 0o777, ModTime: b.ModTime, Target: b.Link}
		}
		if n.ModTime.IsZero() {
			n.ModTime = made
		}
		if err := t.Put(name, n); err != nil {
			return nil, fmt.Errorf("the generated file %q: %w", name, err)
		}
	}
	return t, nil
}
