package tftpd

import (
	"bytes"
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

// maxWaiting is about what a kernel keeps for a socket that nobody reads; after maxWait a client has
// asked again or given up.
const (
	maxWaiting = 256
	maxWait    = 10 * time.Second
)

// waiting are the requests for which there is no room, one for each client, the oldest first.
type waiting []waiter

type waiter struct {
	since time.Time
	d     machine.Datagram
}

func (w *waiting) add(now time.Time, d machine.Datagram) {
	d.Payload = bytes.Clone(d.Payload)
	i := slices.IndexFunc(*w, func(old waiter) bool { return old.d.Src == d.Src })
	switch {
	case i >= 0:
		(*w)[i] = waiter{now, d}
	case len(*w) < maxWaiting:
		*w = append(*w, waiter{now, d})
	}
}

// take gives the oldest request for which there is room.
func (w *waiting) take(now time.Time, room func(netip.Addr) bool) (machine.Datagram, bool) {
	*w = slices.DeleteFunc(*w, func(old waiter) bool { return now.Sub(old.since) > maxWait })
	for i, next := range *w {
		if room(next.d.Src.Addr()) {
			*w = slices.Delete(*w, i, i+1)
			return next.d, true
		}
	}
	return machine.Datagram{}, false
}
