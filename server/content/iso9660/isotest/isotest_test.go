package isotest_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
)

const list = `# what a line can say
boot/
boot/vmlinuz size=10000
boot/linux -> vmlinuz
big size=200M sparse
p/%03d.rpm count=3 size=1K
-- .treeinfo --
[general]
-- boot/grub.cfg --
`

func TestATreeHasWhatTheListSays(t *testing.T) {
	dir := isotest.Tree(t, list)
	got := map[string]int64{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		got[name] = info.Size()
		if d.IsDir() {
			got[name] = -1
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{
		".": -1, "boot": -1, "boot/vmlinuz": 10000, "boot/linux": 7, "big": 200 << 20, "p": -1,
		"p/000.rpm": 1024, "p/001.rpm": 1024, "p/002.rpm": 1024, ".treeinfo": 10, "boot/grub.cfg": 0,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names and sizes (-want +got):\n%s", diff)
	}
	if target, err := os.Readlink(filepath.Join(dir, "boot/linux")); target != "vmlinuz" {
		t.Errorf("the link leads to %q: %v", target, err)
	}
	one, _ := os.ReadFile(filepath.Join(dir, "p/000.rpm"))
	two, _ := os.ReadFile(filepath.Join(dir, "p/001.rpm"))
	if string(one) == string(two) {
		t.Error("two files have the same bytes: one would pass for the other")
	}
}

func TestAnImageHasTheNamesOfItsExtension(t *testing.T) {
	for name, c := range map[string]struct {
		options []string
		want    string
	}{
		"Rock Ridge keeps the dot":                {[]string{"-r"}, "/.treeinfo\n"},
		"plain names are short and in upper case": {nil, "/_TREEINF\n"},
	} {
		t.Run(name, func(t *testing.T) {
			image := isotest.Make(t, list, c.options...)
			said, err := exec.Command(isotest.Program(t, "bsdtar"), "-tf", image).Output()
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains("/"+strings.ReplaceAll(string(said), "\n", "\n/")+"\n", c.want) {
				t.Errorf("no %s in\n%s", c.want, said)
			}
		})
	}
}

func TestHolesStayHoles(t *testing.T) {
	image := isotest.Make(t, list, "-r")
	said, err := exec.Command("du", "-k", image).Output()
	if err != nil {
		t.Fatal(err)
	}
	if kib, _, _ := strings.Cut(string(said), "\t"); len(kib) > 4 { // less than 10 MiB
		t.Errorf("an image with a hole of 200 MiB takes %s KiB", kib)
	}
}
