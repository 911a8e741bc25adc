package content

import (
	"fmt"
	"maps"
	"path"
	"strings"
)

// Moved is the tree after a rename on its host; the tree itself stays as it was. It is nil if the rename is of
// something else.
func (t *Tree) Moved(from, to string) (*Tree, error) {
	if below, ok := strings.CutPrefix(t.As+"/", from+"/"); ok {
		if t.packed != "" {
			return nil, fmt.Errorf("move %s to %s: an image stays where it is", from, to)
		}
		return &Tree{As: path.Join(to, below), nodes: t.nodes}, nil
	}
	name, inside := strings.CutPrefix(from, t.As+"/")
	if !inside {
		return nil, nil
	}
	other, stays := strings.CutPrefix(to, t.As+"/")
	switch {
	case !stays:
		return nil, fmt.Errorf("move %s to %s: it leaves the tree at %s", from, to, t.As)
	case t.isDir(other) || strings.HasPrefix(other, name+"/"):
		return nil, fmt.Errorf("move %s to %s: there is a directory", from, to)
	}
	moved, found := &Tree{As: t.As, nodes: maps.Clone(t.nodes)}, false
	for old, n := range t.nodes {
		if below, ok := strings.CutPrefix(old+"/", name+"/"); ok {
			delete(moved.nodes, old)
			moved.nodes[path.Join(other, below)] = n
			found = true
		}
	}
	if !found {
		return nil, fmt.Errorf("move %s to %s: it is not there", from, to)
	}
	return moved, nil
}

// Truncate cuts a file off, for those too who have it open.
func (t *Tree) Truncate(name string, size int64) error {
	real, err := t.resolve(strings.TrimPrefix(name, t.As+"/"))
	n, found := t.nodes[real]
	if err != nil || !found || n.size < size {
		return fmt.Errorf("truncate %s to %d: there is no such file of that size", name, size)
	}
	if t.cuts == nil {
		t.cuts = map[string]int64{}
	}
	n.size, t.cuts[real] = size, size
	t.nodes[real] = n
	return nil
}
