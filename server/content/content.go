// Package content answers: which file does a client mean by this name?
//
// Boot programs write names in many ways: `\Boot\BCD`, `/tftpboot/x` where the root is /tftpboot, `/x`,
// `x`, sometimes with bytes behind the end. A Tree takes the name as it was written and yields the
// file, and never one from outside its root.
package content

import (
	"errors"
	"io"
	"time"

	"github.com/bootrig/bootrig/server/content/index"
	"github.com/bootrig/bootrig/server/content/links"
)

// A Tree holds the files that clients may have. Open is called from several goroutines.
//
// Its errors answer to errors.Is with fs.ErrNotExist, fs.ErrPermission, ErrEscape, ErrLoop,
// ErrIsDirectory or ErrNotRegular, and are *fs.PathError with the path as a client would write it.
type Tree interface {
	Open(name string) (*File, error)
}

var (
	// ErrEscape says that a symbolic link leads out of the root. It is also fs.ErrPermission.
	ErrEscape = links.ErrEscape
	// ErrLoop says that there are more links on the way than Linux would follow.
	ErrLoop = links.ErrLoop
	// ErrIsDirectory says that the name is a directory's.
	ErrIsDirectory = errors.New("is a directory")
	// ErrNotRegular says that the name is a device's, a socket's or a FIFO's. It is also fs.ErrPermission.
	ErrNotRegular = index.ErrNotRegular
)

// A File is one open file of a Tree. Its ReaderAt is a syscall.Conn if the host has the same bytes in a file.
type File struct {
	io.ReaderAt
	Name    string // below the root, with slashes, links not resolved: "xenserver/xen.gz"
	Size    int64
	ModTime time.Time
	// Garbage is what had to be cut off the end of the name to find the file. A ROM whose DHCP option 67
	// was not terminated sends such names (netboot.xyz#1198); the log should tell.
	Garbage string

	close  func() error
	pieces *pieces // shared with others who read it
	piece  *piece  // what was read last
	ahead  []*piece
}

// NewFile makes a File; close may be nil.
func NewFile(name string, r io.ReaderAt, size int64, modTime time.Time, close func() error) *File {
	return &File{ReaderAt: r, Name: name, Size: size, ModTime: modTime, close: close}
}

// Close releases the file.
func (f *File) Close() error {
	for _, p := range append(f.ahead, f.piece) {
		f.pieces.give(p)
	}
	f.piece, f.ahead = nil, nil
	if f.close == nil {
		return nil
	}
	return f.close()
}
