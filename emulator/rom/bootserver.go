package rom

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/emulator/retry"
)

// openMenu shows the prompt of option 43.10, or the menu itself.
func (r *ROM) openMenu(now time.Time, m menu) {
	r.menu, r.phase, r.began, r.timer = m, prompt, now, retry.Timer{}
	wait, forever := m.wait()
	switch {
	case r.cfg.Profile.Menu == MenuHangs:
		r.timer.Stop()
	case r.cfg.Profile.Menu == MenuFirst && !m.hasPrompt:
		r.choose(now, 0)
	case forever:
		r.show(now)
	case wait == 0:
		r.choose(now, 0)
	default:
		r.say(now, m.prompt)
		r.timer = retry.Timer{Backoff: retry.Backoff{Table: []time.Duration{wait}}}
		r.timer.Start(now)
	}
}

func (r *ROM) show(now time.Time) {
	r.shown = true
	r.timer.Stop()
	for _, it := range r.menu.items {
		r.say(now, it.text)
	}
}

// key acts on the prompt and in the menu; elsewhere a ROM swallows keys.
func (r *ROM) key(now time.Time, name string) {
	switch {
	case r.phase != prompt, r.cfg.Profile.Menu == MenuHangs:
	case !r.shown && name == "f8":
		r.show(now)
	case r.cfg.Profile.Menu == MenuFirst && name == "esc":
		r.bootFile(now) // to EDK2 a menu that was left is one that was not shown (PxeBcBoot.c, PxeBcDiscoverBootFile)
	case !r.shown && r.cfg.Profile.Menu != MenuFirst:
		r.choose(now, 0)
	case !r.shown:
	case name == "down":
		r.selection = min(r.selection+1, len(r.menu.items)-1)
	case name == "up":
		r.selection = max(r.selection-1, 0)
	case name == "ret":
		r.choose(now, r.selection)
	case name == "esc":
		r.fail(Cancelled, "Esc was pressed in the boot menu")
	}
}

// choose asks for one item. Type 0 leaves the ROM for the next boot device, or is a boot that was cancelled.
func (r *ROM) choose(now time.Time, index int) {
	chosen := r.menu.items[index]
	r.selection = index
	switch {
	case chosen.typ == 0 && r.cfg.Profile.Menu == MenuFirst:
		r.fail(Cancelled, "the boot menu's item is local boot")
		return
	case chosen.typ == 0:
		r.end(Outcome{Local: true})
		return
	}
	p := r.pxe
	if p == nil {
		p = r.ack
	}
	r.servers, r.accept = p.bootServers(chosen.typ)
	if r.cfg.Profile.Menu == MenuFirst {
		r.servers = p.oneWay(chosen.typ, r.servers)
	}
	if len(r.servers) == 0 {
		r.fail(NoBootServer, fmt.Sprintf("option 43 lists no server of type %d and forbids asking everybody", chosen.typ))
		return
	}
	r.count = 0 // boot server discovery is a DHCP session of its own
	r.enter(now, bootServer)
}

// itemServer is the first server left: broadcast goes to port 67, the rest to 4011.
func (r *ROM) itemServer() netip.AddrPort {
	if r.servers[0] == broadcast {
		return netip.AddrPortFrom(broadcast, 67)
	}
	return netip.AddrPortFrom(r.servers[0], 4011)
}

// bootItem is option 43 of boot server discovery.
func (r *ROM) bootItem() []byte {
	if r.phase != bootServer {
		return nil
	}
	typ := r.menu.items[r.selection].typ
	return []byte{71, 4, byte(typ >> 8), byte(typ), 0, 0, 255}
}

// bootAnswer takes an ACK that names the same boot item.
func (r *ROM) bootAnswer(now time.Time, a *Reply) {
	item := a.PXE(71)
	typ := r.menu.items[r.selection].typ
	switch {
	case a.From.Port() != 67 && a.From.Port() != 4011, a.Type != msgAck:
		return
	case len(item) < 2 || item[0] != byte(typ>>8) || item[1] != byte(typ):
		r.heard = fmt.Sprintf("%s answered without echoing boot item %d (43.71)", a.PseudoID(), typ)
		return
	case r.accept != nil && !slices.Contains(r.accept, a.PseudoID()):
		r.heard = fmt.Sprintf("%s is not in the list of boot servers", a.PseudoID())
		return
	}
	r.boot, r.heard = a, ""
	r.bootFile(now)
}

// nextServer gives up one boot server.
func (r *ROM) nextServer(now time.Time) {
	asked := r.servers[0]
	r.servers = r.servers[1:]
	if len(r.servers) > 0 {
		r.enter(now, bootServer)
		return
	}
	r.fail(NoBootAck, fmt.Sprintf("%s did not answer for boot item %d%s", asked, r.menu.items[r.selection].typ, r.after()))
}
