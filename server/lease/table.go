package lease

import (
	"encoding/binary"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/insomniacslk/dhcp/iana"
)

// A table is who has which address. A lease that is over stays until somebody else gets its address, so
// that a client finds it again.
type table struct {
	leases  map[netip.Addr]*Lease
	byID    map[string][]*Lease // the oldest first
	byMAC   map[string][]*Lease
	offers  offers
	rests   map[netip.Addr]time.Time // until when an address is given to nobody who can do without
	freed   int                      // grows when an address becomes free
	max     int
	changes []Change
}

// defaultMax is how many leases there are at a time (dnsmasq config.h, MAXLEASES).
const defaultMax = 1000

func newTable(known []Lease) *table {
	t := &table{
		leases: map[netip.Addr]*Lease{}, byID: map[string][]*Lease{}, byMAC: map[string][]*Lease{},
		rests: map[netip.Addr]time.Time{}, offers: newOffers(), max: defaultMax,
	}
	for _, l := range known {
		t.forget(l.Addr)
		t.index(&l)
	}
	return t
}

func hardware(kind iana.HWType, mac net.HardwareAddr) string {
	return string(binary.BigEndian.AppendUint16(nil, uint16(kind))) + string(mac)
}

func (t *table) index(l *Lease) {
	t.leases[l.Addr] = l
	if len(l.ClientID) > 0 {
		t.byID[string(l.ClientID)] = append(t.byID[string(l.ClientID)], l)
	}
	if len(l.MAC) > 0 {
		key := hardware(l.HWType, l.MAC)
		t.byMAC[key] = append(t.byMAC[key], l)
	}
}

// forget takes a lease out of the indexes.
func (t *table) forget(addr netip.Addr) {
	l := t.leases[addr]
	if l == nil {
		return
	}
	delete(t.leases, addr)
	drop := func(index map[string][]*Lease, key string) {
		left := slices.DeleteFunc(index[key], func(other *Lease) bool { return other == l })
		if index[key] = left; len(left) == 0 {
			delete(index, key)
		}
	}
	drop(t.byID, string(l.ClientID))
	drop(t.byMAC, hardware(l.HWType, l.MAC))
}

// at is whose an address is now; nil: nobody's.
func (t *table) at(addr netip.Addr, now time.Time) *Lease {
	if l := t.leases[addr]; l != nil && l.live(now) {
		return l
	}
	return nil
}

// of is the lease of a client: by its identifier, else by its hardware address if one of both sides knows
// no identifier (lease.c, lease_find_by_client). One that is over is found if there is no other.
func (t *table) of(now time.Time, kind iana.HWType, mac net.HardwareAddr, id []byte) *Lease {
	var over *Lease
	pick := func(among []*Lease, fits func(*Lease) bool) *Lease {
		for _, l := range slices.Backward(among) {
			switch {
			case !fits(l):
			case l.live(now):
				return l
			case over == nil:
				over = l
			}
		}
		return nil
	}
	if len(id) > 0 {
		if l := pick(t.byID[string(id)], func(*Lease) bool { return true }); l != nil {
			return l
		}
	}
	if len(mac) > 0 {
		either := func(l *Lease) bool { return len(id) == 0 || len(l.ClientID) == 0 }
		if l := pick(t.byMAC[hardware(kind, mac)], either); l != nil {
			return l
		}
	}
	return over
}

// room tells whether one more lease may be made. It looks for what is over only when it must.
func (t *table) room(now time.Time) bool {
	if len(t.leases) < t.max {
		return true
	}
	for addr, l := range t.leases {
		if !l.live(now) {
			t.release(addr)
		}
	}
	return len(t.leases) < t.max
}

// put stores a lease that is new or changed.
func (t *table) put(l Lease) *Lease {
	if old := t.leases[l.Addr]; old != nil {
		t.forget(l.Addr)
	}
	t.offers.drop(l.Addr)
	delete(t.rests, l.Addr)
	t.index(&l)
	t.changes = append(t.changes, Change{Lease: l})
	return &l
}

// release takes a lease away.
func (t *table) release(addr netip.Addr) {
	if t.leases[addr] == nil {
		return
	}
	t.forget(addr)
	t.freed++
	t.changes = append(t.changes, Change{Lease: Lease{Addr: addr}, Gone: true})
}

// rest is how long an address is left alone that a client declined, or that somebody has who did not ask
// for it (dnsmasq config.h, DECLINE_BACKOFF).
const rest = 10 * time.Minute

// maxRests bounds the memory of one who declines what he is given again and again.
const maxRests = 4096

func (t *table) declined(addr netip.Addr, now time.Time) {
	if len(t.rests) >= maxRests {
		for other, until := range t.rests {
			if !now.Before(until) {
				delete(t.rests, other)
			}
		}
	}
	if len(t.rests) < maxRests {
		t.rests[addr] = now.Add(rest)
	}
	t.offers.drop(addr)
}

func (t *table) resting(addr netip.Addr, now time.Time) bool {
	until, ok := t.rests[addr]
	return ok && now.Before(until)
}
