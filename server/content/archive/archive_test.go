package archive_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/archive"
	"github.com/bootrig/bootrig/server/content/contenttest"
)

var made = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)

// A member is one of a tarball; of a header only what differs from that of a plain file.
type member struct {
	tar.Header
	body string
}

// pack makes a tarball.
func pack(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, m := range members {
		if m.Typeflag != tar.TypeXGlobalHeader {
			m.Size, m.ModTime, m.Mode = int64(len(m.body)), made, 0o644
		}
		if err := w.WriteHeader(&m.Header); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, m.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func file(name, body string) member { return member{tar.Header{Name: name}, body} }
func link(name, target string) member {
	return member{tar.Header{Name: name, Typeflag: tar.TypeSymlink, Linkname: target}, ""}
}
func hard(name, target string) member {
	return member{tar.Header{Name: name, Typeflag: tar.TypeLink, Linkname: target}, ""}
}
func special(name string, kind byte) member {
	return member{tar.Header{Name: name, Typeflag: kind}, ""}
}

// table makes members of what contenttest.Plant makes a directory of.
func table(files map[string]string) (all []member) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		m := file(name, files[name])
		if target, ok := strings.CutPrefix(files[name], "->"); ok {
			m = link(name, target)
		}
		all = append(all, m)
	}
	return all
}

// squeeze compresses.
func squeeze(t testing.TB, how string, plain []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch how {
	case "":
		return plain
	case "gz":
		w = gzip.NewWriter(&b)
	case "xz":
		w, err = xz.NewWriter(&b)
	case "zst":
		w, err = zstd.NewWriter(&b)
	}
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// put makes a file.
func put(t testing.TB, b []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file") // a name that tells nothing
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func opened(t testing.TB, o archive.Options, b []byte) *archive.Archive {
	t.Helper()
	a, err := o.Open(put(t, b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

var compressions = []string{"", "gz", "xz", "zst"}

func TestATarballOpensWhatTheClientMeans(t *testing.T) {
	tangle := pack(t, append(table(contenttest.Tangle()), padding)...)
	for _, how := range compressions {
		for where, o := range map[string]archive.Options{"memory": {}, "a file": {Memory: 1, Cache: t.TempDir()}, "a file without a name": {Memory: 1}} {
			t.Run(how+" in "+where, func(t *testing.T) {
				a := opened(t, o, squeeze(t, how, tangle))
				contenttest.Check(t, content.Of(a, contenttest.As))
				if want := strings.TrimSuffix("tar."+how, "."); a.Kind() != want || a.Notes() != nil {
					t.Errorf("it is a %s, want %s; notes %q", a.Kind(), want, a.Notes())
				}
			})
		}
	}
}

func TestAnArchiveIsAnFS(t *testing.T) {
	a := opened(t, archive.Options{}, pack(t, file("./a/b", "text"), member{tar.Header{Name: "empty/", Typeflag: tar.TypeDir}, ""}, link("l", "a/b"), special("null", tar.TypeChar)))
	sub := notDevice{a}
	if err := fstest.TestFS(sub, "a/b", "empty", "l"); err != nil {
		t.Error(err)
	}
}

// notDevice hides what cannot be opened.
type notDevice struct{ *archive.Archive }

func (n notDevice) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := n.Archive.ReadDir(name)
	return slices.DeleteFunc(all, func(e fs.DirEntry) bool { return e.Type()&fs.ModeDevice != 0 }), err
}

func (n notDevice) Open(name string) (fs.File, error) {
	f, err := n.Archive.Open(name)
	if d, ok := f.(fs.ReadDirFile); ok {
		return noDevices{d}, err
	}
	return f, err
}

type noDevices struct{ fs.ReadDirFile }

func (n noDevices) ReadDir(max int) ([]fs.DirEntry, error) {
	all, err := n.ReadDirFile.ReadDir(max)
	kept := slices.DeleteFunc(all, func(e fs.DirEntry) bool { return e.Type()&fs.ModeDevice != 0 })
	if max > 0 && len(kept) == 0 && err == nil {
		return n.ReadDir(max)
	}
	return kept, err
}

func TestMembersAreWhatTarMakesOfThem(t *testing.T) {
	a := opened(t, archive.Options{}, pack(t,
		file("./a", "first"), file("/abs/f", "below the top"), file("d//x/./y", "untidy"),
		hard("before", "./a"), file("a", "last"), hard("after", "a"), hard("chained", "after"),
		link("s", "a"), hard("hard-to-link", "s"),
		file("becomes", "1"), special("becomes", tar.TypeDir), file("becomes/f", "a directory now"),
		special("keeps", tar.TypeDir), file("keeps/f", "f"), special("keeps", tar.TypeDir),
		file(strings.Repeat("long/", 100)+"name", "a long name"),
		member{tar.Header{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": "x"}}, ""},
	))
	tree := content.Of(a, "/")
	for name, want := range map[string]string{
		"a": "last", "abs/f": "below the top", "d/x/y": "untidy", "before": "first", "after": "last", "chained": "last",
		"s": "last", "hard-to-link": "last", "becomes/f": "a directory now", "keeps/f": "f",
		strings.Repeat("long/", 100) + "name": "a long name", "GlobalHead.0.0": "error: file does not exist",
	} {
		if got := contenttest.Read(tree, name); got != want {
			t.Errorf("%.40q reads %q, want %q", name, got, want)
		}
	}
	if a.Notes() != nil {
		t.Errorf("notes: %q", a.Notes())
	}
}

func TestWhatCannotBeServedIsNoted(t *testing.T) {
	const sparse = "it is stored as a sparse file, which cannot be read in place: make the tarball without --sparse, or unpack it and serve the directory"
	for _, c := range []struct {
		rule    string
		members []member
		note    string
		name    string // of a member, and what it reads
		want    string
	}{
		{"a name that climbs", []member{file("../../etc/passwd", "x")}, `the member "../../etc/passwd" is left out: its name climbs out`, "etc/passwd", "error: file does not exist"},
		{"a name that climbs and comes back", []member{file("a/../b", "x")}, `the member "a/../b" is left out: its name climbs out`, "b", "error: file does not exist"},
		{"a hard link out", []member{hard("passwd", "/etc/passwd")}, `the member "passwd" is left out: it is a hard link to "/etc/passwd", which is no file before it`, "passwd", "error: file does not exist"},
		{"a hard link that climbs", []member{file("etc/passwd", "x"), hard("h", "../etc/passwd")}, `the member "h" is left out: it is a hard link to "../etc/passwd", which is no file before it`, "h", "error: file does not exist"},
		{"a hard link to a directory", []member{file("d/f", "x"), hard("h", "d")}, `the member "h" is left out: it is a hard link to "d", which is no file before it`, "h", "error: file does not exist"},
		{"a hard link to itself", []member{hard("h", "h")}, `the member "h" is left out: it is a hard link to "h", which is no file before it`, "h", "error: file does not exist"},
		{"a file in the place of a directory with files", []member{file("d/f", "x"), file("d", "y")}, `the member "d" is left out: a directory has that name`, "d/f", "x"},
		{"a file below a file", []member{file("a", "x"), file("a/b/c", "y")}, `the member "a/b/c" is left out: "a" is no directory`, "a", "x"},
		{"a file by way of a link", []member{file("d/f", "x"), link("l", "d"), file("l/f", "y")}, `the member "l/f" is left out: "l" is no directory`, "l/f", "x"},
		{"a name longer than any", []member{file("x/"+strings.Repeat("n", 300), "x")}, `the member "x/` + strings.Repeat("n", 198) + `" is left out: a part of its name is longer than 255 bytes`, "x", "error: file does not exist"},
		{"a path longer than any", []member{file(strings.Repeat("deep/", 1000)+"f", "x")}, `the member "` + strings.Repeat("deep/", 40) + `" is left out: its name is longer than 4096 bytes`, "deep", "error: file does not exist"},
		{"a type that nobody knows", []member{{tar.Header{Name: "x", Typeflag: 'Q'}, ""}}, `the member "x" is left out: it is of the type 'Q', which is not known`, "x", "error: file does not exist"},
		{"a device", []member{special("sda", tar.TypeBlock)}, "", "sda", "error: " + content.ErrNotRegular.Error()},
		{"a FIFO", []member{special("f", tar.TypeFifo)}, "", "f", "error: " + content.ErrNotRegular.Error()},
		{"a sparse file", []member{{tar.Header{Name: "s", PAXRecords: map[string]string{"GNU.sparse.numblocks": "0", "GNU.sparse.map": "", "GNU.sparse.size": "1099511627776", "GNU.sparse.major": "0", "GNU.sparse.minor": "1"}}, ""}}, `the member "s" cannot be served: ` + sparse, "s", "unknown error: open /srv/s: " + sparse},
	} {
		t.Run(c.rule, func(t *testing.T) {
			a := opened(t, archive.Options{}, raw(t, c.members))
			if got := strings.Join(a.Notes(), "\n"); got != c.note {
				t.Errorf("the notes are\n%q, want\n%q", got, c.note)
			}
			if got := contenttest.Read(content.Of(a, "/srv"), c.name); got != c.want {
				t.Errorf("%q reads %q, want %q", c.name, got, c.want)
			}
		})
	}
	var many []member
	for i := range 30 {
		many = append(many, file(fmt.Sprintf("../%d", i), ""))
	}
	if notes := opened(t, archive.Options{}, pack(t, many...)).Notes(); len(notes) != 21 || notes[20] != "and so for 10 more" {
		t.Errorf("many notes: %q", notes)
	}
}

// raw packs what archive/tar would not: sparse files. Records of its own it writes.
func raw(t testing.TB, members []member) []byte {
	t.Helper()
	for i, m := range members {
		for key, value := range m.PAXRecords {
			if strings.HasPrefix(key, "GNU.") {
				delete(m.PAXRecords, key)
				m.PAXRecords["NUL."+key[4:]] = value
			}
		}
		members[i] = m
	}
	return bytes.ReplaceAll(pack(t, members...), []byte(" NUL.sparse"), []byte(" GNU.sparse"))
}

func TestWhatIsNoTarballIsToldInALine(t *testing.T) {
	plain := pack(t, file("a", strings.Repeat("x", 3000)), file("b", strings.Repeat("y", 3000)))
	whole := func(how string) []byte { return squeeze(t, how, plain) }
	iso := make([]byte, 20*2048)
	copy(iso[16*2048+1:], "CD001")
	damaged := whole("gz")
	damaged = slices.Concat(damaged[:len(damaged)-8], make([]byte, 8))
	for _, c := range []struct {
		rule string
		file []byte
		want string
	}{
		{"nothing", nil, "is no tarball"},
		{"a text", []byte("enable-tftp\n"), "is no tarball"},
		{"zeros", make([]byte, 10240), "is no tarball"},
		{"a tarball cut in a file", plain[:1000], `ends in the middle, at "a": download it again`},
		{"cut in the last file", plain[:512+3072+512+100], `ends in the middle, at "b": download it again`},
		{"cut in a header", plain[:512+3072+100], `ends in the middle, at "a": download it again`},
		{"damaged in a header", slices.Concat(plain[:512+3072], bytes.Repeat([]byte("?"), 512), plain[512+3072+512:]), `is damaged behind "a" (archive/tar: invalid tar header): download it again`},
		{"a gzip cut", whole("gz")[:40], "ends in the middle (gz): download it again"},
		{"an xz cut", whole("xz")[:40], "ends in the middle (xz): download it again"},
		{"a zstd cut", whole("zst")[:40], "ends in the middle (zst): download it again"},
		{"a gzip whose sum is wrong", damaged, "is damaged: gzip: invalid checksum: download it again"},
		{"a gzip of nothing", squeeze(t, "gz", nil), "has nothing in it"},
		{"a gzip of a text", squeeze(t, "gz", []byte("text")), "is compressed, but what is inside is no tarball: serve the directory that it is in"},
		{"an xz of an ISO image", squeeze(t, "xz", iso), "is an ISO image inside: unpack it first (unxz)"},
		{"an initrd", squeeze(t, "zst", []byte("070701"+strings.Repeat("0", 200))), "is a cpio archive inside (an initrd): serve the directory that it is in"},
	} {
		name := put(t, c.file)
		_, err := archive.Open(name, "")
		if err == nil || err.Error() != name+": "+c.want {
			t.Errorf("%s: %v, want %s", c.rule, err, c.want)
		}
	}
	name := t.TempDir()
	if _, err := archive.Open(name, ""); err == nil || err.Error() != name+": is not a regular file" {
		t.Errorf("a directory: %v", err)
	}
	if _, err := archive.Open(name+"/nosuch", ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestATarballWithoutItsEndIsNoted(t *testing.T) {
	b := pack(t, file("a", "text"))
	a := opened(t, archive.Options{}, b[:1024])
	want := []string{"it has no end mark: it may be the beginning of a longer one"}
	if diff := cmp.Diff(want, a.Notes()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
