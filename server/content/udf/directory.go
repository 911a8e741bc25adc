package udf

import (
	"bufio"
	"errors"
	"io"
	"sort"
	"strings"

	"github.com/bootrig/bootrig/server/content/internal/disc"
)

// format reads directories. It implements disc.Format.
type format struct {
	image   io.ReaderAt
	size    int64
	volume  *volume
	scratch []byte // a block, for who reads a directory: one at a time
}

// root is where the root's file entry lies, and the descriptor that says so: ECMA-167 4/14.1.
func (f *format) root() (root, at int64, err error) {
	if at, err = f.volume.where(f.volume.fileSet); err != nil {
		return 0, 0, err
	}
	b := make([]byte, 512)
	if err := read(f.image, f.size, b, at); err != nil {
		return 0, 0, err
	}
	if tag(b) != tagFileSet {
		return 0, 0, disc.Faultf("no UDF file set descriptor at byte %d", at)
	}
	root, err = f.volume.where(readAddress(b[400+4:]))
	return root, at, err
}

// Characteristics of a file identifier, ECMA-167 4/14.4.3.
const (
	isDeleted = 1 << 2
	isParent  = 1 << 3
)

// ReadDir reads the file identifier descriptors of a directory, ECMA-167 4/14.4, and the file entries that they
// tell of.
func (f *format) ReadDir(dir *disc.Node, records *io.SectionReader, to *disc.Listing) error {
	extents, err := f.Extents(dir)
	if err != nil {
		return err
	}
	p := newPlaces(extents)
	r := bufio.NewReaderSize(records, 64<<10)
	const header = 38
	for at := int64(0); ; {
		b := make([]byte, header, 300)
		if _, err := io.ReadFull(r, b); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		where := p.where(at)
		if tag(b) != tagFileIdentifier {
			return disc.Faultf("no UDF file identifier at byte %d", where)
		}
		use, name := int(le16(b[36:])), int(b[19])
		rest := make([]byte, (header+use+name+3)/4*4-header)
		if _, err := io.ReadFull(r, rest); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return disc.Faultf("the UDF file identifier at byte %d is truncated", where)
		} else if err != nil {
			return err
		}
		at += int64(header + len(rest))
		if b[18]&(isDeleted|isParent) != 0 {
			continue
		}
		if err := f.add(cs0(rest[use:use+name]), where, readAddress(b[24:]), to); err != nil {
			return err
		}
	}
}

// add adds the file of an identifier. What is wrong with its file entry is no reason to refuse the directory.
func (f *format) add(name string, at int64, icb address, to *disc.Listing) error {
	n := disc.Node{Name: name, At: at, Mode: 0o444}
	var err error
	if n.Where, err = f.volume.where(icb); err == nil {
		err = f.describe(&n)
	}
	if fault := disc.Fault(""); errors.As(err, &fault) {
		n.Refused, err = fault, nil
	}
	if err != nil {
		return err
	}
	return to.Add(n)
}

// places tells where in the image the bytes of a directory lie.
type places struct {
	extents []disc.Extent
	ends    []int64
}

func newPlaces(extents []disc.Extent) places {
	p := places{extents: extents}
	end := int64(0)
	for _, e := range extents {
		end += e.Size
		p.ends = append(p.ends, end)
	}
	return p
}

func (p places) where(at int64) int64 {
	i := sort.Search(len(p.ends), func(i int) bool { return p.ends[i] > at })
	if i == len(p.ends) {
		return -1
	}
	return p.extents[i].Offset + at - (p.ends[i] - p.extents[i].Size)
}

// maxTarget is how many bytes a link may have, as on Linux.
const maxTarget = 4096

// target is where a link leads: its contents are path components, ECMA-167 4/14.16.
func (f *format) target(e *entry) (string, error) {
	if e.size > maxTarget {
		return "", disc.Faultf("the link whose UDF file entry lies at byte %d has more than %d bytes", e.at, maxTarget)
	}
	extents, err := f.extents(e, 0)
	if err != nil {
		return "", err
	}
	r, err := disc.Contents(f.image, f.size, extents, e.size)
	if err != nil {
		return "", err
	}
	b := make([]byte, e.size)
	if _, err := io.ReadFull(r, b); err != nil {
		return "", err
	}
	return components(b, e.at)
}

func components(b []byte, at int64) (string, error) {
	const root, rootOfFileSet, parent, self, named = 1, 2, 3, 4, 5
	var parts []string
	for len(b) > 0 {
		if len(b) < 4 || len(b) < 4+int(b[1]) {
			return "", disc.Faultf("the link whose UDF file entry lies at byte %d is truncated", at)
		}
		kind, id := b[0], b[4:4+int(b[1])]
		b = b[4+len(id):]
		switch kind {
		case root, rootOfFileSet:
			parts = []string{""}
		case parent:
			parts = append(parts, "..")
		case self:
			parts = append(parts, ".")
		case named:
			parts = append(parts, cs0(id))
		}
	}
	if len(parts) == 1 && parts[0] == "" {
		return "/", nil
	}
	return strings.Join(parts, "/"), nil
}
