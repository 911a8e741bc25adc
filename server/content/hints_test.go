package content_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bootrig/bootrig/server/content"
)

func TestHintsForNamesThatAreNotThere(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"pxelinux.cfg/01-52-54-00-AA-00-0D", "Boot/Linux", "bios/pxelinux.0", "secret/x", "initrd.gz"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(dir, "secret/x"), 0); err != nil {
		t.Fatal(err)
	}
	tree, err := content.OpenDir(dir, "/tftpboot")
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for rule, c := range map[string]struct{ name, want string }{
		"another case":                       {"pxelinux.cfg/01-52-54-00-aa-00-0d", "pxelinux.cfg/01-52-54-00-AA-00-0D"},
		"another case in all of its parts":   {`\boot\linux`, "Boot/Linux"},
		"a prefix twice":                     {"bios/bios/pxelinux.0", "bios/pxelinux.0"},
		"a prefix that it has not":           {"bios/boot/linux", "Boot/Linux"},
		"the root twice":                     {"//tftpboot/initrd.gz", "initrd.gz"},
		"another root":                       {"/srv/tftp/initrd.gz", "initrd.gz"},
		"a URL by TFTP":                      {"http://192.168.9.2/initrd.gz", "initrd.gz"},
		"in a directory at the top":          {"/pxelinux.0", "bios/pxelinux.0"},
		"what is nowhere":                    {"boot/none", ""},
		"a directory":                        {"bios/boot", ""},
		"what clients may not have":          {"SECRET/X", ""},
		"a name that climbs out of it":       {"../../etc/passwd", ""},
		"no name":                            {"", ""},
		"a name of which there is no end ":   {"initrd.gz/", ""},
		"what differs in more than its case": {"initrd.gz.old", ""},
	} {
		var hints content.Hints
		if got := hints.For(time.Now(), tree, c.name); got != c.want {
			t.Errorf("%s: for %s there is %q, want %q", rule, c.name, got, c.want)
		}
	}
	if got := (*content.Hints)(nil).For(time.Now(), tree, "INITRD.GZ"); got != "" {
		t.Errorf("nobody wants hints, and gets %s", got)
	}
}

func TestHintsAreFewInASecond(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "linux"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	tree, err := content.OpenDir(dir, "/")
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	var hints content.Hints
	given := 0
	for range 1000 {
		if hints.For(now, tree, "Linux") != "" {
			given++
		}
	}
	if given == 0 || given > 100 {
		t.Errorf("%d hints in a moment", given)
	}
	for _, later := range []time.Duration{time.Second, -time.Hour} { // and the clock may be turned
		if got := hints.For(now.Add(later), tree, "Linux"); got != "linux" {
			t.Errorf("after %s: %q", later, got)
		}
	}
}
