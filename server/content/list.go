package content

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// An Entry is one name in a directory. What it tells is of what a link leads to.
type Entry struct {
	Name    string
	IsDir   bool
	Size    int64 // of a file; -1 where it leads nowhere
	ModTime time.Time
}

var errNotDirectory = errors.New("not a directory")

// entry is what a name has; follow tells of the other end of a link.
func entry(e fs.DirEntry, follow func() (fs.FileInfo, error)) Entry {
	tell := e.Info
	if e.Type()&fs.ModeSymlink != 0 {
		tell = follow
	}
	info, err := tell()
	if err != nil {
		return Entry{Name: e.Name(), Size: -1}
	}
	if info.IsDir() {
		return Entry{Name: e.Name(), IsDir: true, ModTime: info.ModTime()}
	}
	return Entry{Name: e.Name(), Size: info.Size(), ModTime: info.ModTime()}
}

// list lists what a client means by name below root.
func list(root, name string, in func(rel string) ([]Entry, error)) ([]Entry, error) {
	rel, err := clean(root, name)
	if err != nil {
		return nil, &fs.PathError{Op: "list", Path: written(root, strings.TrimPrefix(name, "/")), Err: err}
	}
	all, err := in(rel)
	if err != nil {
		return nil, &fs.PathError{Op: "list", Path: written(root, rel), Err: bare(err)}
	}
	return all, nil
}

// List names what is in a directory, sorted. Names follow the rules of Open.
func (d *Dir) List(name string) ([]Entry, error) { return list(d.as, name, d.list) }

func (d *Dir) list(rel string) ([]Entry, error) {
	found, err := d.readDir(rel)
	if err != nil {
		return nil, err
	}
	all := make([]Entry, 0, len(found))
	for _, e := range found {
		all = append(all, entry(e, func() (fs.FileInfo, error) { return d.stat(path.Join(rel, e.Name())) }))
	}
	slices.SortFunc(all, func(a, b Entry) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

// readDir reads the names that others may see.
func (d *Dir) readDir(rel string) ([]fs.DirEntry, error) {
	f, err := d.openAny(rel)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil {
		err = d.readers.mayList(info)
	}
	if err != nil {
		return nil, err
	}
	return f.ReadDir(-1)
}

// stat tells what a name has; links are followed.
func (d *Dir) stat(rel string) (fs.FileInfo, error) {
	f, err := d.openAny(rel)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Stat()
}

func (d *Dir) isDir(rel string) bool {
	info, err := d.stat(rel)
	return err == nil && info.IsDir()
}
