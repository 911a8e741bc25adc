package content_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/contenttest"
)

// as makes a content.Dir that believes to be run by somebody.
func as(t *testing.T, o content.Options, dir string, uid int) *content.Dir {
	t.Helper()
	d, err := o.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	content.RunBy(d, uid)
	return d
}

func TestRootServesOnlyWhatOthersCouldReach(t *testing.T) {
	outside := contenttest.Plant(t, map[string]string{"closed/sub/f": "outside", "open/f": "outside"})
	chmod(t, 0o750, outside, "closed")
	dir := contenttest.Plant(t, map[string]string{
		"open/f": "text", "private/f": "secret", "private/sub/f": "secret", "search/f": "text", "private/out": "->../open/f",
		"link": "->private/f", "absolute": "->/tftpboot/private/f", "through": "->private/out", "linked": "->private", "back": "->private/../open/f",
		"away": "->" + outside + "/closed/sub/f", "away-open": "->" + outside + "/open/f",
	})
	chmod(t, 0o700, dir, "private")
	chmod(t, 0o711, dir, "search")
	d := as(t, content.Options{As: "/tftpboot", LinksAnywhere: true}, dir, 0)
	const refused = "error: permission denied"
	for _, c := range []struct{ rule, name, want string }{
		{"every directory may be entered", "open/f", "text"},
		{"one that may be entered but not listed", "search/f", "text"},
		{"one that may not", "private/f", refused},
		{"one farther up", "private/sub/f", refused},
		{"a link into it", "link", refused},
		{"an absolute link into it", "absolute", refused},
		{"a link out of it", "private/out", refused},
		{"a link by way of it", "through", refused},
		{"a linked directory", "linked/f", refused},
		{"in and out again", "back", refused},
		{"a file that is not there is not told of either", "private/nosuch", refused},
		{"a directory outside that may not be entered", "away", refused},
		{"a directory outside that may", "away-open", "outside"},
	} {
		if got := contenttest.Read(d, c.name); got != c.want {
			t.Errorf("%s: %q reads %q, want %q", c.rule, c.name, got, c.want)
		}
	}
	_, err := d.Open("private/sub/f")
	if err == nil || !strings.Contains(err.Error(), "others may not enter /tftpboot/private (mode 0700)") {
		t.Errorf("%v does not name the directory that hinders", err)
	}
}

func TestOthersThanRootAskTheKernel(t *testing.T) {
	dir := contenttest.Plant(t, map[string]string{"private/f": "text"})
	chmod(t, 0o700, dir, "private")
	// The kernel lets us, whoever we are: the directory is ours.
	if got := contenttest.Read(as(t, content.Options{}, dir, 1000), "private/f"); got != "text" {
		t.Errorf("one's own directory reads %q", got)
	}
}

func TestNothingIsServedFromARootThatOthersMayNotEnter(t *testing.T) {
	dir := contenttest.Plant(t, map[string]string{"sub/f": "text"})
	if err := as(t, content.Options{}, dir, 0).Hindered(); err != nil {
		t.Errorf("a root of mode 0755: %v", err)
	}
	chmod(t, 0o700, dir, ".")
	d := as(t, content.Options{As: "/tftpboot"}, dir, 0)
	if err := d.Hindered(); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "/tftpboot") {
		t.Errorf("hindered by %v", err)
	}
	if got := contenttest.Read(d, "sub/f"); got != "error: permission denied" {
		t.Errorf("a file below it reads %q", got)
	}
	if err := as(t, content.Options{}, dir, 1000).Hindered(); err != nil {
		t.Errorf("its owner is hindered by %v", err)
	}
}

func TestRootListsOnlyWhatOthersCould(t *testing.T) {
	dir := contenttest.Plant(t, map[string]string{"open/f": "", "search/f": "", "names/f": "", "private/sub/f": ""})
	chmod(t, 0o711, dir, "search")
	chmod(t, 0o744, dir, "names")
	chmod(t, 0o700, dir, "private")
	d := as(t, content.Options{}, dir, 0)
	for name, want := range map[string]bool{"open": true, "search": false, "names": false, "private": false, "private/sub": false, "/": true} {
		if _, err := d.List(name); (err == nil) != want || err != nil && !errors.Is(err, fs.ErrPermission) {
			t.Errorf("List(%q): %v", name, err)
		}
	}
}

func chmod(t *testing.T, mode os.FileMode, dir, name string) {
	t.Helper()
	if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
		t.Fatal(err)
	}
}
