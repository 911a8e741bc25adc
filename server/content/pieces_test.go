package content_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/contenttest"
)

func TestParts(t *testing.T) {
	old := strings.Repeat("old", 30_000) // three pieces, the last one short
	dir := contenttest.Plant(t, map[string]string{"a": old, "same": "->a"})
	d := open(t, dir, "/tftpboot")
	one, two := opened(t, d, "a"), opened(t, d, "same")
	for _, at := range []int64{0, 1, 40_000, 89_999, 7} {
		got := partOf(t, one, at)
		if len(got) == 0 || string(got) != old[at:int(at)+len(got)] {
			t.Fatalf("byte %d: %d others", at, len(got))
		}
		if same := partOf(t, two, at); &same[0] != &got[0] {
			t.Errorf("byte %d: two who read one file read it twice", at)
		}
	}
	held := partOf(t, one, 0)
	// It is written over, not replaced: who comes now has what is there now.
	now := strings.Repeat("new", 30_000)
	if err := os.WriteFile(filepath.Join(dir, "a"), []byte(now), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(filepath.Join(dir, "a"), time.Time{}, time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	late := opened(t, d, "a")
	if got := partOf(t, late, 0); string(got) != now[:len(got)] {
		t.Errorf("after the file was written over: %q...", got[:3])
	}
	if string(held) != old[:len(held)] {
		t.Error("a part that is held has changed")
	}
	if err := os.Truncate(filepath.Join(dir, "a"), 40_000); err != nil {
		t.Fatal(err)
	}
	if _, err := late.Part(70_000); err == nil || err.Error() != "the file ends before 65536, it had 90000 bytes when it was opened" {
		t.Errorf("after the file was cut off: %v", err)
	}
	partOf(t, late, 7) // what went wrong took nothing
}

// TestAPartIsReadIntoThePlaceOfTheLastOne: a file that one machine fetches costs the memory of one part.
func TestAPartIsReadIntoThePlaceOfTheLastOne(t *testing.T) {
	f := opened(t, open(t, contenttest.Plant(t, map[string]string{"a": strings.Repeat("x", 10<<20)}), "/"), "a")
	at := int64(0)
	if n := testing.AllocsPerRun(100, func() { partOf(t, f, at); at += 100_000 }); n > 0 {
		t.Errorf("%v allocations a part", n)
	}
}

func partOf(t *testing.T, f *content.File, at int64) []byte {
	t.Helper()
	b, err := f.Part(at)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func opened(t *testing.T, d *content.Dir, name string) *content.File {
	t.Helper()
	f, err := d.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// counted counts what is read of it, and can be read up to a byte.
type counted struct {
	reads []int64
	until int64
}

func (c *counted) ReadAt(b []byte, at int64) (int, error) {
	c.reads = append(c.reads, at)
	if at+int64(len(b)) > c.until {
		return 0, errors.New("the disk is broken")
	}
	for i := range b {
		b[i] = byte((at + int64(i)) >> 10)
	}
	return len(b), nil
}

func TestWhatWasReadAheadIsNotReadAgain(t *testing.T) {
	const piece, size = 32 << 10, 1 << 20
	for name, c := range map[string]struct {
		from, to, until int64
		ahead, later    []int64 // what is read at once, and what by who goes through 200,000 bytes from there
	}{
		"one piece":               {0, 100, size, []int64{0}, []int64{piece, 2 * piece, 3 * piece, 4 * piece, 5 * piece, 6 * piece}},
		"some from the middle on": {piece + 5, 3*piece + 1, size, []int64{piece, 2 * piece, 3 * piece}, []int64{4 * piece, 5 * piece, 6 * piece, 7 * piece}},
		"more than are held":      {0, size, size, []int64{0, piece, 2 * piece, 3 * piece}, []int64{4 * piece, 5 * piece, 6 * piece}},
		"to the end, and past it": {size - 10, 2 * size, size, []int64{size - piece}, nil},
		"what cannot be read":     {piece, 3 * piece, 2 * piece, []int64{piece, 2 * piece}, []int64{2 * piece}},
		"nothing is left to read": {size, 2 * size, size, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			disk := &counted{until: c.until}
			f := content.NewFile("f", disk, size, time.Time{}, nil)
			defer f.Close()
			f.Ahead(c.from, c.to)
			f.Ahead(c.from, c.to) // it is there
			if c.until < size {
				disk.reads = disk.reads[:len(disk.reads)-1] // what failed is tried again
			}
			if diff := cmp.Diff(c.ahead, disk.reads); diff != "" {
				t.Errorf("read at once (-want +got):\n%s", diff)
			}
			disk.reads = nil
			for at := c.from; at < min(c.from+200_000, size); {
				part, err := f.Part(at)
				if err != nil {
					break
				}
				if part[0] != byte(at>>10) {
					t.Fatalf("byte %d is another", at)
				}
				at += int64(len(part))
			}
			if diff := cmp.Diff(c.later, disk.reads); diff != "" {
				t.Errorf("read later (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWhatWasReadAheadIsGivenBack: who goes elsewhere, or ends, holds nothing of it, and it costs no memory again.
func TestWhatWasReadAheadIsGivenBack(t *testing.T) {
	disk := &counted{until: 1 << 30}
	f := content.NewFile("f", disk, 1<<30, time.Time{}, nil)
	at := int64(0)
	fetch := func() {
		f.Ahead(at, at+100_000)
		partOf(t, f, at)
		at += 1 << 20
		disk.reads = disk.reads[:0]
	}
	fetch()
	if n := testing.AllocsPerRun(100, fetch); n > 0 {
		t.Errorf("%v allocations for each", n)
	}
	if n := f.Held(); n > 5 {
		t.Errorf("%d pieces are held", n)
	}
	at -= 1 << 20
	if partOf(t, f, at+50_000); len(disk.reads) > 0 {
		t.Errorf("the last that was read ahead was read again: %d", disk.reads)
	}
	held := partOf(t, f, at+50_000)
	was := slices.Clone(held)
	f.Ahead(at+33<<15, at+2<<20)
	if !slices.Equal(held, was) {
		t.Error("a part that is held was read over")
	}
	if err := f.Close(); err != nil || f.Held() != 0 {
		t.Errorf("behind its end %d pieces are held, %v", f.Held(), err)
	}
}
