package storm

import (
	"context"
	"maps"
	"net"
	"slices"
	"time"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/link"
)

// beat is how often it is looked who has come and gone.
const beat = 10 * time.Millisecond

// live is the life of a crowd in real time, on the LAN that do has. each is called at each beat.
func (c *crowd) live(ctx context.Context, do func(func(time.Time, *link.LAN)), heard func(Boot), each func(time.Time)) error {
	ticks := time.NewTicker(beat)
	defer ticks.Stop()
	for over := false; !over; {
		var ended []Boot
		do(func(now time.Time, lan *link.LAN) {
			c.expel(now)
			c.arrive(now, lan)
			ended = c.settle(now, lan)
			over = c.over()
		})
		for _, b := range ended {
			heard(b)
		}
		each(time.Now())
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// mostOnLAN is how many clients may storm a network of others.
const mostOnLAN = 1000

// CheckLAN says what is wrong with it for LAN.
func (c Config) CheckLAN() error {
	if c.Clients > mostOnLAN {
		return mistake("-n %d: on a network that others need too %d clients are the most", c.Clients, mostOnLAN)
	}
	return c.Check()
}

// LAN lets a storm loose on a network that is there, of which the lab is a part (emulator/raw), against whoever answers. As
// many boot at once as Config.Together says. What they are lent is given back: by each when its boot has ended, and by
// all when ctx ends.
func LAN(ctx context.Context, lab *emulator.Lab, cfg Config, heard func(Boot)) error {
	if err := cfg.CheckLAN(); err != nil {
		return err
	}
	c, err := newCrowd(cfg, 0, cfg.Clients, time.Now(), nil)
	if err != nil {
		return err
	}
	c.lent = true
	err = c.live(ctx, lab.Do, heard, func(time.Time) {})
	if ctx.Err() != nil {
		c.giveBack(lab)
	}
	return err
}

// goodbye is how long a client stays that gives its address back: the server may have to be asked for by ARP, twice.
const goodbye = 1200 * time.Millisecond

// giveBack has everybody give back what is lent.
func (c *crowd) giveBack(lab *emulator.Lab) {
	ticks := time.NewTicker(beat)
	defer ticks.Stop()
	for late := time.After(goodbye); ; {
		lab.Do(c.release)
		select {
		case <-ticks.C:
		case <-late:
			return
		}
	}
}

// release has those give their addresses back who have one. Who has asked for one may get it yet; the others end.
func (c *crowd) release(now time.Time, lan *link.LAN) {
	for _, m := range slices.AppendSeq(slices.Clone(c.leaving), maps.Values(c.booting)) {
		if !m.parts && !m.giveBack(now, lan) && !m.moments.requested {
			m.parts = true
		}
	}
}

// MACs are the addresses of the first client and the last.
func (c Config) MACs() (first, last net.HardwareAddr) { return mac(c.Mark, 1), mac(c.Mark, c.Clients) }
