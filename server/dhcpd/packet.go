package dhcpd

import (
	"encoding/binary"
	"net/netip"
)

const (
	ipv4Header = 20
	udpHeader  = 8
	protoUDP   = 17
)

// decode takes the UDP datagram out of an IPv4 packet (RFC 791, RFC 768). Fragments are none: what asks
// for an address fits one packet. unsummed says that the checksum is still the network card's to fill in.
func decode(b []byte, unsummed bool) (src, dst netip.AddrPort, payload []byte, ok bool) {
	if len(b) < ipv4Header || b[0]>>4 != 4 || b[9] != protoUDP {
		return src, dst, nil, false
	}
	header, total := int(b[0]&0xf)*4, int(binary.BigEndian.Uint16(b[2:]))
	const fragment = 0x3fff // more of them, or not the first
	if binary.BigEndian.Uint16(b[6:])&fragment != 0 || header < ipv4Header || total < header+udpHeader || total > len(b) {
		return src, dst, nil, false
	}
	udp := b[header:total]
	length := int(binary.BigEndian.Uint16(udp[4:]))
	if length < udpHeader || length > len(udp) {
		return src, dst, nil, false
	}
	udp = udp[:length]
	from, to := netip.AddrFrom4([4]byte(b[12:])), netip.AddrFrom4([4]byte(b[16:]))
	if summed := binary.BigEndian.Uint16(udp[6:]) != 0; summed && !unsummed && checksum(pseudo(from, to, length), udp) != 0 {
		return src, dst, nil, false
	}
	src = netip.AddrPortFrom(from, binary.BigEndian.Uint16(udp))
	dst = netip.AddrPortFrom(to, binary.BigEndian.Uint16(udp[2:]))
	return src, dst, udp[udpHeader:], true
}

// encode makes the IPv4 packet of a UDP datagram, in the room that b has if there is enough. It may be fragmented on
// its way.
func encode(b []byte, src, dst netip.AddrPort, payload []byte) []byte {
	const ttl = 64
	b = append(b[:0], make([]byte, ipv4Header+udpHeader)...)
	b = append(b, payload...)
	from, to := src.Addr().As4(), dst.Addr().As4()
	b[0], b[8], b[9] = 0x45, ttl, protoUDP
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	copy(b[12:], from[:])
	copy(b[16:], to[:])
	binary.BigEndian.PutUint16(b[10:], checksum(0, b[:ipv4Header]))
	udp := b[ipv4Header:]
	binary.BigEndian.PutUint16(udp, src.Port())
	binary.BigEndian.PutUint16(udp[2:], dst.Port())
	binary.BigEndian.PutUint16(udp[4:], uint16(len(udp)))
	sum := checksum(pseudo(src.Addr(), dst.Addr(), len(udp)), udp)
	if sum == 0 {
		sum = 0xffff // 0 would say that there is none (RFC 768)
	}
	binary.BigEndian.PutUint16(udp[6:], sum)
	return b
}

// pseudo is the sum of UDP's pseudo header (RFC 768).
func pseudo(src, dst netip.Addr, length int) uint32 {
	sum := uint32(protoUDP) + uint32(length)
	for _, addr := range []netip.Addr{src, dst} {
		a := addr.As4()
		sum += uint32(binary.BigEndian.Uint16(a[:])) + uint32(binary.BigEndian.Uint16(a[2:]))
	}
	return sum
}

// checksum is the Internet checksum (RFC 1071) of b, begun with sum. Over what holds its own checksum it
// is 0.
func checksum(sum uint32, b []byte) uint16 {
	for ; len(b) >= 2; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}
