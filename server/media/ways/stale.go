package ways

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/image"
)

// What is made is joined of files of the media. When these are others it is made anew, while who has begun to read goes
// on with the old: that stays open until then.

// notice has each image or directory that was replaced noticed: who asks for what is made of it alone would not.
func (w *world) notice() {
	for _, p := range w.pieces {
		_, _ = p.src.Lstat(".") // what is wrong is told to who asks for a file of it
	}
}

// turned is told when something else has the path of an image or a directory. Whoever tells holds locks, so this is only
// noted.
func (w *world) turned(image.About, error) { w.stale.Store(true) }

// retire forgets what was made of files that are others now. w is locked.
func (w *world) retire() {
	for server, m := range w.made {
		_ = m.hold.end() // it was only read
		delete(w.made, server)
	}
}

// A used file is one that something was made of, as it was then.
type used struct {
	name    string
	size    int64
	modTime time.Time
}

// fresh tells whether what is made is still of the files that are there. In a directory these may be written over; and
// what was missing may have come.
func (w *world) fresh(m *made) bool {
	if len(m.lacks) > 0 {
		return false
	}
	if !slices.ContainsFunc(w.pieces, func(p *piece) bool { return p.kind == image.Directory }) {
		return true
	}
	tree := content.Of(w.everything(), "/")
	for _, u := range m.used {
		f, err := tree.Open("/" + u.name)
		if err != nil {
			return false
		}
		f.Close()
		if f.Size != u.size || !f.ModTime.Equal(u.modTime) {
			return false
		}
	}
	return true
}

// missed says why a file is not there that would be made, if it could.
func (m *made) missed(name string, err error) error {
	if len(m.lacks) > 0 && errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(path.Clean("/"+name), "/"+reserved+"/") {
		return &fs.PathError{Op: "open", Path: name, Err: errors.Join(m.lacks...)}
	}
	return err
}
