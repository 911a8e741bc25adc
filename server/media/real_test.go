package media

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/scenarios/runner/content"
	served "github.com/bootrig/bootrig/server/content"
)

// The netboot trees of Debian's packages, whole, as their releases in testdata.
func TestDebiansOwnTrees(t *testing.T) {
	cache, err := content.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	for cpu, release := range map[string]string{"amd64": "debian-netboot-12", "arm64": "debian-netboot-12-arm64"} {
		t.Run(cpu, func(t *testing.T) {
			name := filepath.Join(cache, "deb", "debian-installer-12-netboot-"+cpu, "usr/lib/debian-installer/images/12", cpu, "text")
			if _, err := os.Stat(name); err != nil {
				must.Skip(t, must.Content, err)
			}
			dir, err := served.OpenDir(name, "/")
			if err != nil {
				t.Fatal(err)
			}
			defer dir.Close()
			found, err := Recognise(dir.Source())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(wanted(t, release), found); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
