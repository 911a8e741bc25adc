package index

import (
	"errors"
	"io"
	"io/fs"
)

// Open makes an open directory of what is known of it. It is an fs.ReadDirFile.
func Open(info fs.FileInfo, entries []fs.DirEntry) fs.File { return &dir{info, entries} }

type dir struct {
	info fs.FileInfo
	all  []fs.DirEntry // that ReadDir has not told yet
}

func (d *dir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *dir) Close() error               { return nil }

func (d *dir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.info.Name(), Err: errors.New("is a directory")}
}

// ReadDir lists the next n, or all if n is not positive.
func (d *dir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(d.all)
	} else if len(d.all) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(d.all))
	some := d.all[:n:n]
	d.all = d.all[n:]
	return some, nil
}
