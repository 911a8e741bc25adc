package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/bootrig/bootrig/server/internal/amount"
)

// A whole is a tarball that is not compressed any more.
type whole struct {
	io.ReaderAt
	size  int64
	close func() error
}

// Close gives back what it is in.
func (w *whole) Close() error { return w.close() }

// unpack makes a whole of a compressed file: in memory where that is enough, else in the cache, where it may
// be already.
func (o Options) unpack(f *os.File, size int64, c *compression) (*whole, error) {
	if err := o.refuse(f, c); err != nil {
		return nil, err
	}
	from := &source{Reader: io.NewSectionReader(f, 0, size), total: size, tell: o.Progress}
	r, err := c.reader(from)
	if err != nil {
		return nil, from.why(c.explain(err))
	}
	defer r.Close()
	l := &limited{r: r, from: from, most: o.Most}
	small := new(bytes.Buffer)
	_, err = io.CopyN(small, l, peek)
	if err == nil || errors.Is(err, io.EOF) {
		if bad := inside(small.Bytes(), c); bad != nil {
			return nil, bad
		}
	}
	if err == nil {
		_, err = io.CopyN(small, l, o.Memory-peek+1)
	}
	switch {
	case errors.Is(err, io.EOF):
		return &whole{bytes.NewReader(small.Bytes()), int64(small.Len()), func() error { return nil }}, nil
	case err != nil:
		return nil, l.why(c, err)
	}
	return o.large(f, io.MultiReader(small, l), func(err error) error { return l.why(c, err) })
}

// peek is how much of what is inside tells what it is.
const peek = 34 << 10

// refuse looks at what a reader would believe.
func (o Options) refuse(f *os.File, c *compression) error {
	if c.check == nil {
		return nil
	}
	head := make([]byte, headSize)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return bare(err)
	}
	return c.check(head[:n])
}

// inside says what else than a tarball was compressed.
func inside(head []byte, c *compression) error {
	const volume = 16*2048 + 1 // ECMA-119 section 8.1: the standard identifier of sector 16
	switch {
	case isTar(head):
		return nil
	case len(head) > volume+5 && string(head[volume:volume+5]) == "CD001":
		return fmt.Errorf("is an ISO image inside: unpack it first (%s)", unpackers[c.suffix])
	case bytes.HasPrefix(head, []byte("070701")) || bytes.HasPrefix(head, []byte("070702")):
		return errors.New("is a cpio archive inside (an initrd): serve the directory that it is in")
	case len(head) == 0:
		return errors.New("has nothing in it")
	}
	return errors.New("is compressed, but what is inside is no tarball: serve the directory that it is in")
}

var unpackers = map[string]string{"gz": "gunzip", "xz": "unxz", "zst": "unzstd"}

// A source is the compressed file, which tells how much of it was read.
type source struct {
	io.Reader
	done, told, total int64
	tell              func(done, total int64) error
	stopped           error
}

// step is how often progress is told.
const step = 1 << 20

func (s *source) Read(b []byte) (int, error) {
	if s.stopped != nil {
		return 0, s.stopped
	}
	n, err := s.Reader.Read(b)
	s.done += int64(n)
	if s.tell != nil && (s.done-s.told >= step || s.done == s.total && s.told < s.total) {
		s.told = s.done
		if s.stopped = s.tell(s.done, s.total); s.stopped != nil {
			return 0, s.stopped
		}
	}
	return n, err
}

// why is the reason why it was stopped, whatever a reader makes of that.
func (s *source) why(err error) error {
	if s.stopped != nil {
		return s.stopped
	}
	return err
}

// A limited reader ends when more comes out than an honest file has in it.
type limited struct {
	r    io.Reader
	from *source
	n    int64
	most int64
	over error
}

// Honest tarballs become two to twenty times as large. The floor is for what is made of zeros, as a disk.
const (
	maxRatio = 200
	floor    = 1 << 30
)

func (l *limited) Read(b []byte) (int, error) {
	if l.over != nil {
		return 0, l.over
	}
	n, err := l.r.Read(b)
	l.n += int64(n)
	switch {
	case l.n > l.most:
		l.over = fmt.Errorf("is more than %s unpacked, which is the limit: unpack it by hand and serve the directory", amount.Bytes(l.most))
	case l.n > floor && l.n > maxRatio*l.from.total:
		l.over = fmt.Errorf("becomes more than %d times as large unpacked, which is the limit beyond %s: unpack it by hand if you trust it, and serve the directory", maxRatio, amount.Bytes(floor))
	default:
		return n, err
	}
	return 0, l.over
}

// why is the reason for an error of reading, as is good to know.
func (l *limited) why(c *compression, err error) error {
	if l.over != nil {
		return l.over
	}
	return l.from.why(c.explain(err))
}
