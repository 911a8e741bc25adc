// Package archive answers: what is in a tarball?
//
// A tarball is read in place: its members are found once, and each file is a part of it from then on. One
// that is compressed is unpacked once, since what is in the middle of it could not be had otherwise: a small
// one into memory, a large one into a file of the cache directory that is named by what it was made of, so
// that the next run finds it.
//
// Names and links are what tar would make of them: the last of two members of one name counts, a slash at
// the beginning is dropped, a hard link is the file it names. Whoever made a tarball may mean ill: names that
// climb, sizes that are not true and what unpacks to more than it could be for an honest reason are told in a
// line, and never reach outside.
package archive

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/bootrig/bootrig/server/content/index"
)

// An Archive is what a tarball has in it. It is a content.Source.
type Archive struct {
	*index.Tree
	kind  string
	notes []string
	close func() error
}

// Options are how a tarball is opened. The zero value unpacks into memory or an unnamed temporary file.
type Options struct {
	Cache    string                        // the directory for what had to be unpacked; "": it is unpacked anew by each run
	Progress func(done, total int64) error // told how much of a compressed file is unpacked; its error ends that
	Memory   int64                         // what unpacks to no more than this is kept in memory; 0: 8 MiB
	Most     int64                         // what unpacks to more than this is refused; 0: 64 GiB
}

const (
	defaultMemory = 8 << 20
	defaultMost   = 64 << 30
)

// Open opens a tarball, and unpacks it if it is compressed and was not unpacked into the directory cache
// before.
func Open(path, cache string) (*Archive, error) { return Options{Cache: cache}.Open(path) }

// Open opens a tarball, and unpacks it if it is compressed and was not unpacked before.
func (o Options) Open(path string) (*Archive, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, bare(err))
	}
	a, err := o.Read(f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

// Is tells a tarball by how it begins, also one that is compressed; then it may be something else that is.
func Is(head []byte) bool { return compressionOf(head) != nil || isTar(head) }

// Read makes an Archive of an open file, and takes it over unless there is an error.
func (o Options) Read(f *os.File) (*Archive, error) {
	if o.Memory == 0 {
		o.Memory = defaultMemory
	}
	if o.Most == 0 {
		o.Most = defaultMost
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("is not a regular file")
	}
	if err != nil {
		return nil, bare(err)
	}
	head := make([]byte, headSize)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, bare(err)
	}
	c := compressionOf(head[:n])
	if c == nil {
		t, err := tree(f, info.Size(), info.ModTime())
		if err != nil {
			return nil, err
		}
		return &Archive{t.Tree, "tar", t.told(), f.Close}, nil
	}
	whole, err := o.unpack(f, info.Size(), c)
	if err != nil {
		return nil, err
	}
	t, err := tree(whole, whole.size, info.ModTime())
	if err != nil {
		whole.Close()
		return nil, err
	}
	f.Close()
	return &Archive{t.Tree, "tar." + c.suffix, t.told(), whole.Close}, nil
}

// Kind is "tar", "tar.gz", "tar.xz" or "tar.zst".
func (a *Archive) Kind() string { return a.kind }

// Notes say, a line each, what of the tarball cannot be served, and why.
func (a *Archive) Notes() []string { return a.notes }

// Close gives the file back. Files of the Archive cannot be read any more.
func (a *Archive) Close() error { return a.close() }

// bare takes the path off an error: who opened the archive says it.
func bare(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
