package rom

import (
	"fmt"
	"strings"

	"github.com/bootrig/bootrig/emulator/web"
)

// isDisk tells whether UEFI HTTP boot takes a file for something else than a program, and ends the boot then: by the
// Content-Type of its answer, and by its name where that is none of the three (EDK2 HttpBootCheckImageType, UEFI 2.10
// section 24.7). A disk becomes one in memory, from which nothing here boots.
func (r *ROM) isDisk() bool {
	asked, ok := r.get.(*web.Transfer)
	if !ok || !r.cfg.Profile.HTTP.Boot {
		return false
	}
	kind := asked.Header("Content-Type")
	switch name, _, _ := strings.Cut(r.from.name, "?"); strings.ToLower(kind) {
	case "application/efi":
		return false
	case "application/vnd.efi-iso", "application/vnd.efi-img":
	default:
		if strings.HasSuffix(name, ".efi") {
			return false
		}
	}
	r.fail(NotExecutable, fmt.Sprintf("%s is of type %q: the firmware takes it for no program", r.url, kind))
	return true
}
