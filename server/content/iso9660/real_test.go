package iso9660_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/internal/must"
	deb "github.com/bootrig/bootrig/scenarios/runner/content"
)

// TestImagesThatAreGivenOut reads images of Debian's packages: hybrids with two boot images, a floppy among them
// and a partition behind the tree.
func TestImagesThatAreGivenOut(t *testing.T) {
	cache, err := deb.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]string{
		"ipxe/usr/lib/ipxe/ipxe.iso":                      {`BIOS "isolinux.bin", a floppy: false`, `EFI "efi.img", a floppy: false`},
		"memtest86+/usr/lib/memtest86+/memtest86+x64.iso": {`BIOS "boot/floppy.img", a floppy: true`, `EFI "", a floppy: false`},
	} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			file := filepath.Join(cache, "deb", name)
			if _, err := os.Stat(file); err != nil {
				must.Skip(t, must.Content, err, " (make deps fetches it)")
			}
			image := open(t, file)
			boots, err := image.Boot()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, b := range boots {
				got = append(got, fmt.Sprintf("%s %q, a floppy: %t", b.Platform, b.Name, b.Floppy))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("boot images (-want +got):\n%s", diff)
			}
			for _, w := range witnesses {
				t.Run(w.name, func(t *testing.T) { equal(t, image, unpacked(t, file, w), w.loses) })
			}
		})
	}
}
