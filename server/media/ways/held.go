package ways

import (
	"io/fs"
	"sync"

	"github.com/bootrig/bootrig/server/content"
)

// A hold closes something when it is wanted no more and nobody reads any of it: a transfer that has begun goes on
// when the media are others.
type hold struct {
	close func() error

	mu      sync.Mutex
	readers int
	over    bool
}

func (h *hold) enter() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over && h.readers == 0 {
		return fs.ErrClosed
	}
	h.readers++
	return nil
}

// leave is for who has entered.
func (h *hold) leave() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.readers--
	if h.over && h.readers == 0 {
		return h.close()
	}
	return nil
}

// end closes it as soon as nobody is inside.
func (h *hold) end() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return nil
	}
	h.over = true
	if h.readers > 0 {
		return nil
	}
	return h.close()
}

// held is a tree that is not closed while one of its files is open.
type held struct {
	*content.Sourced
	hold *hold
}

// Open finds the file that a client means by name.
func (t held) Open(name string) (*content.File, error) { return t.hold.file(t.Sourced, name) }

// Below is a tree of one directory.
func (t held) Below(name string) (content.Tree, bool) {
	below, ok := t.Sourced.Below(name)
	return heldBelow{below, t.hold}, ok
}

type heldBelow struct {
	tree content.Tree
	hold *hold
}

// Open finds the file that a client means by name.
func (t heldBelow) Open(name string) (*content.File, error) { return t.hold.file(t.tree, name) }

func (h *hold) file(tree content.Tree, name string) (*content.File, error) {
	if err := h.enter(); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	f, err := tree.Open(name)
	if err != nil {
		_ = h.leave() // what was closed was only read
		return nil, err
	}
	once := sync.OnceValue(func() error {
		err := f.Close()
		_ = h.leave()
		return err
	})
	out := content.NewFile(f.Name, f.ReaderAt, f.Size, f.ModTime, once)
	out.Garbage = f.Garbage
	return out, nil
}
