package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/scenarios/runner/content"
)

// The package has what its unit and its administrator need, where they look for it. make installed installs it.
func TestThePackageIsWhole(t *testing.T) {
	cache, err := content.CacheDir()
	ok(t, err)
	if built, _ := filepath.Glob(filepath.Join(cache, "bin/nfpm-*")); len(built) == 0 {
		must.Skip(t, must.Packager, "make deb builds nfpm, once")
	}
	root := t.TempDir()
	for _, line := range [][]string{
		{"../../.ci/deb", root + "/out"},
		{"sh", "-c", `dpkg-deb --raw-extract "$0"/out/*.deb "$0"/package`, root},
		{"sh", "-n", root + "/package/DEBIAN/postinst"}, {"sh", "-n", root + "/package/DEBIAN/prerm"}, {"sh", "-n", root + "/package/DEBIAN/postrm"},
		{"bash", "-n", root + "/package/usr/share/bash-completion/completions/bootrig"},
		{"gzip", "--test", root + "/package/usr/share/man/man1/bootrig.1.gz"},
		{"cmp", unitFile, root + "/package/usr/lib/systemd/system/bootrig.service"},
		{"cmp", "packaging/bootrig.yaml", root + "/package/etc/bootrig/bootrig.yaml"},
		{"cmp", "../../LICENSE", root + "/package/usr/share/doc/bootrig/copyright"},
	} {
		if out, err := exec.Command(line[0], line[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(line, " "), err, out)
		}
	}
	control, err := os.ReadFile(root + "/package/DEBIAN/control")
	ok(t, err)
	version := regexp.MustCompile(`(?m)^Version: (\S+)$`).FindSubmatch(control)
	u := unit(t)
	for _, command := range []string{u["ExecStart"], u["ExecReload"]} {
		program, _, _ := strings.Cut(command, " ")
		said, err := exec.Command(filepath.Join(root, "package", program), "version").CombinedOutput()
		if err != nil || version == nil || !strings.Contains(string(said), string(version[1])) {
			t.Errorf("%s of the package of\n%s says %s, %v", program, control, said, err)
		}
	}
	conffiles, err := os.ReadFile(root + "/package/DEBIAN/conffiles")
	if string(conffiles) != "/etc/bootrig/bootrig.yaml\n" || err != nil {
		t.Errorf("conffiles: %q, %v", conffiles, err)
	}
}
