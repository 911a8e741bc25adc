package trial

import (
	"strings"

	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/event"
)

// Like finds the profile that asks most nearly as a machine of a capture does: the same option 60, else the same option 93
// and kind of boot; and iPXE is iPXE (option 77).
func Like(facts []event.Event) (rom.Profile, bool) {
	for _, e := range facts {
		if e.Kind != event.Discover {
			continue
		}
		for _, near := range []func(rom.Profile) bool{
			func(p rom.Profile) bool { return p.Class == e.Attr("class") },
			func(p rom.Profile) bool { return archOf(p.Class) == archOf(e.Attr("class")) },
		} {
			for _, p := range rom.Profiles() {
				if p.UserClass == e.Attr("userclass") && near(p) {
					return p, true
				}
			}
		}
		return rom.Profile{}, false // what asks later is a program
	}
	return rom.Profile{}, false
}

// archOf is an option 60 up to the architecture in it: PXEClient:Arch:00007.
func archOf(class string) string {
	parts := strings.SplitN(class, ":", 4)
	return strings.Join(parts[:min(len(parts), 3)], ":")
}
