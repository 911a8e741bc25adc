package image

import (
	"errors"
	"io/fs"
	"os"
	"sync"
)

// A Named is what has a path at the moment of each request, as a content.Source: an image that was replaced, a
// directory that was made anew, and what was mounted over it count at once. Files that are open stay what they
// are.
//
// Where the new one cannot be read nothing is served, and the error says why. While one request has it
// opened the others get the old one, if that was not written over.
type Named struct {
	path string
	opts Options
	tell func(About, error)

	turning sync.Mutex // held by who opens what is there now

	mu     sync.Mutex
	now    *held       // what was there last; nil: it could not be opened
	failed error       // why
	stamp  fs.FileInfo // of that
	busy   bool        // another is being opened
	closed bool
}

// A held image is closed when it is not the one of its name any more, and nobody has a file of it open.
type held struct {
	*Image
	users int
}

// Named opens what has a path, and stays with the path. tell hears what came to be there later, or why that
// cannot be read; it may be nil.
func (o Options) Named(path string, tell func(About, error)) (*Named, error) {
	if tell == nil {
		tell = func(About, error) {}
	}
	info, err := stat(path)
	if err != nil {
		return nil, err
	}
	i, err := o.Open(path)
	if err != nil {
		return nil, err
	}
	return &Named{path: path, opts: o, tell: tell, now: &held{i, 1}, stamp: info}, nil
}

// About tells of what was there last.
func (n *Named) About() About {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.now == nil {
		return About{}
	}
	return n.now.About
}

// Hindered says why nothing of it is served: it is a directory that others may not enter, or it cannot be read.
// What is missing hinders nothing.
func (n *Named) Hindered() error {
	h, err := n.use()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer n.leave(h)
	return h.Hindered()
}

// Close gives the image back, when the last file of it is closed.
func (n *Named) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
	return n.drop()
}

// drop lets go of what was there last. n is locked.
func (n *Named) drop() error {
	old := n.now
	n.now = nil
	if old == nil {
		return nil
	}
	return old.leave()
}

func (h *held) leave() error {
	if h.users--; h.users > 0 {
		return nil
	}
	return h.Close()
}

// leave gives back what use gave.
func (n *Named) leave(h *held) {
	n.mu.Lock()
	defer n.mu.Unlock()
	_ = h.leave() // it was only read from
}

// use is the image that is there now. Who has it gives it back.
func (n *Named) use() (*held, error) {
	info, err := os.Stat(n.path)
	if err != nil {
		return nil, err
	}
	if h, err := n.take(info); !errors.Is(err, errTurned) {
		return h, err
	}
	n.turning.Lock()
	defer n.turning.Unlock()
	h, err := n.take(info) // another may have opened it meanwhile
	if !errors.Is(err, errTurned) {
		return h, err
	}
	return n.turn(info)
}

var errTurned = errors.New("something else has the name")

// take is the image that was there last, if it still is.
func (n *Named) take(info fs.FileInfo) (*held, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case n.closed:
		return nil, fs.ErrClosed
	case n.busy && n.now != nil && !os.SameFile(info, n.stamp):
	case !n.same(info):
		return nil, errTurned
	case n.failed != nil:
		return nil, n.failed
	}
	n.now.users++
	return n.now, nil
}

// same tells whether a path has what it had. What is in a directory may change, but for one that could not be
// opened: it is not held, and something else can have its number.
func (n *Named) same(info fs.FileInfo) bool {
	if !os.SameFile(info, n.stamp) || info.Mode().Type() != n.stamp.Mode().Type() {
		return false
	}
	return info.IsDir() && n.now != nil || info.Size() == n.stamp.Size() && info.ModTime().Equal(n.stamp.ModTime())
}

// turn opens what is there now, in the place of what was there, and gives it.
func (n *Named) turn(info fs.FileInfo) (*held, error) {
	n.mu.Lock()
	n.busy = true
	n.mu.Unlock()
	i, err := n.opts.Open(n.path)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.busy = false
	again := n.failed != nil && err != nil // one that is being written fails at each request
	_ = n.drop()
	n.failed, n.stamp = err, info
	if err != nil {
		if !again {
			n.tell(About{}, err)
		}
		return nil, err
	}
	n.tell(i.About, nil)
	if n.closed {
		_ = i.Close()
		return nil, fs.ErrClosed
	}
	n.now = &held{i, 2}
	return n.now, nil
}
