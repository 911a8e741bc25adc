// Package mediatest is small media in the exact layout of real ones, for tests.
//
// testdata/layouts has a list for each release, in the language of isotest. A line `boot/vmlinuz <- kernel-x86_64`
// takes one of the Samples: a file with the header of a real one, and nothing behind it.
package mediatest

import (
	"embed"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
)

//go:embed testdata/layouts/*.txt
var layouts embed.FS

// Releases are the layouts there are: "xcp-ng-8.3.0".
func Releases(t testing.TB) (names []string) {
	t.Helper()
	entries, err := layouts.ReadDir("testdata/layouts")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".txt"))
	}
	return names
}

// List is the list of a release as isotest takes it.
func List(t testing.TB, release string) string {
	t.Helper()
	data, err := layouts.ReadFile(path.Join("testdata/layouts", release+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return Complete(t, string(data))
}

// Complete puts the samples into a list: after ` <- ` stand their names.
func Complete(t testing.TB, list string) string {
	t.Helper()
	samples, dir := Samples(), t.TempDir()
	for name, data := range samples {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.Split(list, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "-- ") {
			break
		}
		to, from, ok := strings.Cut(line, " <- ")
		if !ok {
			continue
		}
		if _, known := samples[from]; !known {
			t.Fatalf("%q: there is no sample %s", line, from)
		}
		lines[i] = to + " <- " + filepath.Join(dir, from)
	}
	return strings.Join(lines, "\n")
}

// Source is the tree of a list, as a directory.
func Source(t testing.TB, list string) content.Source {
	t.Helper()
	dir, err := content.OpenDir(isotest.Tree(t, list), "/")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	return dir.Source()
}
