package content

import (
	"errors"
	"io/fs"

	"github.com/bootrig/bootrig/server/content/index"
	"github.com/bootrig/bootrig/server/content/links"
)

// Overlay is several Sources as one: what an earlier has hides what a later has; directories are merged;
// links of one may lead into another. Nothing is remembered: a layer that changes is changed at once. A layer
// that cannot be looked into fails, it does not show what it hides.
func Overlay(layers ...Source) Source {
	if len(layers) == 1 {
		return layers[0]
	}
	return overlay(layers)
}

type overlay []Source

// find is what has exactly this name, and the layers that have it: one, or all whose directories are merged
// in it. A layer in which something else is where an earlier one has a directory ends the merging: it and
// those below it are hidden.
func (o overlay) find(name string) (info fs.FileInfo, in []Source, err error) {
	if !links.Valid(name) {
		return nil, nil, fs.ErrInvalid
	}
	in = o
	for i := range len(name) {
		if name[i] != '/' {
			continue
		}
		if info, in, err = look(in, name[:i]); err != nil {
			return nil, nil, err
		}
		if !info.IsDir() {
			return nil, nil, fs.ErrNotExist // ENOTDIR, also for a link: those are for a walk to follow
		}
	}
	return look(in, name)
}

// look asks the layers that have the directory above a name.
func look(layers []Source, name string) (info fs.FileInfo, in []Source, err error) {
	for _, l := range layers {
		here, err := l.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if in == nil {
			if info = here; err != nil || !here.IsDir() {
				return here, []Source{l}, err
			}
		} else if err != nil || !here.IsDir() {
			break // this one hides those after it
		}
		in = append(in, l)
	}
	if in == nil {
		return nil, nil, fs.ErrNotExist
	}
	return info, in, nil
}

// follow finds what a name means, and which name without links that is.
func (o overlay) follow(name string) (real string, info fs.FileInfo, in []Source, err error) {
	if info, in, err = o.find(name); err == nil && info.Mode()&fs.ModeSymlink == 0 || errors.Is(err, fs.ErrInvalid) {
		return name, info, in, err
	}
	if real, _, err = links.Of(o, "/").Resolve(name); err == nil {
		info, in, err = o.find(real)
	}
	return real, info, in, err
}

// Open opens a file or a directory. Links are followed, absolute ones from the top of the overlay.
func (o overlay) Open(name string) (fs.File, error) {
	real, info, in, err := o.follow(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: bare(err)}
	}
	if !info.IsDir() {
		return in[0].Open(real)
	}
	all, err := merge(in, real)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: bare(err)}
	}
	return index.Open(info, all), nil
}

// Lstat tells what a name has. Links are not followed.
func (o overlay) Lstat(name string) (fs.FileInfo, error) {
	info, _, err := o.find(name)
	if err != nil {
		return nil, &fs.PathError{Op: "lstat", Path: name, Err: bare(err)}
	}
	return info, nil
}

// ReadLink tells where a link leads.
func (o overlay) ReadLink(name string) (string, error) {
	_, in, err := o.find(name)
	if err != nil {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: bare(err)}
	}
	return in[0].ReadLink(name)
}

// ReadDir lists a directory, sorted. Links are followed.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	real, info, in, err := o.follow(name)
	if err == nil && !info.IsDir() {
		err = errNotDirectory
	}
	var all []fs.DirEntry
	if err == nil {
		all, err = merge(in, real)
	}
	if err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: bare(err)}
	}
	return all, nil
}

// merge lists a directory of several layers.
func merge(in []Source, name string) ([]fs.DirEntry, error) {
	var all []fs.DirEntry
	has := map[string]bool{}
	for _, l := range in {
		some, err := l.ReadDir(name)
		if err != nil {
			return nil, err
		}
		for _, e := range some {
			if !has[e.Name()] {
				has[e.Name()] = true
				all = append(all, e)
			}
		}
	}
	return sorted(all), nil
}
