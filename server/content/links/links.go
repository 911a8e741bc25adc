// Package links answers: what does a name mean where links are on the way?
//
// A Walk follows links inside a root and never outside of it, whatever holds the files: a directory of the
// host, a tarball, an image of a CD. It reads no file; it asks what is at a name, one element at a time.
package links

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

var (
	// ErrEscape says that a symbolic link leads out of the root. It is also fs.ErrPermission.
	ErrEscape = fmt.Errorf("a link on the way leads out of the root: %w", fs.ErrPermission)
	// ErrLoop says that there are more links on the way than Linux would follow.
	ErrLoop = errors.New("too many levels of symbolic links")
)

// maxLinks is how many links Linux follows in one name (path_resolution(7)).
const maxLinks = 40

// A Walk knows a root, and how to look into it.
type Walk struct {
	// Known are the absolute names by which links may call the root; the first is the one that clients know.
	// None is "/".
	Known []string
	// Look tells what is at a name without links before its last element, and where that leads if it is one.
	Look func(name string) (target string, info fs.FileInfo, err error)
	// Enter refuses a directory on the way, called by the name that clients know; nil refuses none.
	Enter func(info fs.FileInfo, written string) error
}

// Of is the Walk of files whose names are absolute below as.
func Of(fsys fs.ReadLinkFS, as string) Walk {
	return Walk{Known: []string{as}, Look: func(name string) (target string, info fs.FileInfo, err error) {
		info, err = fsys.Lstat(name)
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			target, err = fsys.ReadLink(name)
		}
		if errors.Is(err, fs.ErrInvalid) {
			err = fs.ErrNotExist // a name that is not UTF-8, say, where nothing can have it
		}
		return target, info, err
	}}
}

// Valid is fs.ValidPath, but for names that are not UTF-8: archives and disks have them.
func Valid(name string) bool { return fs.ValidPath(strings.ToValidUTF8(name, "?")) }

// Resolve yields the name (fs.ValidPath) below the root that rel means, without any link in it, and what is
// there; info is nil for the root itself. It thinks in absolute paths as clients know them: a walk may step
// out of the root by "..", or by an absolute link, as long as it ends inside. Outside nothing is looked at,
// names are only counted.
func (w Walk) Resolve(rel string) (name string, info fs.FileInfo, err error) {
	at, todo := w.root(), strings.Split(rel, "/")
	for links := 0; len(todo) > 0; {
		next := todo[0]
		todo = todo[1:]
		if next == "" || next == "." {
			continue
		}
		if next == ".." {
			at, info = parent(at), nil
			continue
		}
		at, info = append(at, next), nil
		here, inside := w.below(at)
		if !inside || len(here) == 0 {
			continue
		}
		var target string
		if target, info, err = w.look(here, len(todo) > 0); err != nil {
			return "", nil, err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			continue
		}
		if links++; links > maxLinks {
			return "", nil, ErrLoop
		}
		if target == "" {
			return "", nil, fs.ErrNotExist // as Linux has it, path_resolution(7)
		}
		if at, info = parent(at), nil; strings.HasPrefix(target, "/") {
			at = nil
		}
		todo = append(strings.Split(target, "/"), todo...)
	}
	return w.end(at, info)
}

// look is what is at a name; the walk goes on below it if it is not the last.
func (w Walk) look(here []string, on bool) (string, fs.FileInfo, error) {
	name := strings.Join(here, "/")
	target, info, err := w.Look(name)
	if err != nil || !on || info.Mode()&fs.ModeSymlink != 0 {
		return target, info, err
	}
	if !info.IsDir() {
		return "", nil, fs.ErrNotExist // ENOTDIR, which is a miss to a client
	}
	if w.Enter != nil {
		err = w.Enter(info, w.written(name))
	}
	return "", info, err
}

// end is where a walk has come to. What is there is not known where it came by way of "..".
func (w Walk) end(at []string, info fs.FileInfo) (string, fs.FileInfo, error) {
	here, inside := w.below(at)
	switch {
	case !inside:
		return "", nil, ErrEscape
	case len(here) == 0:
		return ".", nil, nil
	}
	name := strings.Join(here, "/")
	if info != nil {
		return name, info, nil
	}
	_, info, err := w.Look(name)
	return name, info, err
}

func (w Walk) root() []string {
	if len(w.Known) == 0 {
		return nil
	}
	return elements(w.Known[0])
}

// written is the name of what is below the root as clients write it in full.
func (w Walk) written(name string) string {
	return "/" + strings.Join(append(w.root(), name), "/")
}

// below cuts the root off an absolute path, by whichever of its names the path begins with.
func (w Walk) below(at []string) ([]string, bool) {
	if len(w.Known) == 0 {
		return at, true
	}
	for _, known := range w.Known {
		root := elements(known)
		if len(at) >= len(root) && slices.Equal(at[:len(root)], root) {
			return at[len(root):], true
		}
	}
	return nil, false
}

// parent is a copy: what is appended to it must not change the path it was made of.
func parent(at []string) []string {
	if len(at) == 0 {
		return nil
	}
	return slices.Clone(at[:len(at)-1])
}

// elements splits an absolute path; "/" has none.
func elements(abs string) []string {
	if abs = strings.Trim(abs, "/"); abs == "" {
		return nil
	}
	return strings.Split(abs, "/")
}
