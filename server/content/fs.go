package content

import (
	"io/fs"
	"path"
)

type fsTree struct {
	fsys fs.FS
	as   string
}

// FS makes a Tree of files that are part of the program, as embed.FS, with the names that OpenDir would
// accept. The files must be io.ReaderAt, and fsys must not follow links out of itself.
func FS(fsys fs.FS, as string) Tree { return fsTree{fsys, path.Clean("/" + as)} }

func (t fsTree) Open(name string) (*File, error) { return find(t.as, name, t.open) }

func (t fsTree) open(rel string) (*File, error) {
	name := rel
	if name == "" {
		name = "."
	}
	if !fs.ValidPath(name) {
		return nil, fs.ErrNotExist // no such name can exist in an fs.FS
	}
	f, err := t.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	return served(rel, f)
}
