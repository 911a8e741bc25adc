package content

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// plant writes files (by content) and links (values that begin with "->") below a new directory.
func plant(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if len(text) > 2 && text[:2] == "->" {
			err = os.Symlink(text[2:], at)
		} else {
			err = os.WriteFile(at, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t *testing.T, dir, as string) *Dir {
	t.Helper()
	d, err := OpenDir(dir, as)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// read gives the text of a file, or "error: " and which of the errors of Tree it is.
func read(tree Tree, name string) string {
	f, err := tree.Open(name)
	if err != nil {
		for _, known := range []error{ErrEscape, ErrLoop, ErrIsDirectory, ErrNotRegular, fs.ErrPermission, fs.ErrNotExist} {
			if errors.Is(err, known) {
				return "error: " + known.Error()
			}
		}
		return "unknown error: " + err.Error()
	}
	defer f.Close()
	text, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size))
	if err != nil {
		return "read error: " + err.Error()
	}
	return string(text)
}

// tangle is a directory with every kind of link, known as /tftpboot.
func tangle(t *testing.T) string {
	t.Helper()
	files := map[string]string{
		"version.info":                "12",
		"installer/amd64/linux":       "a kernel",
		"installer/amd64/pxelinux.0":  "an NBP",
		"pxelinux.0":                  "->installer/amd64/pxelinux.0",
		"pxelinux.cfg":                "->installer/amd64/cfg",
		"installer/amd64/cfg/default": "a menu",
		"installer/amd64/up":          "->../../version.info",
		"absolute":                    "->/tftpboot/version.info",
		"absolute.d":                  "->/tftpboot/installer",
		"there-and-back":              "->../tftpboot/version.info",
		"from-the-top":                "->/../tftpboot/./installer//amd64/linux",
		"out":                         "->/etc/hostname",
		"out-by-dots":                 "->../../../../../../etc/hostname",
		"out.d":                       "->/etc",
		"out-through-a-link":          "->absolute.d/../../etc/hostname",
		"a-neighbour":                 "->/tftpboot2/x",
		"loop":                        "->loop",
		"loop-a":                      "->/tftpboot/loop-b",
		"loop-b":                      "->/tftpboot/loop-a",
		"dangling":                    "->nosuch",
		"absolute-dangling":           "->/tftpboot/nosuch",
		"chain0":                      "version.info at the end of a long chain",
		"caf\xc3\xa9":                 "a name in UTF-8",
	}
	for i := 1; i <= 30; i++ {
		files["chain"+strconv.Itoa(i)] = "->chain" + strconv.Itoa(i-1)
	}
	dir := plant(t, files)
	if err := os.Symlink(filepath.Join(dir, "version.info"), filepath.Join(dir, "host-path")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

var meant = []struct{ rule, name, want string }{
	{"a plain name", "version.info", "12"},
	{"an absolute name", "/tftpboot/version.info", "12"},
	{"a Windows name", `\installer\amd64\linux`, "a kernel"},
	{"a relative link", "pxelinux.0", "an NBP"},
	{"a file through a linked directory", "pxelinux.cfg/default", "a menu"},
	{"a link upwards inside the root", "installer/amd64/up", "12"},
	{"an absolute link", "absolute", "12"},
	{"a file through an absolute link to a directory", "absolute.d/amd64/linux", "a kernel"},
	{"a relative link through an absolute one", "absolute.d/amd64/up", "12"},
	{"a link that leaves the root and comes back", "there-and-back", "12"},
	{"an absolute link written untidily", "from-the-top", "a kernel"},
	{"an absolute link by the directory's real path", "host-path", "12"},
	{"a chain of thirty links", "chain30", "version.info at the end of a long chain"},
	{"a name that ends in UTF-8 is that name", "caf\xc3\xa9", "a name in UTF-8"},
	{"garbage behind the name is cut", "version.info\xff\xfe", "12"},
	{"an absolute link out", "out", "error: " + ErrEscape.Error()},
	{"a relative link out", "out-by-dots", "error: " + ErrEscape.Error()},
	{"a file through a linked directory outside", "out.d/hostname", "error: " + ErrEscape.Error()},
	{"a link out by way of a link", "out-through-a-link", "error: " + ErrEscape.Error()},
	{"a link to a directory named alike", "a-neighbour", "error: " + ErrEscape.Error()},
	{"a link to itself", "loop", "error: " + ErrLoop.Error()},
	{"two absolute links to each other", "loop-a", "error: " + ErrLoop.Error()},
	{"a link to nothing", "dangling", "error: file does not exist"},
	{"an absolute link to nothing", "absolute-dangling", "error: file does not exist"},
	{"a missing file", "nosuch", "error: file does not exist"},
	{"garbage alone", "\xff", "error: file does not exist"},
	{"a file used as a directory", "version.info/x", "error: file does not exist"},
	{"climbing out", "../etc/hostname", "error: permission denied"},
	{"a directory", "installer", "error: is a directory"},
	{"a directory with a slash", "installer/", "error: is a directory"},
	{"a file with a slash behind it", "version.info/", "error: file does not exist"},
	{"a file with a slash and a dot behind it", `absolute\.`, "error: file does not exist"},
	{"a linked directory", "pxelinux.cfg", "error: is a directory"},
	{"the root", "/", "error: is a directory"},
	{"a FIFO does not block", "fifo", "error: " + ErrNotRegular.Error()},
}

func TestDirOpensWhatTheClientMeans(t *testing.T) {
	d := open(t, tangle(t), "/tftpboot")
	for _, c := range meant {
		if got := read(d, c.name); got != c.want {
			t.Errorf("%s: %q reads %q, want %q", c.rule, c.name, got, c.want)
		}
	}
}

func TestDirSaysWhatItFound(t *testing.T) {
	d := open(t, plant(t, map[string]string{"a/b": "text"}), "/tftpboot")
	f, err := d.Open("/tftpboot/a//b\xff")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got := []any{f.Name, f.Size, f.Garbage, f.ModTime.IsZero()}
	if diff := cmp.Diff([]any{"a/b", int64(4), "\xff", false}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, err = d.Open("nosuch")
	var p *fs.PathError
	if !errors.As(err, &p) || p.Path != "/tftpboot/nosuch" {
		t.Errorf("the error of a miss is %v, want the path as clients write it", err)
	}
}

func TestDirRefusesWhatOthersMayNotRead(t *testing.T) {
	dir := plant(t, map[string]string{"secret": "text"})
	if err := os.Chmod(filepath.Join(dir, "secret"), 0); err != nil {
		t.Fatal(err)
	}
	if got := read(open(t, dir, ""), "secret"); got != "error: permission denied" {
		t.Errorf("an unreadable file reads %q", got)
	}
}

func TestDirWithoutAnotherNameIsKnownByItsOwn(t *testing.T) {
	dir := plant(t, map[string]string{"a": "text"})
	if got := read(open(t, dir, ""), filepath.Join(dir, "a")); got != "text" {
		t.Errorf("by its absolute name: %q", got)
	}
	if _, err := OpenDir(filepath.Join(dir, "nosuch"), ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing root gives %v", err)
	}
}

func TestDirServesManyAtOnce(t *testing.T) {
	d := open(t, plant(t, map[string]string{"a/b": "text", "l": "->/tftpboot/a/b"}), "/tftpboot")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := read(d, "l"); got != "text" {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	wg.Wait()
}

func TestListNamesDirectoriesBehindLinksToo(t *testing.T) {
	d := open(t, plant(t, map[string]string{"a/b": "text", "l": "->/tftpboot/a", "c": "->a/b", "out": "->/etc"}), "/tftpboot")
	got, err := d.List("/")
	if err != nil {
		t.Fatal(err)
	}
	want := []Entry{{"a", true}, {"c", false}, {"l", true}, {"out", false}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, want := range map[string]error{"..": fs.ErrPermission, "nosuch": fs.ErrNotExist} {
		if _, err := d.List(name); !errors.Is(err, want) {
			t.Errorf("List(%q) gives %v, want %v", name, err, want)
		}
	}
	if _, err := d.List("a/b"); err == nil {
		t.Error("a file could be listed")
	}
}

func TestFSFollowsTheSameNames(t *testing.T) {
	tree := FS(fstest.MapFS{"a/b": {Data: []byte("text")}}, "/tftpboot")
	for name, want := range map[string]string{
		"a/b": "text", "/tftpboot/a/b": "text", `\a\b`: "text", "a/b\xff": "text",
		"a": "error: is a directory", "/": "error: is a directory",
		"../a/b": "error: permission denied", "x\xff": "error: file does not exist",
	} {
		if got := read(tree, name); got != want {
			t.Errorf("%q reads %q, want %q", name, got, want)
		}
	}
}
