package content

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/bootrig/bootrig/server/content/index"
	"github.com/bootrig/bootrig/server/content/links"
)

// Source is the directory as a layer of an Overlay, with what others than root may have, as ever. Links that
// lead out of it lead nowhere, LinksAnywhere or not. Closing the Dir closes it.
func (d *Dir) Source() Source { return dirSource{d} }

type dirSource struct{ dir *Dir }

// Open opens a file or a directory that others may have. Links are followed inside.
func (s dirSource) Open(name string) (fs.File, error) {
	f, err := s.open(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: bare(err)}
	}
	return f, nil
}

func (s dirSource) open(name string) (fs.File, error) {
	real, err := s.real(name)
	if err != nil {
		return nil, err
	}
	f, info, err := s.dir.openShared(real)
	switch {
	case errors.Is(err, ErrIsDirectory):
		return s.openDir(real)
	case err != nil:
		return nil, err
	}
	return &openFile{io.NewSectionReader(f, 0, info.Size()), f, info}, nil
}

func (s dirSource) openDir(real string) (fs.File, error) {
	info, err := s.dir.stat(real)
	if err != nil {
		return nil, err
	}
	all, err := s.dir.readDir(real)
	if err != nil {
		return nil, err
	}
	return index.Open(info, sorted(all)), nil
}

// real is where in the directory a name leads.
func (s dirSource) real(name string) (string, error) {
	if !links.Valid(name) {
		return "", fs.ErrInvalid
	}
	return s.dir.resolve(name)
}

// exactly finds a name whose last element is not followed.
func (s dirSource) exactly(op, name string) (target string, info fs.FileInfo, err error) {
	above, err := s.real(path.Dir(name))
	if err == nil && !links.Valid(name) {
		err = fs.ErrInvalid
	}
	if err == nil && name != "." { // may what is in it be known?
		info, err = s.dir.stat(above)
		if err == nil {
			err = s.dir.readers.mayEnter(info, written(s.dir.as, above))
		}
	}
	if err == nil {
		name = path.Join(above, path.Base(name))
		target, info, err = s.dir.link(name)
	}
	if err != nil {
		return "", nil, &fs.PathError{Op: op, Path: name, Err: bare(err)}
	}
	return s.dir.within(name, target), info, nil
}

// within says the target of a link without the name that the root has on this host: whoever the Source is
// part of has another.
func (d *Dir) within(name, target string) string {
	for _, known := range d.known {
		if here, inside := strings.CutPrefix(target, strings.TrimSuffix(known, "/")+"/"); inside {
			return "./" + strings.Repeat("../", strings.Count(name, "/")) + here
		}
	}
	return target
}

// Lstat tells what a name has. A link is not followed.
func (s dirSource) Lstat(name string) (fs.FileInfo, error) {
	_, info, err := s.exactly("lstat", name)
	return info, err
}

// ReadLink tells where a link leads.
func (s dirSource) ReadLink(name string) (string, error) {
	target, info, err := s.exactly("readlink", name)
	if err == nil && info.Mode()&fs.ModeSymlink == 0 {
		err = &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	return target, err
}

// ReadDir lists a directory that others may list.
func (s dirSource) ReadDir(name string) ([]fs.DirEntry, error) {
	real, err := s.real(name)
	var all []fs.DirEntry
	if err == nil {
		all, err = s.dir.readDir(real)
	}
	if err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: bare(err)}
	}
	return sorted(all), nil
}

// openFile is an open file of an fs.FS.
type openFile struct {
	*io.SectionReader
	file io.Closer
	info fs.FileInfo
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openFile) Close() error               { return f.file.Close() }
