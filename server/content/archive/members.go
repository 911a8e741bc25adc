package archive

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/content/index"
	"github.com/bootrig/bootrig/server/content/links"
)

// maxMembers is more than a mirror of a distribution has; the names are kept in memory.
const maxMembers = 250_000

// The longest name, and the longest element of one, that Linux has (limits.h).
const (
	pathMax = 4096
	nameMax = 255
)

// found is what was found in a tarball so far.
type found struct {
	*index.Tree
	notes []string
	more  int // notes that are left out
}

// maxNotes is how many notes are of use to anybody.
const maxNotes = 20

// tree finds the members of a tarball that is size long.
func tree(r io.ReaderAt, size int64, made time.Time) (*found, error) {
	at := io.NewSectionReader(r, 0, size)
	head := make([]byte, 512)
	if n, _ := at.ReadAt(head, 0); !isTar(head[:n]) {
		return nil, errors.New("is no tarball")
	}
	t := &found{Tree: index.New(made)}
	members, last := tar.NewReader(at), ""
	for n := 0; ; n++ {
		h, err := members.Next()
		if errors.Is(err, io.EOF) {
			t.end(at)
			return t, nil
		}
		if err != nil {
			return nil, unreadable(err, last)
		}
		if n >= maxMembers {
			return nil, fmt.Errorf("has more than %d members, which is the limit: unpack it and serve the directory", maxMembers)
		}
		begin, err := at.Seek(0, io.SeekCurrent)
		if err != nil {
			return nil, err
		}
		if last = h.Name; h.Size > size-begin && isFile(h) && !isSparse(h) {
			return nil, unreadable(io.ErrUnexpectedEOF, last)
		}
		t.add(h, io.NewSectionReader(r, begin, h.Size))
	}
}

// unreadable says where a tarball cannot be read on.
func unreadable(err error, last string) error {
	if last == "" {
		last = "the first member"
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("ends in the middle, at %q: download it again", last)
	}
	return fmt.Errorf("is damaged behind %q (%w): download it again", last, err)
}

// end notes that a tarball has no end mark: two blocks of zeros (POSIX pax, ustar interchange format).
func (t *found) end(at io.ReadSeeker) {
	const block = 512
	mark := make([]byte, block)
	if _, err := at.Seek(-block, io.SeekCurrent); err != nil {
		return
	}
	if _, err := io.ReadFull(at, mark); err != nil || strings.Trim(string(mark), "\x00") != "" {
		t.note("it has no end mark: it may be the beginning of a longer one")
	}
}

func (t *found) note(format string, args ...any) {
	if len(t.notes) == maxNotes {
		t.more++
		return
	}
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// told are the notes.
func (t *found) told() []string {
	if t.more > 0 {
		return append(t.notes, fmt.Sprintf("and so for %d more", t.more))
	}
	return t.notes
}

// add puts a member where it belongs.
func (t *found) add(h *tar.Header, body io.ReaderAt) {
	if h.Typeflag == tar.TypeXGlobalHeader || h.Typeflag == volumeLabel {
		return // of no file
	}
	name, err := nameOf(h.Name)
	if err != nil {
		t.note("the member %.200q is left out: %v", h.Name, err)
		return
	}
	n := index.Node{Mode: fs.FileMode(h.Mode).Perm(), ModTime: h.ModTime}
	switch {
	case isSparse(h):
		n.Broken = errSparse
		t.note("the member %.200q cannot be served: %v", h.Name, errSparse)
	case isFile(h):
		n.Size, n.Body = h.Size, body
	default:
		err = t.special(h, &n)
	}
	if err == nil {
		err = t.Put(name, n)
	}
	if err != nil {
		t.note("the member %.200q is left out: %v", h.Name, bare(err))
	}
}

// special makes a node of a member that has no bytes of its own.
func (t *found) special(h *tar.Header, n *index.Node) error {
	switch h.Typeflag {
	case tar.TypeDir, dumpDir:
		n.Mode |= fs.ModeDir
	case tar.TypeSymlink:
		n.Mode, n.Target = fs.ModeSymlink|0o777, h.Linkname
	case tar.TypeLink:
		target, err := nameOf(h.Linkname)
		old, ok := t.Get(target)
		if err != nil || !ok || old.Mode.IsDir() {
			return fmt.Errorf("it is a hard link to %.200q, which is no file before it", h.Linkname)
		}
		*n = old
	case tar.TypeChar, tar.TypeBlock:
		n.Mode |= fs.ModeDevice
	case tar.TypeFifo:
		n.Mode |= fs.ModeNamedPipe
	default:
		return fmt.Errorf("it is of the type %q, which is not known", h.Typeflag)
	}
	return nil
}

// Types of GNU tar (tar.info, section Basic Tar Format).
const (
	dumpDir     = 'D' // a directory with a list of names in it
	volumeLabel = 'V'
)

var errSparse = errors.New("it is stored as a sparse file, which cannot be read in place: make the tarball without --sparse, or unpack it and serve the directory")

func isFile(h *tar.Header) bool {
	const contiguous = '7'
	return h.Typeflag == tar.TypeReg || h.Typeflag == contiguous
}

// isSparse tells GNU's ways to leave out holes, the old one and those of PAX records.
func isSparse(h *tar.Header) bool {
	if h.Typeflag == tar.TypeGNUSparse {
		return true
	}
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return false
}

// nameOf is the name of a member below the top of the tarball.
func nameOf(name string) (string, error) {
	for element := range strings.SplitSeq(name, "/") {
		switch {
		case element == "..":
			return "", errors.New("its name climbs out")
		case len(element) > nameMax:
			return "", fmt.Errorf("a part of its name is longer than %d bytes", nameMax)
		}
	}
	clean := strings.TrimPrefix(path.Clean("/"+name), "/")
	switch {
	case clean == "":
		return ".", nil
	case len(clean) > pathMax:
		return "", fmt.Errorf("its name is longer than %d bytes", pathMax)
	case !links.Valid(clean):
		return "", errors.New("its name is none")
	}
	return clean, nil
}
