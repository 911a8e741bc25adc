package link

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

// Frame takes a frame from the wire.
func (s *Stack) Frame(now time.Time, frame []byte) {
	s.now = now
	if len(frame) < etherLen || frame[0]&1 == 0 && [6]byte(frame) != s.mac {
		return
	}
	switch binary.BigEndian.Uint16(frame[12:]) {
	case typeARP:
		s.receiveARP(frame[etherLen:])
	case typeIPv4:
		if p, ok := ParseIPv4(frame); ok {
			s.receiveIPv4(p)
		}
	}
}

func (s *Stack) receiveIPv4(p IPv4) {
	if !s.mine(p) {
		if s.forward != nil && p.DstMAC == s.mac {
			s.forward(s.now, p)
		}
		return
	}
	s.learn(p.Src, p.SrcMAC)
	payload, whole := s.pieces.Add(s.now, p)
	if !whole {
		return
	}
	switch p.Protocol {
	case ProtocolUDP:
		s.receiveUDP(p, payload)
	case ProtocolTCP:
		s.receiveTCP(p, payload)
	case ProtocolICMP:
		s.receiveICMP(p, payload)
	}
}

// mine tells whether a packet is for this host. One that has no address takes what its MAC is sent: that
// is how a DHCP answer without the broadcast flag comes (RFC 2131, 4.1).
func (s *Stack) mine(p IPv4) bool {
	if p.DstMAC[0]&1 == 0 && !s.addr.IsValid() {
		return true
	}
	if p.Dst == s.addr || s.broadcast(p.Dst) || p.Dst.IsMulticast() || slices.Contains(s.others, p.Dst) {
		return true
	}
	// Without a prefix a subnet's broadcast address is known by the frame's.
	return p.DstMAC == broadcastMAC && !s.prefix.IsValid()
}

func (s *Stack) receiveUDP(p IPv4, payload []byte) {
	u, ok := ParseUDP(p.Src, p.Dst, payload)
	if !ok || u.Sum != SumRight || udpLen+len(u.Payload) != len(payload) {
		return // a damaged length may cut the payload where its sum happens to be right
	}
	if s.listens != nil && !s.listens(u.DstPort) {
		s.portUnreachable(p, payload)
		return
	}
	s.m.Receive(s.now, machine.Datagram{
		Src: netip.AddrPortFrom(p.Src, u.SrcPort), Dst: netip.AddrPortFrom(p.Dst, u.DstPort), Payload: u.Payload,
	})
}
