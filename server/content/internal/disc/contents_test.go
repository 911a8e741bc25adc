package disc

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestContentsAreTheBytesOfTheExtents(t *testing.T) {
	const image = "0123456789abcdefghij"
	for name, c := range map[string]struct {
		extents []Extent
		size    int64
		want    string
		runs    int // of bytes that lie together
	}{
		"nothing":                           {nil, 0, "", 0},
		"one run":                           {[]Extent{{2, 5}}, 5, "23456", 1},
		"less than the run has":             {[]Extent{{2, 5}}, 3, "234", 1},
		"two runs":                          {[]Extent{{10, 3}, {0, 4}}, 7, "abc0123", 2},
		"parts that lie behind each other":  {[]Extent{{2, 3}, {5, 2}, {7, 1}}, 6, "234567", 1},
		"a hole":                            {[]Extent{{2, 2}, {-1, 3}, {4, 2}}, 7, "23\x00\x00\x0045", 3},
		"holes alone":                       {[]Extent{{-1, 2}, {-1, 1}}, 3, "\x00\x00\x00", 2},
		"a part without a byte, anywhere":   {[]Extent{{1 << 40, 0}, {2, 2}, {-7, 0}}, 2, "23", 1},
		"the end of the image":              {[]Extent{{18, 2}}, 2, "ij", 1},
		"the same bytes twice":              {[]Extent{{2, 2}, {2, 2}}, 4, "2323", 2},
		"parts of a size that is not whole": {[]Extent{{0, 4}, {8, 4}}, 6, "012389", 2},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Contents(bytes.NewReader([]byte(image)), int64(len(image)), c.extents, c.size)
			if err != nil {
				t.Fatal(err)
			}
			if err := iotest.TestReader(r, []byte(c.want)); err != nil {
				t.Error(err)
			}
			runs := 1
			if _, _, n := r.Outer(); n != c.size {
				t.Errorf("the section has %d bytes", n)
			}
			if outer, _, _ := r.Outer(); outer != nil {
				if p, ok := outer.(*pieces); ok {
					runs = len(p.extents)
				}
			}
			if runs != c.runs {
				t.Errorf("%d runs, and not %d", runs, c.runs)
			}
		})
	}
}

func TestContentsThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		extents []Extent
		size    int64
		want    string
	}{
		"behind the end":            {[]Extent{{0, 5}, {18, 3}}, 8, "it lies at bytes 18 to 21, and the image ends at 20: is the download whole?"},
		"far behind the end":        {[]Extent{{1 << 62, 1 << 62}}, 1, "it lies at bytes 4611686018427387904 to -9223372036854775808, and the image ends at 20: is the download whole?"},
		"before the beginning":      {[]Extent{{-2, 5}}, 5, "it lies at bytes -2 to 3, and the image ends at 20: is the download whole?"},
		"a size below nothing":      {[]Extent{{1, -5}}, 0, "it lies at bytes 1 to -4, and the image ends at 20: is the download whole?"},
		"fewer bytes than it has":   {[]Extent{{1, 5}}, 6, "it has 6 bytes, and its parts only 5"},
		"more bytes than there are": {[]Extent{{-1, 1 << 62}, {-1, 1 << 62}}, 6, "its parts are larger than a file can be"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Contents(bytes.NewReader(make([]byte, 20)), 20, c.extents, c.size)
			if fault := Fault(""); !errors.As(err, &fault) {
				t.Fatalf("%v is no fault of the image", err)
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAReadThatFailsInTheMiddle(t *testing.T) {
	failed := errors.New("the disk")
	r, err := Contents(io.NewSectionReader(readerAt(func(b []byte, off int64) (int, error) {
		if off >= 10 {
			return 0, failed
		}
		return len(b), nil
	}), 0, 20), 20, []Extent{{0, 4}, {10, 4}}, 8)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := r.ReadAt(make([]byte, 8), 0); n != 4 || !errors.Is(err, failed) {
		t.Errorf("%d bytes, %v", n, err)
	}
}

type readerAt func(b []byte, off int64) (int, error)

func (f readerAt) ReadAt(b []byte, off int64) (int, error) { return f(b, off) }
