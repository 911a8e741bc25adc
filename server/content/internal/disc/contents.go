package disc

import (
	"io"
	"io/fs"
	"sort"
)

// Contents are the bytes of extents of an image. Where they lie in one run, they are a section of the image
// itself (io.SectionReader.Outer), and nothing is between.
func Contents(image io.ReaderAt, imageSize int64, extents []Extent, size int64) (*io.SectionReader, error) {
	p := pieces{image: image}
	for _, e := range extents {
		if e.Size == 0 {
			continue
		}
		if e.Size < 0 || e.Offset < -1 || e.Offset > imageSize || e.Offset >= 0 && e.Size > imageSize-e.Offset {
			return nil, Faultf("it lies at bytes %d to %d, and the image ends at %d: is the download whole?",
				e.Offset, e.Offset+e.Size, imageSize)
		}
		if p.size += e.Size; p.size < 0 {
			return nil, Faultf("its parts are larger than a file can be")
		}
		if last := len(p.extents) - 1; last >= 0 && p.follows(e) { // a part is 1 or 4 GiB, and the next lies behind it
			p.extents[last].Size, p.ends[last] = p.extents[last].Size+e.Size, p.size
			continue
		}
		p.extents, p.ends = append(p.extents, e), append(p.ends, p.size)
	}
	if p.size < size {
		return nil, Faultf("it has %d bytes, and its parts only %d", size, p.size)
	}
	if len(p.extents) == 1 && p.extents[0].Offset >= 0 {
		return io.NewSectionReader(image, p.extents[0].Offset, size), nil
	}
	return io.NewSectionReader(&p, 0, size), nil
}

// pieces are several extents as one.
type pieces struct {
	image   io.ReaderAt
	extents []Extent
	ends    []int64 // where each ends in the whole
	size    int64
}

// follows tells whether an extent begins where the last ends.
func (p *pieces) follows(e Extent) bool {
	last := p.extents[len(p.extents)-1]
	return last.Offset >= 0 && last.Offset+last.Size == e.Offset
}

// ReadAt implements io.ReaderAt.
func (p *pieces) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fs.ErrInvalid
	}
	done := 0
	for i := sort.Search(len(p.ends), func(i int) bool { return p.ends[i] > off }); done < len(b); i++ {
		if i == len(p.extents) {
			return done, io.EOF
		}
		e, skip := p.extents[i], off+int64(done)-(p.ends[i]-p.extents[i].Size)
		part := b[done:min(int64(len(b)), int64(done)+e.Size-skip)]
		if e.Offset < 0 {
			clear(part)
		} else if n, err := p.image.ReadAt(part, e.Offset+skip); n < len(part) {
			return done + n, err
		}
		done += len(part)
	}
	return done, nil
}
