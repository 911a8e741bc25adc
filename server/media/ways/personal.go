package ways

import (
	"io/fs"
	"net/netip"
	"sync"

	"github.com/bootrig/bootrig/server/content"
)

// Tree is what is served: the media, and what is made for who asks.
func (s *Served) Tree() content.Personal { return tree{s} }

type tree struct{ *Served }

// For is the tree where our address is the one that was asked.
func (t tree) For(a content.Asked) content.Tree { return personal{t.Served, a.Server} }

// Open finds a file where it does not matter who asks. What is made names no address of ours then.
func (t tree) Open(name string) (*content.File, error) { return t.For(content.Asked{}).Open(name) }

// A personal tree is what is there, and what is made, at the moment of each request. Its files stay what they are.
type personal struct {
	*Served
	server netip.Addr
}

// Open finds the file that a client means by name.
func (t personal) Open(name string) (*content.File, error) {
	return t.open(name, func(all *content.Sourced) content.Tree { return all })
}

// List names what is in a directory.
func (t personal) List(name string) ([]content.Entry, error) {
	m, err := t.take(t.server)
	if err != nil {
		return nil, &fs.PathError{Op: "list", Path: name, Err: err}
	}
	defer t.give(m)
	return m.tree.List(name)
}

// Below is a tree of one directory.
func (t personal) Below(name string) (content.Tree, bool) {
	m, err := t.take(t.server)
	if err != nil {
		return nil, false
	}
	defer t.give(m)
	_, ok := m.tree.Below(name)
	return below{t, name}, ok
}

// below is a directory, whatever is there at the moment of a request.
type below struct {
	personal
	dir string
}

// Open finds the file that a client means by name.
func (b below) Open(name string) (*content.File, error) {
	return b.open(name, func(all *content.Sourced) content.Tree {
		if tree, ok := all.Below(b.dir); ok {
			return tree
		}
		return nothing{}
	})
}

// nothing has no file.
type nothing struct{}

// Open finds none.
func (nothing) Open(name string) (*content.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func (t personal) open(name string, in func(*content.Sourced) content.Tree) (*content.File, error) {
	m, err := t.take(t.server)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	f, err := in(m.tree).Open(name)
	if err != nil {
		t.give(m)
		return nil, m.missed(name, err)
	}
	once := sync.OnceValue(func() error {
		defer t.give(m)
		return f.Close()
	})
	out := content.NewFile(f.Name, f.ReaderAt, f.Size, f.ModTime, once)
	out.Garbage = f.Garbage
	return out, nil
}

// take is what is made for one of our addresses, of the files as they are, and held open.
func (s *Served) take(server netip.Addr) (*made, error) {
	w := s.world
	if err := w.hold.enter(); err != nil {
		return nil, err
	}
	w.notice()
	m, err := w.generated(s.Ways, server)
	if err != nil {
		_ = w.hold.leave() // what is closed was only read, here and below
	}
	return m, err
}

// give is for who took.
func (s *Served) give(m *made) {
	_ = m.hold.leave()
	_ = s.world.hold.leave()
}
