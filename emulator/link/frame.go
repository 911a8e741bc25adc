package link

import (
	"encoding/binary"
	"net/netip"
)

// Sizes and numbers of Ethernet, IPv4 (RFC 791) and UDP (RFC 768).
const (
	MTU = 1500

	etherLen = 14
	ipLen    = 20
	udpLen   = 8

	typeIPv4 = 0x0800
	typeARP  = 0x0806

	dontFragment  = 0x4000
	moreFragments = 0x2000

	ProtocolICMP = 1
	ProtocolTCP  = 6
	ProtocolUDP  = 17
)

var broadcastMAC = [6]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// An IPv4 is a frame that carries an IPv4 packet. Its slices are parts of the frame.
type IPv4 struct {
	SrcMAC, DstMAC [6]byte
	Src, Dst       netip.Addr
	Protocol       uint8
	ID             uint16
	Offset         int  // where Payload belongs in the whole packet's payload
	More           bool // fragments follow
	Header         []byte
	Payload        []byte
}

// ParseIPv4 reads an Ethernet frame. It is false for other protocols, for what is cut short, and for a
// wrong header checksum.
func ParseIPv4(frame []byte) (IPv4, bool) {
	if len(frame) < etherLen+ipLen || binary.BigEndian.Uint16(frame[12:]) != typeIPv4 {
		return IPv4{}, false
	}
	b := frame[etherLen:]
	header, total := int(b[0]&15)*4, int(binary.BigEndian.Uint16(b[2:]))
	if b[0]>>4 != 4 || header < ipLen || total < header || total > len(b) || fold(sum(0, b[:header])) != 0xffff {
		return IPv4{}, false
	}
	flags := binary.BigEndian.Uint16(b[6:])
	return IPv4{
		DstMAC: [6]byte(frame), SrcMAC: [6]byte(frame[6:]),
		Src: netip.AddrFrom4([4]byte(b[12:])), Dst: netip.AddrFrom4([4]byte(b[16:])),
		Protocol: b[9], ID: binary.BigEndian.Uint16(b[4:]),
		Offset: int(flags&0x1fff) * 8, More: flags&moreFragments != 0,
		Header: b[:header], Payload: b[header:total],
	}, true
}

// Fragment tells that p is only a part of a packet; a Reassembler makes it whole.
func (p IPv4) Fragment() bool { return p.More || p.Offset != 0 }

// A UDP is a datagram inside a packet.
type UDP struct {
	SrcPort, DstPort uint16
	Payload          []byte
	Sum              Sum
}

// A Sum says what is known of a checksum.
type Sum int

// A checksum may be wrong, right (or absent, RFC 768), or still to be filled in by the network card the
// sender's kernel believed in: such frames are in captures taken on veth, where there is no card.
const (
	SumWrong Sum = iota
	SumRight
	SumUnfilled
)

// ParseUDP reads the payload of a whole UDP packet.
func ParseUDP(src, dst netip.Addr, payload []byte) (UDP, bool) {
	if len(payload) < udpLen {
		return UDP{}, false
	}
	length := int(binary.BigEndian.Uint16(payload[4:]))
	if length < udpLen || length > len(payload) {
		return UDP{}, false
	}
	payload = payload[:length]
	u := UDP{
		SrcPort: binary.BigEndian.Uint16(payload), DstPort: binary.BigEndian.Uint16(payload[2:]),
		Payload: payload[udpLen:],
		Sum:     TransportSum(src, dst, ProtocolUDP, payload, 6),
	}
	if payload[6] == 0 && payload[7] == 0 {
		u.Sum = SumRight
	}
	return u, true
}

// TransportSum judges the checksum at payload[at:] of a UDP or TCP packet.
func TransportSum(src, dst netip.Addr, protocol uint8, payload []byte, at int) Sum {
	start := pseudo4(src, dst, protocol, len(payload))
	switch {
	case fold(sum(start, payload)) == 0xffff:
		return SumRight
	case binary.BigEndian.Uint16(payload[at:]) == fold(start):
		return SumUnfilled
	}
	return SumWrong
}

func pseudo4(src, dst netip.Addr, protocol uint8, length int) uint64 {
	var addrs [8]byte
	*(*[4]byte)(addrs[:4]) = src.As4()
	*(*[4]byte)(addrs[4:]) = dst.As4()
	return pseudo(addrs[:], protocol, length)
}
