package runner

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// acts does what is due to be done to guests.
func (r *realRun) acts(ctx context.Context) error {
	for _, a := range r.judge.Acts(time.Now()) {
		r.wire.Do(func(now time.Time, _ *link.LAN) { r.act(now, a) })
		if r.req.World != QEMU {
			continue
		}
		if err := r.actReal(ctx, a); err != nil {
			return fmt.Errorf("%s of guest %s: %w", a.Do, a.Guest, err)
		}
	}
	return nil
}

// actReal does what is due to a real machine; one that is off feels nothing. A reset is a new machine, since QEMU's own
// cannot be told from that of a guest that gives up: SeaBIOS resets once more by itself.
func (r *realRun) actReal(ctx context.Context, a script.Act) error {
	at := slices.IndexFunc(r.guests, func(g *realGuest) bool { return g.name == a.Guest && !g.off.Load() })
	if at >= 0 {
		g := r.guests[at]
		switch a.Do {
		case script.Press:
			return g.qemu.Key(a.Key)
		case script.Unplug, script.Plug:
			return g.qemu.SetLink(a.Do == script.Plug)
		}
		g.off.Store(true)
		g.qemu.Stop()
		r.wire.Do(func(_ time.Time, lan *link.LAN) { // what still passes there is not the next machine's
			for _, p := range r.ports[a.Guest] {
				lan.SetVLAN(p, nowhere)
			}
		})
	}
	if a.Do != script.Reset {
		return nil
	}
	spec, _ := r.Guest(a.Guest)
	return r.startReal(ctx, spec)
}

// glance is how often a screen is looked at that is waited for.
const glance = 500 * time.Millisecond

// look shows the judge the screens that it waits for. A machine that is about to end may show none.
func (r *realRun) look() {
	now := time.Now()
	if now.Sub(r.looked) < glance {
		return
	}
	for _, name := range r.judge.Looks() {
		r.looked = now
		for _, g := range r.guests {
			if g.name != name || g.off.Load() || g.still {
				continue
			}
			if lines, err := g.qemu.Text(); err == nil {
				r.judge.Show(name, now, lines)
			}
		}
	}
}
