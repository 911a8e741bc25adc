package build

import (
	"bytes"
	"fmt"
	"io"
	"sort"
	"strings"
)

// A Part is some bytes, and how many.
type Part struct {
	io.ReaderAt
	Size int64
}

// Bytes is a part in memory.
func Bytes(b []byte) Part { return Part{bytes.NewReader(b), int64(len(b))} }

// Text is a part in memory.
func Text(s string) Part { return Part{strings.NewReader(s), int64(len(s))} }

// Zeros is a part of n zeros.
func Zeros(n int64) Part { return Part{zeros(n), n} }

type zeros int64

func (z zeros) ReadAt(p []byte, off int64) (int, error) {
	n := max(0, min(int64(len(p)), int64(z)-off))
	clear(p[:n])
	if n < int64(len(p)) {
		return int(n), io.EOF
	}
	return int(n), nil
}

// Join is parts one behind the other.
func Join(parts ...Part) Part {
	j := &joined{}
	for _, p := range parts {
		if p.Size <= 0 {
			continue
		}
		if inner, ok := p.ReaderAt.(*joined); ok && inner.size == p.Size {
			for i, each := range inner.parts {
				j.add(Part{each, inner.end(i) - inner.begins[i]})
			}
			continue
		}
		j.add(p)
	}
	return Part{j, j.size}
}

// Slice is n bytes of a part, from off on; fewer where it ends.
func Slice(p Part, off, n int64) Part {
	off = max(0, min(off, p.Size))
	n = max(0, min(n, p.Size-off))
	return Part{io.NewSectionReader(p, off, n), n}
}

// padded is parts one behind the other, with zeros up to the next multiple of align behind them.
func padded(align int64, parts ...Part) Part {
	whole := Join(parts...)
	return Join(whole, Zeros(up(whole.Size, align)-whole.Size))
}

// up is the next multiple of align.
func up(n, align int64) int64 { return (n + align - 1) / align * align }

// joined reads several readers as one.
type joined struct {
	parts  []io.ReaderAt
	begins []int64
	size   int64
}

func (j *joined) add(p Part) {
	j.parts, j.begins = append(j.parts, p.ReaderAt), append(j.begins, j.size)
	j.size += p.Size
}

func (j *joined) end(i int) int64 {
	if i+1 < len(j.begins) {
		return j.begins[i+1]
	}
	return j.size
}

// ReadAt reads across the parts. A part that ends before its size, as a file that was cut off does, is an error
// and never passed over: what comes behind would stand in the wrong place.
func (j *joined) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, fmt.Errorf("read at %d", off)
	}
	for i := sort.Search(len(j.parts), func(i int) bool { return j.end(i) > off }); n < len(p); i++ {
		if i >= len(j.parts) {
			return n, io.EOF
		}
		at := off + int64(n)
		want := min(int64(len(p)-n), j.end(i)-at)
		got, err := j.parts[i].ReadAt(p[n:n+int(want)], at-j.begins[i])
		n += got
		if int64(got) < want {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return n, fmt.Errorf("part %d of %d: %w", i+1, len(j.parts), err)
		}
	}
	return n, nil
}
