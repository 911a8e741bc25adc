package disc

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

const (
	maxLinks = 40  // that Linux follows on the way to one name
	maxDepth = 256 // directories in one another
)

var (
	errLoop   = errors.New("too many levels of symbolic links")
	errEscape = fmt.Errorf("a link on the way leads out of the image: %w", fs.ErrPermission)
)

// A way leads from the root to a node, through the directories that hold it.
type way []*Node

func (w way) last() *Node { return w[len(w)-1] }

// find walks from the root to a name. A link on the way is followed, the last only where that is wanted; none
// leads out of the image.
func (f *FS) find(name string, follow bool) (way, error) {
	if !fs.ValidPath(name) {
		return nil, fs.ErrInvalid
	}
	w, rest, links := way{&f.c.Root}, name, 0
	for rest != "" {
		var element string
		element, rest, _ = strings.Cut(rest, "/")
		switch {
		case element == "" || element == ".":
			continue
		case element == ".." && len(w) == 1:
			return nil, errEscape
		case element == "..":
			w = w[:len(w)-1]
			continue
		}
		n, err := f.child(w, element)
		if err != nil {
			return nil, err
		}
		if n.Mode.Type() != fs.ModeSymlink || rest == "" && !follow {
			w = append(w, n)
			continue
		}
		if links++; links > maxLinks {
			return nil, errLoop
		}
		target, err := n.target()
		if err != nil {
			return nil, err
		}
		if target[0] == '/' {
			return nil, errEscape
		}
		rest = target + "/" + rest
	}
	return w, nil
}

// child is the node of a name in the directory that a way leads to.
func (f *FS) child(w way, name string) (*Node, error) {
	if !w.last().Mode.IsDir() {
		return nil, fs.ErrNotExist
	}
	d, err := f.enter(w)
	if err != nil {
		return nil, err
	}
	n, ok := d.find(name)
	if !ok {
		return nil, fs.ErrNotExist
	}
	return n, nil
}

// enter is the directory that a way leads to, if it may lead there: not through itself, nor too far.
func (f *FS) enter(w way) (*directory, error) {
	if len(w) > maxDepth {
		return nil, Faultf("there are more than %d directories in one another", maxDepth)
	}
	last := w.last()
	d, err := f.directory(last)
	if err != nil || !d.copied {
		return d, err
	}
	for _, above := range w[:len(w)-1] {
		if above.Where == last.Where {
			return nil, Faultf("the directory holds itself: it is %q above it", above.Name)
		}
		if k, err := f.directory(above); err == nil && k.copied {
			return nil, Faultf("the directory has another name, and so has %q above it", above.Name)
		}
	}
	return d, nil
}

// target is where a link leads.
func (n *Node) target() (string, error) {
	switch {
	case n.Refused != nil:
		return "", n.Refused
	case n.Target == "":
		return "", fs.ErrNotExist
	}
	return n.Target, nil
}
