package server

import (
	"cmp"
	"net/netip"
	"sync"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

// owners know which machine has an address, so that facts of TFTP and HTTP name it as those of DHCP do, by
// its MAC: what DHCP said of it, else what the ARP table says. A proxy hears no lease, but most clients tell
// it their address when they ask on port 4011.
type owners struct {
	neighbor Neighbor // nil: there is no ARP table

	mu   sync.Mutex
	macs map[netip.Addr]string
	seen map[netip.Addr]sight
}

// A sight is what the ARP table said of an address.
type sight struct {
	mac string
	at  time.Time
}

// sightHolds is for how long the ARP table is not asked again: it is as long as the network has machines, and one that boots
// asks for a dozen names in a moment.
const sightHolds = 2 * time.Second

// maxOwners bounds what is remembered. At the bound all is forgotten, and the ARP table asked.
const maxOwners = 1 << 14

// hear passes facts of DHCP on, and learns from them.
func (o *owners) hear(next event.Recorder) event.Recorder {
	return event.Func(func(e event.Event) {
		o.learn(e)
		next.Record(e)
	})
}

// learn reads a fact of DHCP: the address that its client has, or is given. Offers and what clients ask for are
// not in these attributes: an offer may be left, and a request be refused.
func (o *owners) learn(e event.Event) {
	if e.Kind == event.Heard && e.Attr("of") != string(event.Ack) {
		return
	}
	for _, key := range []string{"ciaddr", "yiaddr"} {
		text := e.Attr(key)
		if text == "" || e.Client == "" {
			continue
		}
		addr, err := netip.ParseAddr(text)
		if err != nil {
			continue
		}
		o.mu.Lock()
		switch {
		case e.Kind == event.Release:
			delete(o.macs, addr)
		case o.macs == nil, len(o.macs) >= maxOwners:
			o.macs = map[netip.Addr]string{addr: e.Client}
		default:
			o.macs[addr] = e.Client
		}
		o.mu.Unlock()
	}
}

// name is the machine's MAC, or its address where that is all that is known. It is asked once for each
// transfer, since it may read the ARP table.
func (o *owners) name(addr netip.Addr) string { return cmp.Or(o.mac(addr), addr.String()) }

// mac is the machine's MAC; "" where it is not known.
func (o *owners) mac(addr netip.Addr) string {
	now := time.Now()
	if mac, known := o.remembered(addr, now); known || o.neighbor == nil {
		return mac
	}
	hw, known := o.neighbor("", addr)
	if !known {
		return ""
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.seen == nil || len(o.seen) >= maxOwners {
		o.seen = map[netip.Addr]sight{}
	}
	o.seen[addr] = sight{hw.String(), now}
	return hw.String()
}

func (o *owners) remembered(addr netip.Addr, now time.Time) (mac string, known bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if mac, known = o.macs[addr]; known {
		return mac, true
	}
	s, seen := o.seen[addr]
	return s.mac, seen && now.Sub(s.at) < sightHolds
}
