package qemu

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

const (
	// silence is how long nothing comes by the serial line until the screen is looked at: a kernel without
	// console=ttyS0 tells it alone why it gives up.
	silence = 3 * time.Second
	glance  = 2 * time.Second
)

// A clock says when something was last heard.
type clock struct{ at atomic.Int64 }

func (c *clock) set(now time.Time)                 { c.at.Store(now.UnixNano()) }
func (c *clock) since(now time.Time) time.Duration { return now.Sub(time.Unix(0, c.at.Load())) }

// watchScreen reads the screen while the serial line is silent, until that has ended.
func (g *Guest) watchScreen(ear *listener) {
	defer close(g.looked)
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			if g.spoke.since(now) < silence || g.Stopped() {
				continue
			}
			if lines, err := g.vga(vgaAll); err == nil { // else it is about to end
				ear.look(now, lines)
			}
		case <-g.heard:
			return
		}
	}
}

// onScreen is who reads the screen, and tells of it what means failure, unless that was told already.
func (l *listener) onScreen() *listener {
	seen := newListener(l.client, event.Func(func(e event.Event) {
		if e.Kind == event.Error {
			l.events.Record(e)
		}
	}))
	seen.told = l.told
	return seen
}

// look reads a screen that is another than the last one.
func (l *listener) look(now time.Time, lines []string) {
	if slices.Equal(l.shown, lines) {
		return
	}
	l.shown = lines
	var whole string // a line may go on in the next row
	for _, row := range lines {
		if whole += row; len(row) < screenWidth {
			l.line(now, whole, len(whole))
			whole, l.before = "", ""
		}
	}
	l.line(now, whole, len(whole))
	l.before = ""
}
