package verdict

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/internal/magic"
	"github.com/bootrig/bootrig/wire/event"
)

// What UEFI HTTP boot takes files for: by the Content-Type, else by the end of the name (UEFI 2.10, section 24.7).
const efiType = "application/efi"

var (
	diskTypes = []string{"application/vnd.efi-iso", "application/vnd.efi-img"}
	httpEnds  = []string{".efi", ".iso", ".img"}
)

func httpType(b *Boot) *found {
	f := b.latest()
	if f == nil || !f.http || !b.client.http || b.stage > Loaded {
		return nil
	}
	kind := strings.ToLower(f.kind)
	disk := slices.Contains(diskTypes, kind)
	switch {
	case f.end == event.Got && disk && strings.HasPrefix(f.is(), magic.PE):
		return certain(fmt.Sprintf("%s is a program, and the server calls it %s", f.path, kind), f.last)
	case f.end != event.Abort || !f.probe:
		return nil
	case disk && strings.HasSuffix(f.path, ".efi"):
		return certain(fmt.Sprintf("the server calls %s %s: the firmware takes it for no program", f.path, kind), f.last)
	case kind != "" && !disk && kind != efiType && !slices.Contains(httpEnds, path.Ext(f.path)):
		return certain(fmt.Sprintf("neither the name of %s nor its Content-Type, %s, says what it is: the firmware asks no further", f.path, kind), f.last)
	}
	return likely(fmt.Sprintf("the firmware asked how large %s is, and never for it", f.path), f.last)
}
