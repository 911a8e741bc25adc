package iso9660

import (
	"io"
	"io/fs"

	"github.com/bootrig/bootrig/server/content/internal/disc"
)

// format reads directories. It implements disc.Format.
type format struct {
	image     io.ReaderAt
	size      int64
	block     int64
	rockRidge bool
	skip      int // bytes of the system use areas that are not SUSP's: those of CD-ROM XA
	joliet    bool
	areas     areas
}

// Extents is where a file lies: the records said it.
func (f *format) Extents(n *disc.Node) ([]disc.Extent, error) {
	if n.Extents != nil {
		return n.Extents, nil
	}
	return []disc.Extent{{Offset: n.Where, Size: n.Size}}, nil
}

// ReadDir reads the records of a directory. None crosses the border of a sector (ECMA-119 6.8.1.1), and one
// of length zero says that the rest of the sector is empty.
func (f *format) ReadDir(dir *disc.Node, records *io.SectionReader, to *disc.Listing) error {
	f.areas.left = maxContinued
	buf := make([]byte, min(32*sectorSize, records.Size()))
	var p parts
	for at := int64(0); at < records.Size(); at += int64(len(buf)) {
		buf = buf[:min(int64(len(buf)), records.Size()-at)]
		if n, err := records.ReadAt(buf, at); n < len(buf) {
			return err
		}
		for s := 0; s < len(buf); s += sectorSize {
			sector := buf[s:min(s+sectorSize, len(buf))]
			for len(sector) > 0 && sector[0] != 0 {
				r, err := parseRecord(sector, dir.Where+at+int64(s)+int64(min(sectorSize, len(buf)-s)-len(sector)))
				if err != nil {
					return err
				}
				sector = sector[sector[0]:]
				if err := f.add(r, &p, to); err != nil {
					return err
				}
			}
		}
	}
	if p.more {
		return p.unfinished()
	}
	return nil
}

// parts is a file that several records tell of: one of more than 4 GiB has one for each extent, of the same
// name, and the last alone is without the flag (ECMA-119 6.5.1, 9.1.6).
type parts struct {
	more bool
	name string
	node disc.Node
	keep bool
}

func (p *parts) unfinished() error {
	return disc.Faultf("the file whose record lies at byte %d has more parts, and they do not follow", p.node.At)
}

func (f *format) add(r record, p *parts, to *disc.Listing) error {
	if r.name == self || r.name == parent {
		return nil
	}
	if p.more && r.name != p.name {
		return p.unfinished()
	}
	extent := disc.Extent{Offset: r.where(f.block), Size: r.size}
	if p.more {
		p.node.Size += r.size
		p.node.Extents = append(p.node.Extents, extent)
	} else {
		*p = parts{name: r.name}
		var err error
		if p.node, p.keep, err = f.node(r); err != nil {
			return err
		}
		if r.flags&flagMultiExtent != 0 {
			p.node.Extents = []disc.Extent{extent}
		}
	}
	if r.interleaved {
		p.node.Refused = disc.Faultf("its bytes are interleaved with another file's, which is not supported")
	}
	if p.more = r.flags&flagMultiExtent != 0; p.more || !p.keep {
		return nil
	}
	return to.Add(p.node)
}

// node is what a record says, the first of its file. Not all are to be seen: a directory that is relocated is
// where its place was, and a fork is no file.
func (f *format) node(r record) (n disc.Node, keep bool, err error) {
	n = disc.Node{At: r.at, Where: r.where(f.block), Size: r.size, ModTime: r.time(), Mode: 0o444}
	if r.directory() {
		n.Mode = fs.ModeDir | 0o555
	}
	switch {
	case f.joliet:
		n.Name = jolietName(r.name)
	default:
		n.Name = plainName(r.name)
	}
	keep = r.flags&flagAssociated == 0
	if f.rockRidge && keep {
		var relocated bool
		relocated, err = f.rock(r, &n)
		keep = !relocated
	}
	if n.Mode.IsDir() && r.flags&flagMultiExtent != 0 {
		err = disc.Faultf("the directory whose record lies at byte %d has several parts", r.at)
	}
	return n, keep, err
}
