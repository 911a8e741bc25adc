package archive

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

func TestABombEndsAtALimit(t *testing.T) {
	for _, c := range []struct {
		rule  string
		total int64 // how large the file is
		most  int64
		stops int64
		want  string
	}{
		{"a small file becomes a large one", 1 << 20, 64 << 30, 1 << 30, "becomes more than 200 times as large unpacked, which is the limit beyond 1 GiB"},
		{"a large one a larger one", 1 << 30, 2 << 30, 2 << 30, "is more than 2 GiB unpacked, which is the limit"},
	} {
		l := &limited{r: zeros{}, from: &source{total: c.total}, most: c.most}
		n, err := io.Copy(io.Discard, l)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || n > c.stops || n < c.stops-1<<20 {
			t.Errorf("%s: stops at %d with %v, want %d and %s", c.rule, n, err, c.stops, c.want)
		}
		if got := l.why(&compressions[0], io.ErrUnexpectedEOF); !errors.Is(got, err) {
			t.Errorf("%s: then it says %v", c.rule, got)
		}
	}
}

func TestAnXZMayNotWantAllMemory(t *testing.T) {
	for _, c := range []struct {
		rule  string
		flags byte
		block string
		want  string
	}{
		{"64 MiB, as xz -9 has it", 0, "\x21\x01\x1c", ""},
		{"256 MiB", 0, "\x21\x01\x20", ""},
		{"384 MiB", 0, "\x21\x01\x21", "unpacking it takes 384 MiB of memory, more than the limit of 256 MiB: unpack it by hand and serve what comes out"},
		{"almost 4 GiB behind two sizes", 0xc0, "\x81\x01\x80\x80\x01\x21\x01\x28", "unpacking it takes 4 GiB of memory, more than the limit of 256 MiB: unpack it by hand and serve what comes out"},
		{"4 GiB behind one", 0x40, "\x7f\x21\x01\x27", "unpacking it takes 3 GiB of memory, more than the limit of 256 MiB: unpack it by hand and serve what comes out"},
		{"cut", 0, "\x21", ""},
		{"another filter", 0, "\x03\x01\x28", ""},
	} {
		got := ""
		if err := dictionary([]byte("\xfd7zXZ\x00\x00\x04\x00\x00\x00\x00\x02" + string(c.flags) + c.block)); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.rule, got, c.want)
		}
	}
}

func TestADiskThatCannotBeWrittenIsTold(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	f.Close() // as one that is full
	why := func(error) error { t.Error("the file that is read was blamed"); return nil }
	want := "cannot be unpacked into " + filepath.Dir(f.Name()) + ": file already closed"
	if err := fill(f, strings.NewReader("text"), why); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
