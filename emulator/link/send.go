package link

import (
	"net/netip"

	"github.com/bootrig/bootrig/wire/machine"
)

// maxUDP is the largest payload of a UDP datagram in IPv4.
const maxUDP = 0xffff - ipLen - udpLen

// fragmentLen is what a fragment holds: RFC 791 counts them in units of 8 bytes.
const fragmentLen = (MTU - ipLen) &^ 7

// send makes frames of a datagram. What cannot be sent is lost, as UDP allows.
func (s *Stack) send(d machine.Datagram) {
	src, dst := d.Src.Addr().Unmap(), d.Dst.Addr().Unmap()
	switch {
	case s.prefix.IsValid():
		if !src.Is4() || src.IsUnspecified() {
			src = s.addr
		}
	case src.Is4() && !src.IsUnspecified():
		s.take(src)
	default:
		src, s.addr = netip.IPv4Unspecified(), netip.Addr{}
	}
	if !dst.Is4() || len(d.Payload) > maxUDP {
		return
	}
	if d.TCP {
		s.sendTCP(src, dst, d.Payload)
		return
	}
	s.scratch = appendUDP(s.scratch[:0],
		netip.AddrPortFrom(src, d.Src.Port()), netip.AddrPortFrom(dst, d.Dst.Port()), d.Payload)
	s.sendIPv4(src, dst, ProtocolUDP, s.scratch)
}

// take has the host be who its machine says that it is.
func (s *Stack) take(addr netip.Addr) {
	if s.addr == addr {
		return
	}
	s.addr = addr
	if s.announces {
		s.sendARP(arpRequest, broadcastMAC, [6]byte{}, addr)
	}
}

// sendIPv4 sends a packet, in fragments if it is larger than the MTU. Only those need an identification
// (RFC 6864, 4.1): counting all packets would bring its wrap within reach of a late fragment.
func (s *Stack) sendIPv4(src, dst netip.Addr, protocol uint8, payload []byte) {
	if len(payload) <= MTU-ipLen {
		s.sendPart(src, dst, protocol, 0, dontFragment, payload)
		return
	}
	s.id++
	for offset := 0; offset < len(payload); offset += fragmentLen {
		part, flags := payload[offset:], uint16(offset/8)
		if len(part) > fragmentLen {
			part, flags = part[:fragmentLen], flags|moreFragments
		}
		s.sendPart(src, dst, protocol, s.id, flags, part)
	}
}

func (s *Stack) sendPart(src, dst netip.Addr, protocol uint8, id, flags uint16, part []byte) {
	b := appendEther(s.buffer(), broadcastMAC, s.mac, typeIPv4)
	b = appendIPv4(b, src, dst, protocol, id, flags, len(part))
	s.transmit(src, dst, append(b, part...))
}

// transmit fills in the destination's MAC, after asking for it if need be. A host without an address
// cannot ask, and its datagrams are broadcast.
func (s *Stack) transmit(src, dst netip.Addr, frame []byte) {
	if src.IsUnspecified() || s.broadcast(dst) {
		s.out = append(s.out, frame)
		return
	}
	if dst.IsMulticast() { // RFC 1112, 6.4
		ip := dst.As4()
		copy(frame, []byte{1, 0, 0x5e, ip[1] & 0x7f, ip[2], ip[3]})
		s.out = append(s.out, frame)
		return
	}
	hop, ok := s.hop(dst)
	if !ok {
		s.free = append(s.free, frame)
		return
	}
	if mac, ok := s.arp.macs[hop]; ok {
		copy(frame, mac[:])
		s.out = append(s.out, frame)
		return
	}
	s.resolve(hop, frame)
}

// broadcast tells whether ip means all hosts of this link.
func (s *Stack) broadcast(ip netip.Addr) bool {
	if ip == limitedBroadcast {
		return true
	}
	return ip == s.all
}

var limitedBroadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// lastOf is the broadcast address of an IPv4 prefix.
func lastOf(p netip.Prefix) netip.Addr {
	ip := p.Masked().Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		ip[i/8] |= 0x80 >> (i % 8)
	}
	return netip.AddrFrom4(ip)
}
