package iso9660_test

import (
	"strings"
	"testing"

	"github.com/bootrig/bootrig/server/content/iso9660"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
)

// sound is what media have that is hard to read: a directory longer than a sector, hidden names, links, many
// levels, long names, files without a byte and without an extension.
var sound = `
boot/vmlinuz size=100000
boot/xen.gz size=300K
boot/xen -> xen.gz
boot/linux -> ../boot/./vmlinuz
EFI/xenserver/grubx64.efi size=4097
EFI/xenserver/again -> ../../boot
exactly size=4096
nothing size=0
empty/
Packages/package-with-a-name-%04d.x86_64.rpm count=100 size=70
one/two/three/four/five/six/seven/eight/nine/ten/eleven/deep.txt size=11
one/two/three/four/five/six/seven/eight/nine/other/deep.txt size=12
long/` + strings.Repeat("n", 251) + ` size=5
long/` + strings.Repeat("ä", 120) + `.bin size=6
upper/README size=3
upper/name.with.dots.tar.gz size=4
-- .treeinfo --
[general]
family = XCP-ng
-- boot/.hidden/.discinfo --
1
`

// medium has links that lead nowhere too, and are longer than one entry of a record: genisoimage writes such wrong.
var medium = `
long/link -> ` + strings.Repeat("../long/", 60) + `link
long/far -> ` + strings.Repeat("y", 250) + `/` + strings.Repeat("z", 250) + `/` + strings.Repeat("q", 200) + sound

// short is what ISO 9660 and Joliet alone can hold.
const short = `
boot/vmlinuz size=100000
boot/xen.gz size=300K
EFI/xenserver/grubx64.efi size=4097
nothing size=0
empty/
Packages/p%04d.rpm count=100 size=70
one/two/three/four/five/six/deep.txt size=11
upper/README size=3
-- .treeinfo --
[general]
`

// full has as many packages as a distribution.
func full(list string) string { return strings.ReplaceAll(list, "count=100 ", "count=3000 ") }

func open(t testing.TB, name string) *iso9660.Image {
	t.Helper()
	image, err := iso9660.Open(isotest.File(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return image
}
