package verdict

import (
	"fmt"
	"path"
	"strings"

	"github.com/bootrig/bootrig/wire/event"
)

// menuCauses are about machines that wait for somebody.
func menuCauses() []Cause {
	return []Cause{
		{
			ID: AtMenu, Name: "It stands at a menu",
			Shows: "the last that was fetched is a menu and what it shows", Refutes: "a kernel",
			Fix: "choose, or give the menu a timeout; if the choice was to boot from disk all is well", Source: "syslinux doc/menu.txt, MENU TIMEOUT",
			find: atMenu,
		},
	}
}

// idles tells that U-Boot was given an address and makes nothing of it, as its dhcp command does with autoload=no. It
// takes the next server of who gave the address, so that there is no boot server is no matter.
func (b *Boot) idles() bool {
	return b.Witnessed && strings.HasPrefix(b.client.class, "U-Boot") && b.of(otherAck).n > 0 && b.quiet() && b.asked4011() == 0
}

// atMenu tells that the machine stands at a menu, as far as its files show: one without a timeout waits for a key
// for ever.
func atMenu(b *Boot) *found {
	if b.stage >= Kernel || b.outcome().said.Kind != "" {
		return nil
	}
	if e := b.of(what(event.Offer)).last; b.prompts() && b.quiet() && b.n(event.BootRequest) == 0 && b.leased() {
		return likely("the machine is at the menu that it was sent, which waits for a key", e)
	}
	if b.idles() {
		return likely("U-Boot has its address and asks for no file: it stands at its prompt, or boots from elsewhere", b.of(what(event.Request)).last)
	}
	menu := (*file)(nil)
	for _, f := range b.files {
		switch base := path.Base(f.path); {
		case f.end != event.Got:
		case strings.HasSuffix(base, "menu.c32"), strings.HasPrefix(base, "grub.cfg"), strings.HasSuffix(base, ".ipxe"), strings.HasSuffix(base, ".menu"):
			menu = f
		}
	}
	last := b.last()
	switch {
	case last == nil && len(b.missed()) == 0:
		return nil
	case menu == nil && last != nil && b.stage == Configured && b.roleOf(last) != program:
		return possible(fmt.Sprintf("the machine has %s and asks for no kernel: it waits for a key, or boots from its disk", last.path), last.last)
	case menu == nil, last != nil && last != menu && b.roleOf(last) == program: // what was chosen came
		return nil
	}
	return likely("the machine is at the menu of "+path.Base(menu.path)+", which may wait for a key", menu.last)
}
