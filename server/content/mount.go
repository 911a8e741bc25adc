package content

import (
	"io/fs"
	"time"

	"github.com/bootrig/bootrig/server/content/index"
)

// Mount puts Sources below directories of their names, which may have several elements, but are not below
// one another. A link of one may lead into another by "..".
func Mount(below map[string]Source) Source {
	m := mount{index.New(time.Time{}), below}
	for name, src := range below {
		dir := index.Node{Mode: fs.ModeDir | 0o755}
		if info, err := src.Lstat("."); err == nil {
			dir.ModTime = info.ModTime()
		}
		_ = m.dirs.Put(name, dir) // a name that is none is never asked for
	}
	return m
}

type mount struct {
	dirs  *index.Tree
	below map[string]Source
}

// at is the Source that has a name, and what the name is there.
func (m mount) at(name string) (src Source, rest string) {
	for i := range len(name) {
		if name[i] == '/' && m.below[name[:i]] != nil {
			return m.below[name[:i]], name[i+1:]
		}
	}
	if src = m.below[name]; src != nil {
		return src, "."
	}
	return nil, ""
}

// Open opens a file or a directory.
func (m mount) Open(name string) (fs.File, error) {
	switch src, rest := m.at(name); {
	case src == nil:
		return m.dirs.Open(name)
	case rest != ".":
		return src.Open(rest)
	}
	info, err := m.dirs.Lstat(name)
	if err != nil {
		return nil, err
	}
	all, err := m.ReadDir(name)
	if err != nil {
		return nil, err
	}
	return index.Open(info, all), nil
}

// Lstat tells what a name has.
func (m mount) Lstat(name string) (fs.FileInfo, error) {
	if src, rest := m.at(name); src != nil && rest != "." {
		return src.Lstat(rest)
	}
	return m.dirs.Lstat(name)
}

// ReadLink tells where a link leads.
func (m mount) ReadLink(name string) (string, error) {
	if src, rest := m.at(name); src != nil {
		return src.ReadLink(rest)
	}
	return m.dirs.ReadLink(name)
}

// ReadDir lists a directory, sorted.
func (m mount) ReadDir(name string) ([]fs.DirEntry, error) {
	if src, rest := m.at(name); src != nil {
		return src.ReadDir(rest)
	}
	return m.dirs.ReadDir(name)
}
