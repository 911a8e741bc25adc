// Package index is a file system in memory: names, and where each file's bytes are.
//
// What is generated, and what an archive has in it, is put into one once. From then on it is only read, by
// as many as like.
package index

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"time"

	"github.com/bootrig/bootrig/server/content/links"
)

// A Tree is files by their names. Links in it are resolved by Open and Stat, and lead nowhere outside: "/" is
// the top of the tree. It is an fs.ReadLinkFS and an fs.ReadDirFS.
type Tree struct {
	nodes map[string]*node
}

// A Node is what a name has: a file, a link, or a directory.
type Node struct {
	Mode    fs.FileMode // ModeDir, ModeSymlink, no type for a file
	ModTime time.Time
	Size    int64       // of a file
	Body    io.ReaderAt // of a file, Size long
	Target  string      // of a link
	Broken  error       // why the file cannot be read
}

type node struct {
	Node
	name    string
	entries []*node // of a directory
}

// New is a Tree with nothing in it. The top and the directories that nobody puts have the time made.
func New(made time.Time) *Tree {
	return &Tree{map[string]*node{".": {Node: Node{Mode: fs.ModeDir | 0o755, ModTime: made}, name: "."}}}
}

// Put adds what has a name (links.Valid), and the directories above it. It takes the place of what had the
// name before, but a directory that something is in stays one, and keeps what is in it. A file or a link does
// not become a directory because something is to be put below it.
func (t *Tree) Put(name string, n Node) error {
	if !links.Valid(name) {
		return &fs.PathError{Op: "put", Path: name, Err: fs.ErrInvalid}
	}
	if old := t.nodes[name]; old != nil {
		if !n.Mode.IsDir() && (name == "." || len(old.entries) > 0) {
			return &fs.PathError{Op: "put", Path: name, Err: errors.New("a directory has that name")}
		}
		old.Node = n
		return nil
	}
	dir := path.Dir(name)
	above := t.nodes[dir]
	if above == nil {
		if err := t.Put(dir, Node{Mode: fs.ModeDir | 0o755, ModTime: t.nodes["."].ModTime}); err != nil {
			return err
		}
		above = t.nodes[dir]
	}
	if !above.Mode.IsDir() {
		return &fs.PathError{Op: "put", Path: name, Err: fmt.Errorf("%.200q is no directory", dir)}
	}
	made := &node{Node: n, name: path.Base(name)}
	above.entries = append(above.entries, made)
	t.nodes[name] = made
	return nil
}

// Get is what has exactly this name.
func (t *Tree) Get(name string) (Node, bool) {
	n := t.nodes[name]
	if n == nil {
		return Node{}, false
	}
	return n.Node, true
}

func (t *Tree) walk() links.Walk { return links.Of(t, "/") }
