package index

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/content/links"
)

// ErrNotRegular says that the name is a device's, a socket's or a FIFO's. It is also fs.ErrPermission.
var ErrNotRegular = fmt.Errorf("not a regular file: %w", fs.ErrPermission)

// Open opens a file or a directory. Links are followed.
func (t *Tree) Open(name string) (fs.File, error) {
	n, err := t.follow("open", name)
	if err != nil {
		return nil, err
	}
	if n.Mode.IsDir() {
		return Open(n.info(), n.list()), nil
	}
	if n.Broken == nil && !n.Mode.IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: ErrNotRegular}
	}
	if n.Broken != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: n.Broken}
	}
	return &file{io.NewSectionReader(n.body(), 0, n.Size), n.info()}, nil
}

// Stat tells what a name has. Links are followed.
func (t *Tree) Stat(name string) (fs.FileInfo, error) {
	n, err := t.follow("stat", name)
	if err != nil {
		return nil, err
	}
	return n.info(), nil
}

// Lstat tells what a name has. Links are not followed.
func (t *Tree) Lstat(name string) (fs.FileInfo, error) {
	n, err := t.exactly("lstat", name)
	if err != nil {
		return nil, err
	}
	return n.info(), nil
}

// ReadLink tells where a link leads.
func (t *Tree) ReadLink(name string) (string, error) {
	n, err := t.exactly("readlink", name)
	if err == nil && n.Mode&fs.ModeSymlink == 0 {
		err = &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	if err != nil {
		return "", err
	}
	return n.Target, nil
}

// ReadDir lists a directory, sorted. Links are followed.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := t.follow("readdir", name)
	if err == nil && !n.Mode.IsDir() {
		err = &fs.PathError{Op: "readdir", Path: name, Err: errors.New("not a directory")}
	}
	if err != nil {
		return nil, err
	}
	return n.list(), nil
}

func (t *Tree) exactly(op, name string) (*node, error) {
	if !links.Valid(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	n := t.nodes[name]
	if n == nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return n, nil
}

func (t *Tree) follow(op, name string) (*node, error) {
	n, err := t.exactly(op, name)
	if err == nil && n.Mode&fs.ModeSymlink == 0 || errors.Is(err, fs.ErrInvalid) {
		return n, err
	}
	real, _, err := t.walk().Resolve(name)
	if err != nil {
		var inner *fs.PathError
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	return t.exactly(op, real)
}

func (n *node) info() fs.FileInfo { return info{n} }

func (n *node) body() io.ReaderAt {
	if n.Body == nil {
		return bytes.NewReader(nil)
	}
	return n.Body
}

// list is sorted here: sorting while names come would take long where they are many.
func (n *node) list() []fs.DirEntry {
	all := make([]fs.DirEntry, 0, len(n.entries))
	for _, e := range n.entries {
		all = append(all, fs.FileInfoToDirEntry(e.info()))
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return all
}

// info is an fs.FileInfo.
type info struct{ n *node }

func (i info) Name() string       { return i.n.name }
func (i info) Size() int64        { return i.n.Size }
func (i info) Mode() fs.FileMode  { return i.n.Mode }
func (i info) ModTime() time.Time { return i.n.ModTime }
func (i info) IsDir() bool        { return i.n.Mode.IsDir() }
func (i info) Sys() any           { return nil }

// file is an open file; it is also an io.ReaderAt and an io.Seeker.
type file struct {
	*io.SectionReader
	info fs.FileInfo
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *file) Close() error               { return nil }
