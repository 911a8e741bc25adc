package content_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
