package link

import (
	"encoding/binary"
	"net/netip"
)

// appendEther appends an Ethernet header.
func appendEther(b []byte, dst, src [6]byte, ethertype uint16) []byte {
	b = append(b, dst[:]...)
	b = append(b, src[:]...)
	return binary.BigEndian.AppendUint16(b, ethertype)
}

// appendIPv4 appends an IPv4 header for a payload of the given length. flags is the word of flags and
// fragment offset.
func appendIPv4(b []byte, src, dst netip.Addr, protocol uint8, id, flags uint16, length int) []byte {
	start := len(b)
	b = append(b, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(ipLen+length))
	b = binary.BigEndian.AppendUint16(b, id)
	b = binary.BigEndian.AppendUint16(b, flags)
	s, d := src.As4(), dst.As4()
	b = append(b, 64, protocol, 0, 0)
	b = append(b, s[:]...)
	b = append(b, d[:]...)
	binary.BigEndian.PutUint16(b[start+10:], checksum(b[start:]))
	return b
}

// appendUDP appends a UDP header and its payload, with the checksum.
func appendUDP(b []byte, src, dst netip.AddrPort, payload []byte) []byte {
	start := len(b)
	b = binary.BigEndian.AppendUint16(b, src.Port())
	b = binary.BigEndian.AppendUint16(b, dst.Port())
	b = binary.BigEndian.AppendUint16(b, uint16(udpLen+len(payload)))
	b = append(b, 0, 0)
	b = append(b, payload...)
	putUDPSum(src.Addr(), dst.Addr(), b[start:])
	return b
}

// putUDPSum fills in the checksum of a UDP packet. A sum of zero is sent as ones: zero means that there
// is none (RFC 768).
func putUDPSum(src, dst netip.Addr, packet []byte) {
	packet[6], packet[7] = 0, 0
	s := ^fold(sum(pseudo4(src, dst, ProtocolUDP, len(packet)), packet))
	if s == 0 {
		s = 0xffff
	}
	binary.BigEndian.PutUint16(packet[6:], s)
}

// appendARP appends an ARP packet for Ethernet and IPv4 (RFC 826).
func appendARP(b []byte, op uint16, srcMAC [6]byte, src netip.Addr, dstMAC [6]byte, dst netip.Addr) []byte {
	b = append(b, 0, 1, 8, 0, 6, 4)
	b = binary.BigEndian.AppendUint16(b, op)
	s, d := src.As4(), dst.As4()
	b = append(b, srcMAC[:]...)
	b = append(b, s[:]...)
	b = append(b, dstMAC[:]...)
	return append(b, d[:]...)
}
