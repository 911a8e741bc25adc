package server

import (
	"io/fs"
	"os"
	"sync"

	"github.com/bootrig/bootrig/server/content"
)

// A named tree is the directory that has a name at the moment of a request: a link that was turned, a directory
// that was renamed and made anew, and what was mounted over it count at once. Files that are open stay what they are.
type named struct {
	path string
	content.Options

	mu     sync.RWMutex
	dir    *content.Dir // what was there last; nil: nothing
	info   fs.FileInfo
	closed bool
}

// use gives do the directory that is there now.
func (n *named) use(do func(*content.Dir) error) error {
	info, err := os.Stat(n.path)
	if err != nil {
		return err
	}
	for {
		n.mu.RLock()
		if n.dir != nil && os.SameFile(info, n.info) {
			defer n.mu.RUnlock()
			return do(n.dir)
		}
		closed := n.closed
		n.mu.RUnlock()
		if closed {
			return n.once(do)
		}
		if info, err = n.turn(); err != nil {
			return err
		}
	}
}

// once is for who began before the tree was closed.
func (n *named) once(do func(*content.Dir) error) error {
	dir, err := n.OpenDir(n.path)
	if err != nil {
		return err
	}
	defer dir.Close()
	return do(dir)
}

// turn opens what is there now, in the place of what was there. As long as that is open nothing else can have
// its number.
func (n *named) turn() (fs.FileInfo, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	info, err := os.Stat(n.path)
	if err != nil || n.closed || n.dir != nil && os.SameFile(info, n.info) {
		return info, err
	}
	dir, err := n.OpenDir(n.path)
	if err != nil {
		return nil, err
	}
	n.shut()
	n.dir, n.info = dir, info
	return info, nil
}

func (n *named) shut() {
	if n.dir != nil {
		n.dir.Close()
		n.dir = nil
	}
}

// close gives the directory back.
func (n *named) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
	n.shut()
}

// missing is what becomes of a name where the directory is missing.
func (n *named) missing(name string) error {
	_, err := content.FS(gone{}, n.path).Open(name)
	return err
}

// Open finds the file that a client means by name.
func (n *named) Open(name string) (f *content.File, err error) {
	opened := false
	outside := n.use(func(d *content.Dir) error {
		opened = true
		f, err = d.Open(name)
		return err
	})
	if !opened {
		return nil, n.outside(name, outside)
	}
	return f, err
}

// outside says to clients what became of the directory itself.
func (n *named) outside(name string, err error) error {
	if os.IsNotExist(err) {
		return n.missing(name)
	}
	return &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

// List names what is in a directory.
func (n *named) List(name string) (all []content.Entry, err error) {
	listed := false
	outside := n.use(func(d *content.Dir) error {
		listed = true
		all, err = d.List(name)
		return err
	})
	if !listed {
		return nil, n.outside(name, outside)
	}
	return all, err
}

// Below is a tree of one directory, if it is there.
func (n *named) Below(name string) (tree content.Tree, ok bool) {
	err := n.use(func(d *content.Dir) error {
		_, ok = d.Below(name)
		return nil
	})
	return below{n, name}, ok && err == nil
}

// below is a directory of a named one.
type below struct {
	*named
	name string
}

// Open finds the file that a client means by name.
func (b below) Open(name string) (f *content.File, err error) {
	err = b.use(func(d *content.Dir) error {
		tree, ok := d.Below(b.name)
		if !ok {
			return b.missing(name)
		}
		f, err = tree.Open(name)
		return err
	})
	return f, err
}

// hindered says why nothing of it is served, if it is there.
func (n *named) hindered() error {
	err := n.use(func(d *content.Dir) error { return d.Hindered() })
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

// gone has no files.
type gone struct{}

// Open finds nothing.
func (gone) Open(string) (fs.File, error) { return nil, fs.ErrNotExist }
