package link

import (
	"encoding/binary"
	"net/netip"

	"github.com/bootrig/bootrig/wire/machine"
)

// Types and codes of ICMP (RFC 792).
const (
	icmpEchoReply       = 0
	icmpUnreachable     = 3
	icmpPortUnreachable = 3
	icmpEcho            = 8
	icmpLen             = 8
)

// receiveICMP answers a ping and tells the machine that a port it sent to is closed.
func (s *Stack) receiveICMP(p IPv4, b []byte) {
	if len(b) < icmpLen || fold(sum(0, b)) != 0xffff || p.Dst != s.addr {
		return
	}
	switch {
	case b[0] == icmpEcho:
		reply := append(s.scratch[:0], icmpEchoReply, 0, 0, 0)
		reply = append(reply, b[4:]...)
		binary.BigEndian.PutUint16(reply[2:], checksum(reply))
		s.scratch = reply
		s.sendIPv4(s.addr, p.Src, ProtocolICMP, reply)
	case b[0] == icmpUnreachable && b[1] == icmpPortUnreachable:
		if src, dst, ok := QuotedUDP(b[icmpLen:]); ok {
			s.m.Receive(s.now, machine.Unreachable{Src: src, Dst: dst})
		}
	}
}

// QuotedUDP reads from an ICMP error whose datagram it complains of. Only the header and eight bytes
// need to be there (RFC 792).
func QuotedUDP(b []byte) (src, dst netip.AddrPort, ok bool) {
	if len(b) < ipLen || b[0]>>4 != 4 || b[9] != ProtocolUDP {
		return src, dst, false
	}
	header := int(b[0]&15) * 4
	if header < ipLen || len(b) < header+udpLen {
		return src, dst, false
	}
	udp := b[header:]
	src = netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[12:])), binary.BigEndian.Uint16(udp))
	dst = netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[16:])), binary.BigEndian.Uint16(udp[2:]))
	return src, dst, true
}

// portUnreachable complains of a datagram to a closed port; never of one sent to many, or by a host
// without an address (RFC 1122, 3.2.2).
func (s *Stack) portUnreachable(p IPv4, payload []byte) {
	if p.Dst != s.addr || p.DstMAC != s.mac || p.Src.IsUnspecified() {
		return
	}
	const most = 576 - ipLen - icmpLen // RFC 1812, 4.3.2.3: as much as fits 576 bytes
	b := append(s.scratch[:0], icmpUnreachable, icmpPortUnreachable, 0, 0, 0, 0, 0, 0)
	b = append(b, p.Header...)
	b = append(b, payload[:min(len(payload), most-len(p.Header))]...)
	binary.BigEndian.PutUint16(b[2:], checksum(b))
	s.scratch = b
	s.sendIPv4(s.addr, p.Src, ProtocolICMP, b)
}
