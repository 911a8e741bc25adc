package link

import "encoding/binary"

// A Filter sees the frames that pass a port, both ways. It may change a frame in place or answer with
// another; keep=false drops it.
type Filter func(frame []byte) (out []byte, keep bool)

// Filter adds f to what passes port p: to the frames its host sends, and to those that it would get.
// Both ways, because a TFTP server answers from another port than the one it was asked on.
func (l *LAN) Filter(p Port, f Filter) { l.ports[p].filters = append(l.ports[p].filters, f) }

// DropUDP drops the frames to and from a UDP port of the host it is set on.
func DropUDP(port uint16) Filter {
	return func(frame []byte) ([]byte, bool) {
		p, ok := ParseIPv4(frame)
		if !ok || p.Protocol != ProtocolUDP || p.Offset != 0 || len(p.Payload) < udpLen {
			return frame, true
		}
		src, dst := binary.BigEndian.Uint16(p.Payload), binary.BigEndian.Uint16(p.Payload[2:])
		return frame, src != port && dst != port
	}
}

// RewriteDHCP edits the BOOTP payload of DHCP replies (from UDP port 67 or 4011) in place and puts the
// checksum right. Replies in fragments pass unchanged.
func RewriteDHCP(edit func(bootp []byte)) Filter {
	return func(frame []byte) ([]byte, bool) {
		p, ok := ParseIPv4(frame)
		if !ok || p.Protocol != ProtocolUDP || p.Fragment() {
			return frame, true
		}
		u, ok := ParseUDP(p.Src, p.Dst, p.Payload)
		if !ok || u.SrcPort != 67 && u.SrcPort != 4011 || len(u.Payload) < bootpLen || u.Payload[0] != bootReply {
			return frame, true
		}
		edit(u.Payload)
		putUDPSum(p.Src, p.Dst, p.Payload[:udpLen+len(u.Payload)])
		return frame, true
	}
}

const (
	bootpLen  = 236 // RFC 951: the fixed fields
	bootReply = 2
)
