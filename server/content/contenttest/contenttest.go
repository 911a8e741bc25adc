// Package contenttest is what every content.Tree must do, whatever it is made of: one table of names, over
// one tangle of files and links.
package contenttest

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/server/content"
)

// As is what clients call the root of the tangle.
const As = "/tftpboot"

// Tangle is files (by content) and links (values that begin with "->") of every kind.
func Tangle() map[string]string {
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
		"through-a-file":              "->version.info/../installer/amd64/linux",
		"chain0":                      "version.info at the end of a long chain",
		"caf\xc3\xa9":                 "a name in UTF-8",
	}
	for i := 1; i <= 41; i++ {
		files["chain"+strconv.Itoa(i)] = "->chain" + strconv.Itoa(i-1)
	}
	return files
}

// Meant says what each name reads in the tangle.
var Meant = []struct{ Rule, Name, Want string }{
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
	{"a chain of forty links", "chain40", "version.info at the end of a long chain"},
	{"a chain of one more than Linux follows", "chain41", "error: " + content.ErrLoop.Error()},
	{"a name that ends in UTF-8 is that name", "caf\xc3\xa9", "a name in UTF-8"},
	{"garbage behind the name is cut", "version.info\xff\xfe", "12"},
	{"an absolute link out", "out", "error: " + content.ErrEscape.Error()},
	{"a relative link out", "out-by-dots", "error: " + content.ErrEscape.Error()},
	{"a file through a linked directory outside", "out.d/hostname", "error: " + content.ErrEscape.Error()},
	{"a link out by way of a link", "out-through-a-link", "error: " + content.ErrEscape.Error()},
	{"a link to a directory named alike", "a-neighbour", "error: " + content.ErrEscape.Error()},
	{"a link to itself", "loop", "error: " + content.ErrLoop.Error()},
	{"two absolute links to each other", "loop-a", "error: " + content.ErrLoop.Error()},
	{"a link to nothing", "dangling", "error: file does not exist"},
	{"an absolute link to nothing", "absolute-dangling", "error: file does not exist"},
	{"a link by way of a file", "through-a-file", "error: file does not exist"},
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
}

// Check holds a tree of the tangle against what is meant.
func Check(t *testing.T, tree content.Tree) {
	t.Helper()
	for _, c := range Meant {
		if got := Read(tree, c.Name); got != c.Want {
			t.Errorf("%s: %q reads %q, want %q", c.Rule, c.Name, got, c.Want)
		}
	}
}

// Read gives the text of a file, or "error: " and which of the errors of Tree it is.
func Read(tree content.Tree, name string) string {
	f, err := tree.Open(name)
	if err != nil {
		for _, known := range []error{content.ErrEscape, content.ErrLoop, content.ErrIsDirectory, content.ErrNotRegular, fs.ErrPermission, fs.ErrNotExist} {
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

// Plant writes files and links below a new directory.
func Plant(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, link := strings.CutPrefix(files[name], "->"); link {
			err = os.Symlink(target, at)
		} else {
			err = os.WriteFile(at, []byte(files[name]), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
