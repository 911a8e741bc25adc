// Package image answers: what did they download, and what is in it?
//
// A directory, a tarball, an ISO and a UDF image are told by what is in them, never by their names, and
// all become the same: a content.Source. What is none of these is told for what it looks like, since a download
// that failed, or the wrong file, is what people serve by mistake.
package image

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/archive"
	"github.com/bootrig/bootrig/server/content/iso9660"
	"github.com/bootrig/bootrig/server/content/udf"
)

// A Kind is what an image is.
type Kind string

// The kinds.
const (
	Directory Kind = "directory"
	Tar       Kind = "tar"
	TarGz     Kind = "tar.gz"
	TarXz     Kind = "tar.xz"
	TarZst    Kind = "tar.zst"
	ISO       Kind = "ISO 9660"
	UDF       Kind = "UDF"
)

// About is what an image is found to be.
type About struct {
	Kind   Kind
	Volume string   // the label of an ISO or UDF image
	Notes  []string // what of it cannot be served, a line each
}

// An Image is what was opened, as a content.Source.
type Image struct {
	content.Source
	About
	dir   *content.Dir // nil: a file
	close func() error
}

// Hindered says why nothing of a directory is served, if others may not enter it.
func (i *Image) Hindered() error {
	if i.dir == nil {
		return nil
	}
	return i.dir.Hindered()
}

// Options are how images are opened. The zero value will do.
type Options struct {
	Cache    string                        // where compressed tarballs are unpacked; see archive.Options
	Progress func(done, total int64) error // of unpacking
	Dir      content.Options               // of a directory
}

// Open opens what has a path.
func Open(path, cacheDir string) (*Image, error) { return Options{Cache: cacheDir}.Open(path) }

// stat says of what is not there no more than that.
func stat(path string) (fs.FileInfo, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: no such file or directory", path)
	}
	return info, err
}

// Open opens what has a path.
func (o Options) Open(path string) (*Image, error) {
	info, err := stat(path)
	if err != nil {
		return nil, err
	}
	switch mode := info.Mode(); {
	case mode.IsDir():
		return o.directory(path)
	case !mode.IsRegular() && mode&fs.ModeDevice == 0 || mode&fs.ModeCharDevice != 0:
		return nil, fmt.Errorf("%s: is neither a directory nor a file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	size, err := f.Seek(0, io.SeekEnd) // a CD in a drive has no size otherwise
	if err != nil {
		f.Close()
		return nil, err
	}
	i, err := o.file(f, size)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return i, nil
}

// Close gives back what the image is read from. Files of it cannot be read any more.
func (i *Image) Close() error { return i.close() }

func (o Options) directory(path string) (*Image, error) {
	d, err := o.Dir.OpenDir(path)
	if err != nil {
		return nil, err
	}
	return &Image{d.Source(), About{Kind: Directory}, d, d.Close}, nil
}

// file makes an Image of a file, and takes it over unless there is an error.
func (o Options) file(f *os.File, size int64) (*Image, error) {
	head := make([]byte, min(size, headSize))
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, err
	}
	switch {
	case udf.Present(f) || iso9660.Present(f):
		if err := whole(head, size); err != nil {
			return nil, err
		}
		return disc(f, size)
	case archive.Is(head):
		a, err := archive.Options{Cache: o.Cache, Progress: o.Progress}.Read(f)
		if err != nil {
			return nil, err
		}
		return &Image{a, About{Kind: Kind(a.Kind()), Notes: a.Notes()}, nil, a.Close}, nil
	}
	return nil, looks(head)
}

// disc makes an Image of that of a CD or DVD.
func disc(f *os.File, size int64) (*Image, error) {
	if udf.Preferred(f, size) {
		i, err := udf.Open(f, size)
		if err != nil {
			return nil, err
		}
		return &Image{i, About{Kind: UDF, Volume: i.Volume()}, nil, f.Close}, nil
	}
	i, err := iso9660.Open(f, size)
	if err != nil {
		return nil, err
	}
	return &Image{i, About{Kind: ISO, Volume: i.Volume()}, nil, f.Close}, nil
}
