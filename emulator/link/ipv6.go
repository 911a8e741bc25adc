package link

import (
	"encoding/binary"
	"net/netip"
)

const (
	typeIPv6       = 0x86dd
	ip6Len         = 40
	protocolICMPv6 = 58
	neighbourHops  = 255 // RFC 4861: neighbour discovery never passed a router
)

// ParseNDP reads a frame that carries a neighbour discovery message (RFC 4861) and checks its hop limit
// and checksum. There is no more of IPv6 here: a lab needs only to tell a guest that it has none.
func ParseNDP(frame []byte) (src, dst netip.Addr, message []byte, ok bool) {
	if len(frame) < etherLen+ip6Len+8 || binary.BigEndian.Uint16(frame[12:]) != typeIPv6 {
		return src, dst, nil, false
	}
	b := frame[etherLen:]
	length := int(binary.BigEndian.Uint16(b[4:]))
	if b[0]>>4 != 6 || b[6] != protocolICMPv6 || b[7] != neighbourHops || length < 8 || ip6Len+length > len(b) {
		return src, dst, nil, false
	}
	message = b[ip6Len : ip6Len+length]
	if fold(sum(pseudo(b[8:40], protocolICMPv6, length), message)) != 0xffff {
		return src, dst, nil, false
	}
	return netip.AddrFrom16([16]byte(b[8:])), netip.AddrFrom16([16]byte(b[24:])), message, true
}

// NDP makes a frame of a neighbour discovery message and fills in the message's checksum.
func NDP(dstMAC, srcMAC [6]byte, src, dst netip.Addr, message []byte) []byte {
	b := appendEther(nil, dstMAC, srcMAC, typeIPv6)
	b = append(b, 0x60, 0, 0, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(len(message)))
	b = append(b, protocolICMPv6, neighbourHops)
	s, d := src.As16(), dst.As16()
	b = append(b, s[:]...)
	b = append(b, d[:]...)
	b = append(b, message...)
	own := b[etherLen+ip6Len:]
	own[2], own[3] = 0, 0
	start := pseudo(b[etherLen+8:etherLen+ip6Len], protocolICMPv6, len(own))
	binary.BigEndian.PutUint16(own[2:], ^fold(sum(start, own)))
	return b
}
