package content

import (
	"bytes"
	"cmp"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/content"
)

// Served is the tree as a server takes it, with the server's own rules for names.
func (t *Tree) Served() content.Tree { return content.FS(t, t.As) }

// List names what is in a directory, in the order of all names.
func (t *Tree) List(dir string) (all []content.Entry) {
	if dir = strings.Trim(dir, "/"); dir != "" {
		dir += "/"
	}
	for _, name := range t.Names() {
		rest, below := strings.CutPrefix(name, dir)
		first, _, more := strings.Cut(rest, "/")
		if known := len(all) > 0 && all[len(all)-1].Name == first; below && !known {
			all = append(all, content.Entry{Name: first, IsDir: more})
		}
	}
	return all
}

// Bytes reads a whole file.
func (t *Tree) Bytes(name string) ([]byte, error) { return fs.ReadFile(t, name) }

// Open makes Tree an fs.FS. Links are followed as long as they stay inside.
func (t *Tree) Open(name string) (fs.File, error) {
	f, err := t.open(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return f, nil
}

func (t *Tree) open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, fs.ErrInvalid
	}
	real, err := t.resolve(name)
	if err != nil {
		return nil, err
	}
	n, ok := t.nodes[real]
	f := &file{tree: t, real: real, name: path.Base(name), size: n.size, close: func() error { return nil }}
	switch {
	case !ok && t.isDir(real):
		f.dir = true
		f.SectionReader = io.NewSectionReader(strings.NewReader(""), 0, 0)
	case !ok:
		return nil, fs.ErrNotExist
	case n.host == "":
		f.SectionReader = io.NewSectionReader(bytes.NewReader(n.data), 0, n.size)
	default:
		host, err := os.Open(n.host)
		if err != nil {
			return nil, err
		}
		f.SectionReader, f.close = io.NewSectionReader(host, 0, n.size), host.Close
	}
	return f, nil
}

func (t *Tree) isDir(name string) bool {
	for other := range t.nodes {
		if rest, is := strings.CutPrefix(other, name); name == "." || is && strings.HasPrefix(rest, "/") {
			return true
		}
	}
	return false
}

// file is an open file, and its own fs.FileInfo.
type file struct {
	*io.SectionReader
	tree  *Tree
	real  string // its name without links
	name  string
	size  int64
	dir   bool
	close func() error
}

// ReadAt reads no further than the file still goes.
func (f *file) ReadAt(p []byte, at int64) (int, error) {
	end, cut := f.tree.cuts[f.real]
	if !cut || at+int64(len(p)) <= end {
		return f.SectionReader.ReadAt(p, at)
	}
	n, err := f.SectionReader.ReadAt(p[:max(end-at, 0)], at)
	return n, cmp.Or(err, io.EOF)
}

func (f *file) Close() error               { return f.close() }
func (f *file) Stat() (fs.FileInfo, error) { return info{f}, nil }

type info struct{ f *file }

func (i info) Name() string       { return i.f.name }
func (i info) Size() int64        { return i.f.size }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.f.dir }
func (i info) Sys() any           { return nil }

func (i info) Mode() fs.FileMode {
	if i.f.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
