// Package disc is what the readers of ISO 9660 and UDF share: from the records of an image to io/fs.
//
// A format tells what a directory's records say, and where contents lie. An FS walks, follows links inside the
// image, and remembers directories, up to a bound. Nothing is read before it is asked for, so that an image of
// any size is opened in no time; and nothing an image says is believed before it is known to be possible:
// directories do not lie in one another, contents lie in the image, names are names.
package disc

import (
	"fmt"
	"io/fs"
	"time"
)

// A Node is what an image says of a file, a directory or a link.
type Node struct {
	Name    string
	Mode    fs.FileMode
	Size    int64
	ModTime time.Time
	Target  string // of a link

	// At is where in the image the record lies that names it: another for every name of an image.
	At int64
	// Where is the place that the format finds the contents by.
	Where int64
	// Extents is where the contents lie, where the record says it by itself.
	Extents []Extent
	// Refused is why the contents cannot be had; nil for most.
	Refused error
}

// An Extent is a run of bytes of the image; one at -1 is a hole, whose bytes are zero.
type Extent struct{ Offset, Size int64 }

// A Fault is what is wrong with an image itself, and will not be better when it is read again.
type Fault string

// Error is the fault in words.
func (f Fault) Error() string { return string(f) }

// Faultf is a Fault.
func Faultf(format string, args ...any) error { return Fault(fmt.Sprintf(format, args...)) }

// info is a node as io/fs shows it; it is its own directory entry.
type info struct{ node *Node }

func (i info) Name() string               { return i.node.Name }
func (i info) Size() int64                { return i.node.Size }
func (i info) Mode() fs.FileMode          { return i.node.Mode }
func (i info) Type() fs.FileMode          { return i.node.Mode.Type() }
func (i info) ModTime() time.Time         { return i.node.ModTime }
func (i info) IsDir() bool                { return i.node.Mode.IsDir() }
func (i info) Sys() any                   { return i.node }
func (i info) Info() (fs.FileInfo, error) { return i, nil }
func (i info) String() string             { return fs.FormatFileInfo(i) }
