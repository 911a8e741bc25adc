package link

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// A Route is a network behind a router.
type Route struct {
	To  netip.Prefix
	Via netip.Addr
}

// Via is the NextHop of a host that has an address on one network and routes to others. The first route
// that fits counts.
func Via(on netip.Prefix, routes ...Route) func(dst netip.Addr) (netip.Addr, bool) {
	on = on.Masked()
	return func(dst netip.Addr) (netip.Addr, bool) {
		if on.Contains(dst) {
			return dst, true
		}
		for _, r := range routes {
			if r.To.Contains(dst) {
				return r.Via, true
			}
		}
		return netip.Addr{}, false
	}
}

func (s *Stack) hop(dst netip.Addr) (netip.Addr, bool) {
	if s.nextHop == nil {
		return dst, true
	}
	return s.nextHop(dst)
}

// Pass sends on a packet of another host, one hop older (RFC 1812, 5.3.1). It is lost if it is too old
// already, or for all hosts of the link (RFC 2644).
func (s *Stack) Pass(now time.Time, p IPv4) {
	s.now = now
	const ttl, sum = etherLen + 8, etherLen + 10
	if p.Header[8] <= 1 || p.Src.IsUnspecified() || s.broadcast(p.Dst) || p.Dst.IsMulticast() {
		return
	}
	frame := appendEther(s.buffer(), broadcastMAC, s.mac, typeIPv4)
	frame = append(append(frame, p.Header...), p.Payload...)
	frame[ttl]--
	frame[sum], frame[sum+1] = 0, 0
	binary.BigEndian.PutUint16(frame[sum:], checksum(frame[etherLen:etherLen+len(p.Header)]))
	s.transmit(p.Src, p.Dst, frame)
}
