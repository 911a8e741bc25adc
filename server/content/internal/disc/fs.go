package disc

import (
	"container/list"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
)

// maxDirectory is how many bytes of records one directory may have.
const maxDirectory = 64 << 20

var errKind = fmt.Errorf("not a regular file: %w", fs.ErrPermission)

// A Format knows how an image says things.
type Format interface {
	// ReadDir adds what the records of a directory say, in their order. It is called by one goroutine at a time.
	ReadDir(dir *Node, records *io.SectionReader, to *Listing) error
	// Extents is where the contents of a node lie.
	Extents(n *Node) ([]Extent, error)
}

// Config is what an FS is made of.
type Config struct {
	Image  io.ReaderAt
	Size   int64
	Block  int64 // of the image: directories do not share one
	Root   Node
	Format Format
	Fold   bool // names are found without regard to case
}

// FS is an image as a file system, for several goroutines.
type FS struct {
	c       Config
	cache   cache
	reading sync.Mutex // one directory is read at a time, so that the memory for it is bounded
	claims  claims
}

// New makes an FS.
func New(c Config) *FS {
	c.Root.Name, c.Root.Mode = ".", c.Root.Mode|fs.ModeDir
	f := &FS{c: c, claims: newClaims(c.Block)}
	f.cache.of = map[int64]*list.Element{}
	return f
}

// directory is what a node holds that is a directory.
func (f *FS) directory(n *Node) (*directory, error) {
	if k, ok := f.cache.get(n.At); ok {
		return k.dir, k.err
	}
	f.reading.Lock()
	defer f.reading.Unlock()
	if k, ok := f.cache.get(n.At); ok { // another goroutine was faster
		return k.dir, k.err
	}
	dir, err := f.read(n)
	if fault := Fault(""); err == nil || errors.As(err, &fault) {
		f.cache.put(&kept{at: n.At, dir: dir, err: err})
	}
	return dir, err
}

func (f *FS) read(n *Node) (*directory, error) {
	if n.Size > maxDirectory {
		return nil, Faultf("the directory has %d MiB of records, and %d may be", n.Size>>20, maxDirectory>>20)
	}
	records, extents, err := f.contents(n)
	if err != nil {
		return nil, err
	}
	copied := false
	if n.Size > 0 {
		if copied, err = f.claims.take(extents, n); err != nil {
			return nil, err
		}
	}
	var l Listing
	if err := f.c.Format.ReadDir(n, records, &l); err != nil {
		return nil, err
	}
	d := l.directory(f.c.Fold)
	d.copied = copied
	return d, nil
}

func (f *FS) contents(n *Node) (*io.SectionReader, []Extent, error) {
	if n.Refused != nil {
		return nil, nil, n.Refused
	}
	extents, err := f.c.Format.Extents(n)
	if err != nil {
		return nil, nil, err
	}
	r, err := Contents(f.c.Image, f.c.Size, extents, n.Size)
	return r, extents, err
}
