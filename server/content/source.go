package content

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/content/links"
)

// A Source is a file system with links, as a tarball or an ISO image has it. Its files are io.ReaderAt.
type Source interface {
	fs.ReadLinkFS
	fs.ReadDirFS // sorted
}

// A Sourced is a Tree over a Source.
type Sourced struct {
	src  Source
	as   string
	walk links.Walk
}

// Of makes a Tree of a Source, which clients and absolute links know as `as`; "" is "/". Links are resolved
// inside it as Dir does, never outside.
func Of(src Source, as string) *Sourced {
	as = path.Clean("/" + as)
	return &Sourced{src, as, links.Of(src, as)}
}

// Open finds the file that a client means by name.
func (s *Sourced) Open(name string) (*File, error) { return find(s.as, name, s.open) }

// stat is what a name below the root means, and where it is.
func (s *Sourced) stat(rel string) (name string, info fs.FileInfo, err error) {
	name, info, err = s.walk.Resolve(rel)
	if err == nil && info == nil {
		info, err = s.src.Lstat(name)
	}
	return name, info, err
}

func (s *Sourced) open(rel string) (*File, error) {
	name, info, err := s.stat(rel)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, ErrIsDirectory
	case !info.Mode().IsRegular():
		return nil, ErrNotRegular
	}
	f, err := s.src.Open(name)
	if err != nil {
		return nil, err
	}
	return served(rel, f)
}

// served makes a File of one of an fs.FS.
func served(rel string, f fs.File) (*File, error) {
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = ErrIsDirectory
	}
	r, seekable := f.(io.ReaderAt)
	if err == nil && !seekable {
		err = fmt.Errorf("%T cannot be read from the middle", f)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return NewFile(rel, r, info.Size(), info.ModTime(), f.Close), nil
}

// List names what is in a directory, sorted. Names follow the rules of Open.
func (s *Sourced) List(name string) ([]Entry, error) { return list(s.as, name, s.list) }

func (s *Sourced) list(rel string) ([]Entry, error) {
	name, info, err := s.stat(rel)
	if err == nil && !info.IsDir() {
		err = errNotDirectory
	}
	if err != nil {
		return nil, err
	}
	found, err := s.src.ReadDir(name)
	if err != nil {
		return nil, err
	}
	all := make([]Entry, 0, len(found))
	for _, e := range found {
		all = append(all, entry(e, func() (fs.FileInfo, error) {
			_, info, err := s.stat(path.Join(rel, e.Name()))
			return info, err
		}))
	}
	return all, nil
}

// Below is a Tree of one directory, for names of which it is the root. Links may lead from there to
// anywhere in the Source. ok is false when there is no such directory.
func (s *Sourced) Below(name string) (tree Tree, ok bool) {
	rel, err := clean(s.as, name)
	if err != nil {
		return nil, false
	}
	if _, info, err := s.stat(rel); err != nil || !info.IsDir() {
		return nil, false
	}
	return branch{s.as, rel, s.open}, true
}

// sorted puts entries in the order that fs.ReadDirFS has.
func sorted(all []fs.DirEntry) []fs.DirEntry {
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return all
}
