package runner

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// simHost is the host of our server in virtual time: some of its cards are up, and the server knows no others.
type simHost struct {
	machine.Machine
	server *server.Server // nil: it was killed
	links  []dhcp.Link    // one for each card
	ports  []link.Port
	root   string // of TFTP
	up     []int  // the cards whose links the server was told, in order: it counts those
}

// Receive takes what comes to a card that is up.
func (h *simHost) Receive(now time.Time, in machine.Input) {
	if d, ok := in.(machine.Datagram); ok {
		switch link := slices.Index(h.up, d.Link); {
		case link < 0:
			return
		case link != d.Link:
			d.Link = link
			in = d
		}
	}
	h.Machine.Receive(now, in)
}

// Next says by which card.
func (h *simHost) Next() (machine.Datagram, bool) {
	d, ok := h.Machine.Next()
	if ok && d.Link < len(h.up) {
		d.Link = h.up[d.Link]
	}
	return d, ok
}

// set sets a card up or down.
func (h *simHost) set(card int, up bool) {
	h.up = slices.DeleteFunc(h.up, func(n int) bool { return n == card })
	if up {
		h.up = append(h.up, card)
		slices.Sort(h.up)
	}
	if h.server != nil {
		h.server.Move(server.Host{Links: h.known()})
	}
}

// end ends the answers of HTTP that the server is in the middle of.
func (h *simHost) end() {
	if c, ok := h.Machine.(io.Closer); ok {
		_ = c.Close() // it has nothing to say
	}
}

// known are the links of the cards that are up.
func (h *simHost) known() (links []dhcp.Link) {
	for _, card := range h.up {
		links = append(links, h.links[card])
	}
	return links
}

// nowhere is the VLAN of a card that is down.
const nowhere = 0xfff

// simulateHost does what a step says to the host in virtual time.
func (b *lab) simulateHost(now time.Time, h script.Host) error {
	switch h.Do {
	case script.LinkUp:
		b.lan.SetVLAN(b.own.ports[h.Index()], uint16(b.serverLans()[h.Index()]))
		b.own.set(h.Index(), true)
	case script.LinkDown:
		b.lan.SetVLAN(b.own.ports[h.Index()], nowhere)
		b.own.set(h.Index(), false)
	case script.Move:
		return b.move(h)
	case script.Truncate:
		return b.truncate(h)
	case script.Reload:
		if b.own.server == nil {
			return errors.New("host reload: the server is not running: host start comes first")
		}
		b.reload(now)
	case script.Kill:
		b.own.end()
		b.own.Machine, b.own.server = gone{}, nil
		b.pokeServer(now)
	case script.Start:
		return b.restart(now)
	default:
		return fmt.Errorf("host %s: nobody does it in sim", h.Do)
	}
	return nil
}

// reload is SIGHUP: a configuration with a mistake is told, and the last one stays.
func (b *lab) reload(now time.Time) {
	cfg, err := b.serverConfig(b.own.known())
	if err == nil {
		err = b.own.server.Change(cfg)
	}
	if err != nil {
		b.facts.Record(event.Event{Time: now, Kind: event.Fault, Source: "server", Text: "configuration: " + err.Error()})
		return
	}
	b.own.root = cfg.Settings.TFTP.Root
}

// restart starts a server that was killed.
func (b *lab) restart(now time.Time) error {
	if b.own.server != nil {
		return errors.New("host start: the server is running: host kill comes first")
	}
	err := b.runOwn()
	b.pokeServer(now)
	return err
}

// pokeServer tells the wire that the server's host is another.
func (b *lab) pokeServer(now time.Time) {
	for _, p := range b.own.ports {
		b.lan.Poke(now, p)
	}
}

// gone is the machine of a process that is not there.
type gone struct{}

func (gone) Receive(time.Time, machine.Input) {}
func (gone) Expire(time.Time)                 {}
func (gone) Next() (machine.Datagram, bool)   { return machine.Datagram{}, false }
func (gone) Deadline() (time.Time, bool)      { return time.Time{}, false }
