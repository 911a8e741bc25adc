package storm

import (
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// A Phase is a part of a boot.
type Phase string

// The phases.
const (
	DHCP      Phase = "DHCP"          // from power on to the address
	Proxy     Phase = "proxy"         // from the address to the last answer of a proxy or boot server
	NBP       Phase = "NBP"           // the boot program's way to the machine
	Configure Phase = "configuration" // from the boot program's start to the first module
	Kernel    Phase = "kernel+initrd" // or the modules of another system
	Total     Phase = "total"         // from power on to the kernel's start
)

// phases are all, in their order.
var phases = []Phase{DHCP, Proxy, NBP, Configure, Kernel, Total}

// Took is how long each phase took that a boot had.
type Took map[Phase]time.Duration

// moments are a boot's facts, as far as phases need them.
type moments struct {
	on, address, proxy, asked, loaded time.Time
	addr                              netip.Addr // what it was given
	fetches                           []fetch    // since the boot program runs, and that did not fail
	again                             int        // how often anybody had to repeat something
	requested                         bool       // it has asked for an address
}

type fetch struct {
	id uint64
	at time.Time
}

// take takes a fact of the wire or the guest.
func (m *moments) take(e event.Event) {
	switch e.Kind {
	case event.Request:
		m.requested = true
	case event.Ack:
		m.address = e.Time
		m.addr, _ = netip.ParseAddr(e.Attr("yiaddr")) // what the witness wrote
	case event.ProxyAck, event.BootAck:
		m.proxy = e.Time
	case event.Stage:
		if e.Stage == 1 {
			m.loaded = e.Time
		}
	case event.RRQ, event.HTTPRequest:
		if m.asked.IsZero() {
			m.asked = e.Time
		}
		if !m.loaded.IsZero() {
			m.fetches = append(m.fetches, fetch{e.Xfer, e.Time})
		}
	case event.Miss, event.TFTPError, event.Abort:
		m.fetches = slices.DeleteFunc(m.fetches, func(f fetch) bool { return f.id == e.Xfer })
	case event.Retry:
		m.again++
	}
}

// took are the phases of a boot that ended now, with so many modules: they are what it fetched last.
func (m *moments) took(now time.Time, modules int) Took {
	var first time.Time
	if modules > 0 && modules <= len(m.fetches) {
		first = m.fetches[len(m.fetches)-modules].at
	}
	took := Took{}
	took.add(DHCP, m.on, m.address)
	took.add(Proxy, m.address, m.proxy)
	took.add(NBP, m.asked, m.loaded)
	took.add(Configure, m.loaded, first)
	took.add(Kernel, first, now)
	took.add(Total, m.on, now)
	return took
}

func (t Took) add(p Phase, from, to time.Time) {
	if !from.IsZero() && !to.Before(from) {
		t[p] = to.Sub(from)
	}
}
