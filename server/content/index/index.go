// Package index is a file system in memory: names, and where each file's bytes are.
//
// What is generated, and what an archive has in it, is put into one once. From then on it is only read, by
// as many as like.
package index

import (
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
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
}

type node struct {
	Node
	name    string
	entries []*node // of a directory, sorted
}

// New is a Tree with nothing in it. The top and the directories that nobody puts have the time made.
func New(made time.Time) *Tree {
	return &Tree{map[string]*node{".": {Node: Node{Mode: fs.ModeDir | 0o755, ModTime: made}, name: "."}}}
}

// Put adds what has a name (links.Valid), and the directories above it. It takes the place of what had the
// name before, also of a file or a link where a directory has to be; only a directory that something is in
// stays what it is. A directory that is there already keeps what is in it.
func (t *Tree) Put(name string, n Node) error {
	if !links.Valid(name) {
		return &fs.PathError{Op: "put", Path: name, Err: fs.ErrInvalid}
	}
	old := t.nodes[name]
	if old != nil {
		if !n.Mode.IsDir() && (name == "." || len(old.entries) > 0) {
			return &fs.PathError{Op: "put", Path: name, Err: fs.ErrExist}
		}
		old.Node = n
		return nil
	}
	above := t.above(path.Dir(name))
	made := &node{Node: n, name: path.Base(name)}
	at, _ := find(above.entries, made.name)
	above.entries = slices.Insert(above.entries, at, made)
	t.nodes[name] = made
	return nil
}

// above makes a directory of a name, and of those above it.
func (t *Tree) above(name string) *node {
	n := t.nodes[name]
	if n != nil && n.Mode.IsDir() {
		return n
	}
	dir := Node{Mode: fs.ModeDir | 0o755, ModTime: t.nodes["."].ModTime}
	_ = t.Put(name, dir) // the name is part of one that is valid
	return t.nodes[name]
}

func find(in []*node, name string) (int, bool) {
	return slices.BinarySearchFunc(in, name, func(n *node, name string) int { return strings.Compare(n.name, name) })
}

// Get is what has exactly this name.
func (t *Tree) Get(name string) (Node, bool) {
	n := t.nodes[name]
	if n == nil {
		return Node{}, false
	}
	return n.Node, true
}

// Remove takes away a file, a link, or a directory with nothing in it.
func (t *Tree) Remove(name string) {
	n := t.nodes[name]
	if n == nil || name == "." || len(n.entries) > 0 {
		return
	}
	above := t.nodes[path.Dir(name)]
	if at, found := find(above.entries, n.name); found {
		above.entries = slices.Delete(above.entries, at, at+1)
	}
	delete(t.nodes, name)
}

// Len is how many names there are.
func (t *Tree) Len() int { return len(t.nodes) }

func (t *Tree) walk() links.Walk { return links.Of(t, "/") }
