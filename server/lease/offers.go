package lease

import (
	"net/netip"
	"time"
)

// offers are the addresses that were offered and not taken yet, so that two clients who come at once are
// offered two addresses. dnsmasq relies on its hash alone for that.
type offers struct {
	at    map[netip.Addr]offer
	to    map[string]netip.Addr
	queue []queued // the oldest first; some are out of date
}

type offer struct {
	client string
	made   time.Time
}

type queued struct {
	addr netip.Addr
	made time.Time
}

const (
	// held is how long an offer keeps its address: longer than any ROM waits for its answer.
	held = time.Minute
	// maxOffers bounds the memory of one who sends a DISCOVER after the other from made-up addresses.
	maxOffers = 4096
)

func newOffers() offers {
	return offers{at: map[netip.Addr]offer{}, to: map[string]netip.Addr{}}
}

// make remembers an offer, the client's only one.
func (o *offers) make(addr netip.Addr, client string, now time.Time) {
	o.expire(now)
	if before, ok := o.to[client]; ok && before != addr {
		o.drop(before)
	}
	if other, ok := o.at[addr]; ok && other.client != client {
		delete(o.to, other.client)
	}
	o.at[addr], o.to[client] = offer{client, now}, addr
	o.queue = append(o.queue, queued{addr, now})
}

// expire forgets what is too old, or too much.
func (o *offers) expire(now time.Time) {
	for len(o.queue) > 0 {
		q := o.queue[0]
		made, stands := o.at[q.addr]
		stands = stands && made.made.Equal(q.made)
		age := now.Sub(q.made)
		if stands && age >= 0 && age < held && len(o.queue) < maxOffers {
			return
		}
		o.queue = o.queue[1:]
		if stands {
			o.drop(q.addr)
		}
	}
}

func (o *offers) drop(addr netip.Addr) {
	if made, ok := o.at[addr]; ok {
		delete(o.to, made.client)
		delete(o.at, addr)
	}
}

// other tells whether an address is offered to somebody else.
func (o *offers) other(addr netip.Addr, client string, now time.Time) bool {
	made, ok := o.at[addr]
	return ok && made.client != client && now.Sub(made.made) < held
}

// mine is what a client was offered.
func (o *offers) mine(client string, now time.Time) (netip.Addr, bool) {
	addr, ok := o.to[client]
	return addr, ok && now.Sub(o.at[addr].made) < held
}
