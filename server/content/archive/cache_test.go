package archive_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/archive"
	"github.com/bootrig/bootrig/server/content/contenttest"
)

// padding makes a tarball too large to be kept in memory, with Memory 1.
var padding = file("padding", strings.Repeat("x", 64<<10))

// names are the files of a directory.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	all := []string{}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestWhatWasUnpackedIsFoundAgain(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "state", "unpacked")
	packed := squeeze(t, "gz", pack(t, file("a", "text"), padding))
	o := archive.Options{Cache: cache, Memory: 1}
	opened(t, o, packed)
	first := names(t, cache)
	if len(first) != 1 || len(first[0]) != 64+len(".tar") {
		t.Fatalf("the cache has %q", first)
	}
	at := filepath.Join(cache, first[0])
	before, err := os.Stat(at)
	if err != nil {
		t.Fatal(err)
	}
	a := opened(t, o, packed) // by another name
	after, err := os.Stat(at)
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("it was unpacked anew: %v", err)
	}
	if diff := cmp.Diff(first, names(t, cache)); diff != "" {
		t.Errorf("(-first +now):\n%s", diff)
	}
	if got := contenttest.Read(content.Of(a, "/"), "a"); got != "text" {
		t.Errorf("it reads %q", got)
	}
	opened(t, o, squeeze(t, "gz", pack(t, file("a", "other"), padding)))
	if all := names(t, cache); len(all) != 2 {
		t.Errorf("of two tarballs the cache has %q", all)
	}
}

func TestWhatIsSmallNeedsNoCache(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "unpacked")
	opened(t, archive.Options{Cache: cache}, squeeze(t, "xz", pack(t, file("a", "text"))))
	if all := names(t, cache); len(all) != 0 {
		t.Errorf("the cache has %q", all)
	}
}

func TestWhatFailsLeavesNothing(t *testing.T) {
	cache := t.TempDir()
	large := pack(t, file("a", strings.Repeat("x", 1<<20)))
	packed := squeeze(t, "gz", large)
	stop := errors.New("stop")
	for _, c := range []struct {
		rule string
		o    archive.Options
		file []byte
		want string
	}{
		{"cut", archive.Options{}, packed[:len(packed)-20], "ends in the middle (gz): download it again"},
		{"too much", archive.Options{Most: 1 << 19}, packed, "is more than 512 KiB unpacked, which is the limit: unpack it by hand and serve the directory"},
		{"stopped by who waits", archive.Options{Progress: func(int64, int64) error { return stop }}, packed, "stop"},
		{"no directory", archive.Options{Cache: "/dev/null/x"}, packed, "the directory for what is unpacked: mkdir /dev/null: not a directory"},
	} {
		if c.o.Memory = 1; c.o.Cache == "" {
			c.o.Cache = cache
		}
		name := put(t, c.file)
		if _, err := c.o.Open(name); err == nil || err.Error() != name+": "+c.want {
			t.Errorf("%s: %v, want %s", c.rule, err, c.want)
		}
	}
	if all := names(t, cache); len(all) != 0 {
		t.Errorf("the cache has %q", all)
	}
}

func TestACacheThatChangedUnderneathIsUsed(t *testing.T) {
	// Somebody cleans the cache while we serve from it.
	cache := t.TempDir()
	a := opened(t, archive.Options{Cache: cache, Memory: 1}, squeeze(t, "gz", pack(t, file("a", "text"), padding)))
	for _, name := range names(t, cache) {
		if err := os.Remove(filepath.Join(cache, name)); err != nil {
			t.Fatal(err)
		}
	}
	if got := contenttest.Read(content.Of(a, "/"), "a"); got != "text" {
		t.Errorf("it reads %q", got)
	}
}

func TestProgressIsTold(t *testing.T) {
	noise := make([]byte, 3<<20)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	var got []string
	packed := squeeze(t, "gz", pack(t, file("a", string(noise))))
	o := archive.Options{Memory: 1, Progress: func(done, total int64) error {
		got = append(got, fmt.Sprintf("%d MiB of %d", done>>20, total>>20))
		return nil
	}}
	opened(t, o, packed)
	if diff := cmp.Diff([]string{"1 MiB of 3", "2 MiB of 3", "3 MiB of 3"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	cache := t.TempDir()
	put := func(name string, age time.Duration) {
		at := filepath.Join(cache, name)
		if err := os.WriteFile(at, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		when := time.Now().Add(-age)
		if err := os.Chtimes(at, when, when); err != nil {
			t.Fatal(err)
		}
	}
	sum := func(i int) string { return strings.Repeat("0", 62) + fmt.Sprintf("%02d", i) + ".tar" }
	for i := range 10 {
		put(sum(i), time.Duration(i)*time.Hour)
	}
	put(sum(99), 40*24*time.Hour)
	put("unpacking-123", 2*time.Hour)
	put("unpacking-456", time.Minute)
	put("mine.tar", 400*24*time.Hour)
	opened(t, archive.Options{Cache: cache, Memory: 1}, squeeze(t, "gz", pack(t, file("a", "text"), padding)))
	var got []string
	for _, name := range names(t, cache) {
		if len(name) != 68 || name[0] == '0' {
			got = append(got, name)
		}
	}
	want := []string{sum(0), sum(1), sum(2), sum(3), sum(4), sum(5), sum(6), "mine.tar", "unpacking-456"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFileThatGrowsIsNotKept(t *testing.T) {
	cache := t.TempDir()
	name := put(t, squeeze(t, "gz", pack(t, file("a", strings.Repeat("x", 4<<20)))))
	o := archive.Options{Cache: cache, Memory: 1, Progress: func(done, total int64) error {
		f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.WriteString(f, "more")
		return err
	}}
	_, err := o.Open(name)
	if want := name + ": changed while it was unpacked: wait until it is whole"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if all := names(t, cache); len(all) != 0 {
		t.Errorf("the cache has %q", all)
	}
}
