package content_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/content/contenttest"
)

func TestABranchIsTheRootOfItsNames(t *testing.T) {
	d := open(t, contenttest.Plant(t, map[string]string{
		"192.168.9.100/menu": "its own", "menu": "for all", "common/linux": "a kernel", "pc7": "->192.168.9.100",
		"192.168.9.100/linux": "->../common/linux", "192.168.9.100/absolute": "->/tftpboot/common/linux", "192.168.9.100/out": "->/etc/hostname",
	}), "/tftpboot")
	for _, c := range []struct{ rule, below, name, want string }{
		{"a plain name", "192.168.9.100", "menu", "its own"},
		{"a leading slash is dropped", "192.168.9.100", "/menu", "its own"},
		{"an absolute name has the branch in it", "192.168.9.100", "/tftpboot/192.168.9.100/menu", "its own"},
		{"an absolute name of the root is below the branch", "192.168.9.100", "/tftpboot/menu", "error: file does not exist"},
		{"what is beside the branch is not there", "192.168.9.100", "common/linux", "error: file does not exist"},
		{"nor by climbing", "192.168.9.100", "../menu", "error: permission denied"},
		{"a link to what is beside it", "192.168.9.100", "linux", "a kernel"},
		{"an absolute link to what is beside it", "192.168.9.100", "absolute", "a kernel"},
		{"a link out of the root", "192.168.9.100", "out", "error: " + content.ErrEscape.Error()},
		{"a branch that is a link", "pc7", "menu", "its own"},
	} {
		tree, ok := d.Below(c.below)
		if !ok {
			t.Fatalf("%s: there is no %s", c.rule, c.below)
		}
		if got := contenttest.Read(tree, c.name); got != c.want {
			t.Errorf("%s: %q below %s reads %q, want %q", c.rule, c.name, c.below, got, c.want)
		}
	}
	for _, name := range []string{"menu", "nosuch", "..", "192.168.9.100/out"} {
		if _, ok := d.Below(name); ok {
			t.Errorf("%s has become a branch", name)
		}
	}
}

func TestLinksMayLeadAnywhereIfAllowed(t *testing.T) {
	outside := contenttest.Plant(t, map[string]string{"file": "outside", "secret": "text"})
	if err := os.Chmod(filepath.Join(outside, "secret"), 0); err != nil {
		t.Fatal(err)
	}
	dir := contenttest.Plant(t, map[string]string{
		"out": "->" + outside + "/file", "out.d": "->" + outside, "gone": "->" + outside + "/gone", "loop": "->loop",
		"secret": "->" + outside + "/secret",
	})
	d, err := content.Options{As: "/tftpboot", LinksAnywhere: true}.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for name, want := range map[string]string{
		"out": "outside", "out.d/file": "outside", "gone": "error: file does not exist", "loop": "error: " + content.ErrLoop.Error(),
		"out.d": "error: is a directory", "out.d/../file": "error: permission denied", "secret": "error: permission denied",
	} {
		if got := contenttest.Read(d, name); got != want {
			t.Errorf("%q reads %q, want %q", name, got, want)
		}
	}
}
