package disc

import (
	"errors"
	"io"
	"io/fs"
)

// Open implements fs.FS. A file is also an io.ReaderAt and an io.Seeker.
func (f *FS) Open(name string) (fs.File, error) {
	file, err := f.open(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return file, nil
}

func (f *FS) open(name string) (fs.File, error) {
	w, err := f.find(name, true)
	if err != nil {
		return nil, err
	}
	n := w.last()
	switch {
	case n.Mode.IsDir():
		d, err := f.enter(w)
		if err != nil {
			return nil, err
		}
		return &openDirectory{info: info{n}, rest: d.nodes}, nil
	case !n.Mode.IsRegular():
		return nil, errKind
	}
	r, _, err := f.contents(n)
	if err != nil {
		return nil, err
	}
	return &openFile{SectionReader: r, info: info{n}}, nil
}

// Stat implements fs.StatFS.
func (f *FS) Stat(name string) (fs.FileInfo, error) { return f.info("stat", name, true) }

// Lstat implements fs.ReadLinkFS.
func (f *FS) Lstat(name string) (fs.FileInfo, error) { return f.info("lstat", name, false) }

func (f *FS) info(op, name string, follow bool) (fs.FileInfo, error) {
	w, err := f.find(name, follow)
	if err != nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	return info{w.last()}, nil
}

// ReadLink implements fs.ReadLinkFS.
func (f *FS) ReadLink(name string) (string, error) {
	target, err := f.readLink(name)
	if err != nil {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: err}
	}
	return target, nil
}

func (f *FS) readLink(name string) (string, error) {
	w, err := f.find(name, false)
	if err != nil {
		return "", err
	}
	if w.last().Mode.Type() != fs.ModeSymlink {
		return "", fs.ErrInvalid
	}
	return w.last().target()
}

// ReadDir implements fs.ReadDirFS.
func (f *FS) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := f.readDir(name)
	if err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	return list, nil
}

func (f *FS) readDir(name string) ([]fs.DirEntry, error) {
	w, err := f.find(name, true)
	if err != nil {
		return nil, err
	}
	if !w.last().Mode.IsDir() {
		return nil, errors.New("not a directory")
	}
	d, err := f.enter(w)
	if err != nil {
		return nil, err
	}
	return entries(d.nodes), nil
}

func entries(nodes []Node) []fs.DirEntry {
	list := make([]fs.DirEntry, len(nodes))
	for i := range nodes {
		list[i] = info{&nodes[i]}
	}
	return list
}

type openFile struct {
	*io.SectionReader
	info info
}

// Stat implements fs.File.
func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close implements fs.File. Nothing is held.
func (f *openFile) Close() error { return nil }

type openDirectory struct {
	info info
	rest []Node
}

// Stat implements fs.File.
func (d *openDirectory) Stat() (fs.FileInfo, error) { return d.info, nil }

// Close implements fs.File.
func (d *openDirectory) Close() error { return nil }

// Read implements fs.File.
func (d *openDirectory) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.info.Name(), Err: errors.New("is a directory")}
}

// ReadDir implements fs.ReadDirFile.
func (d *openDirectory) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(d.rest)
	} else if len(d.rest) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(d.rest))
	list := entries(d.rest[:n])
	d.rest = d.rest[n:]
	return list, nil
}
