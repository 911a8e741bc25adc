package image

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
)

// Open opens a file or a directory. A file stays what it is when the image is replaced.
func (n *Named) Open(name string) (fs.File, error) {
	h, err := n.use()
	if err != nil {
		return nil, lost("open", name, err)
	}
	f, err := h.Open(name)
	if err != nil {
		n.leave(h)
		return nil, err
	}
	closed := sync.OnceValue(func() error {
		defer n.leave(h)
		return f.Close()
	})
	switch f := f.(type) {
	case fs.ReadDirFile:
		return &dir{f, closed}, nil
	case reader:
		return &file{f, closed}, nil
	}
	return nil, errors.Join(lost("open", name, fmt.Errorf("a %T cannot be read from the middle", f)), closed())
}

// Lstat tells what a name has.
func (n *Named) Lstat(name string) (fs.FileInfo, error) {
	h, err := n.use()
	if err != nil {
		return nil, lost("lstat", name, err)
	}
	defer n.leave(h)
	return h.Lstat(name)
}

// ReadLink tells where a link leads.
func (n *Named) ReadLink(name string) (string, error) {
	h, err := n.use()
	if err != nil {
		return "", lost("readlink", name, err)
	}
	defer n.leave(h)
	return h.ReadLink(name)
}

// ReadDir lists a directory, sorted.
func (n *Named) ReadDir(name string) ([]fs.DirEntry, error) {
	h, err := n.use()
	if err != nil {
		return nil, lost("readdir", name, err)
	}
	defer n.leave(h)
	return h.ReadDir(name)
}

// lost says why there is nothing of an image. That it is gone is a miss.
func lost(op, name string, err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) && errors.Is(err, fs.ErrNotExist) {
		err = fs.ErrNotExist // clients know the file by another name than this host does
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// reader is what a file of a content.Source is.
type reader interface {
	fs.File
	io.ReaderAt
}

// file is an open file of an image that is held for it.
type file struct {
	reader
	closed func() error
}

// Close gives the image back too; it can be called twice.
func (f *file) Close() error { return f.closed() }

// dir is an open directory of an image that is held for it.
type dir struct {
	fs.ReadDirFile
	closed func() error
}

// Close gives the image back too; it can be called twice.
func (d *dir) Close() error { return d.closed() }
