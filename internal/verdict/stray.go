package verdict

import (
	"net/netip"
	"slices"

	"github.com/bootrig/bootrig/wire/event"
)

// asker is from where a file was asked for, as its server knows: each transfer has a port of its own (RFC 1350, section 4).
type asker struct {
	ports []netip.AddrPort // the last ones
	stray uint64           // a transfer of which no fact counts
}

const maxPorts = 4

// strays tells whether a fact is of a question that the wire doubled, and brought when the machine had gone on: that which asks
// for the size, or that by which the file had come.
func (b *Boot) strays(e event.Event) bool {
	n := slices.IndexFunc(b.files, func(f *file) bool { return f.path == e.Path })
	if n < 0 || e.Source != "server" {
		return false
	}
	f := b.files[n]
	if e.Kind == event.RRQ {
		at := slices.Index(f.ports, e.Peer)
		left := at >= 0 && at < len(f.ports)-1 // it asks from another port since
		late := at >= 0 && e.Time.Sub(f.last.Time) < brief
		if f.end == event.Got && (left || late) || f.end == "" && left {
			f.stray = e.Xfer
		}
	}
	return f.stray != 0 && f.stray == e.Xfer
}

func (a *asker) from(port netip.AddrPort) {
	if n := len(a.ports); n > 0 && a.ports[n-1] == port {
		return
	}
	if len(a.ports) == maxPorts {
		a.ports = slices.Delete(a.ports, 0, 1)
	}
	a.ports = append(a.ports, port)
}
