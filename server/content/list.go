package content

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// An Entry is one name in a directory.
type Entry struct {
	Name  string
	IsDir bool // also for a link to a directory
}

// List names what is in a directory, sorted. Names follow the rules of Open.
func (d *Dir) List(name string) ([]Entry, error) {
	rel, err := clean(d.as, name)
	if err != nil {
		return nil, &fs.PathError{Op: "list", Path: written(d.as, strings.TrimPrefix(name, "/")), Err: err}
	}
	entries, err := d.list(rel)
	if err != nil {
		return nil, &fs.PathError{Op: "list", Path: written(d.as, rel), Err: bare(err)}
	}
	return entries, nil
}

func (d *Dir) list(rel string) ([]Entry, error) {
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
	found, err := f.ReadDir(-1)
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, e := range found {
		isDir := e.IsDir()
		if e.Type()&fs.ModeSymlink != 0 {
			isDir = d.isDir(path.Join(rel, e.Name()))
		}
		entries = append(entries, Entry{Name: e.Name(), IsDir: isDir})
	}
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return entries, nil
}

func (d *Dir) isDir(rel string) bool {
	f, err := d.openAny(rel)
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	return err == nil && info.IsDir()
}
