package observe

import (
	"encoding/binary"
	"net"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/wire/event"
)

const (
	etherLen  = 14
	typeARP   = 0x0806
	maxOwners = 64 // addresses whose owners are remembered
)

// owners are who said by ARP that they have an address (RFC 826).
type owners map[netip.Addr][6]byte

// claim reads a frame of ARP: an address and who says that it is theirs; false if it is none, or a question of somebody
// who has no address yet.
func claim(frame []byte) (ip netip.Addr, mac [6]byte, ok bool) {
	const arpLen = 28
	if len(frame) < etherLen+arpLen || binary.BigEndian.Uint16(frame[12:]) != typeARP {
		return ip, mac, false
	}
	b := frame[etherLen:]
	ip = addr4(b[14:])
	return ip, [6]byte(b[8:]), [6]byte(b) == [6]byte{0, 1, 8, 0, 6, 4} && !ip.IsUnspecified()
}

// arp notes that two hosts say that an address is theirs, once for each (RFC 5227, section 2.4).
func (o *Observer) arp(now time.Time, ip netip.Addr, mac [6]byte) {
	first, known := o.owners[ip]
	switch {
	case !known && len(o.owners) < maxOwners:
		if o.owners == nil {
			o.owners = owners{}
		}
		o.owners[ip] = mac
	case known && first != mac && !o.twice[ip]:
		if o.twice == nil {
			o.twice = map[netip.Addr]bool{}
		}
		o.twice[ip] = true
		o.now = now
		o.record(event.Event{Kind: event.Conflict, Peer: netip.AddrPortFrom(ip, 0), Attrs: event.Attrs("first", net.HardwareAddr(first[:]).String(), "other", net.HardwareAddr(mac[:]).String())})
	}
}
