package link

import (
	"encoding/binary"
	"net/netip"
)

// What DHCP's options begin and end with (RFC 2132, sections 2 and 3).
const (
	cookieLen = 4
	optPad    = 0
	optEnd    = 255
)

// StripDHCP takes an option out of DHCP replies, as what is on the way may do that knows better: it is padding after.
func StripDHCP(code byte) Filter {
	return RewriteDHCP(func(bootp []byte) {
		for at := bootpLen + cookieLen; at+1 < len(bootp) && bootp[at] != optEnd; {
			if bootp[at] == optPad {
				at++
				continue
			}
			end := min(at+2+int(bootp[at+1]), len(bootp))
			if bootp[at] == code {
				clear(bootp[at:end])
			}
			at = end
		}
	})
}

// Answer4011 has a server that it is set on send its answers from port 4011 to another port than the asker's, or from
// another address than the one that was asked. Zero values change nothing.
func Answer4011(port uint16, from netip.Addr) Filter {
	return func(frame []byte) ([]byte, bool) {
		p, ok := ParseIPv4(frame)
		if !ok || p.Protocol != ProtocolUDP || p.Fragment() || len(p.Payload) < udpLen || binary.BigEndian.Uint16(p.Payload) != 4011 {
			return frame, true
		}
		u, ok := ParseUDP(p.Src, p.Dst, p.Payload)
		if !ok || len(u.Payload) < bootpLen || u.Payload[0] != bootReply { // EDK2 asks from port 4011 too
			return frame, true
		}
		src, dst := netip.AddrPortFrom(p.Src, u.SrcPort), netip.AddrPortFrom(p.Dst, u.DstPort)
		if port != 0 {
			dst = netip.AddrPortFrom(dst.Addr(), port)
		}
		if from.IsValid() {
			src = netip.AddrPortFrom(from, src.Port())
		}
		return udpInstead(frame, src, dst, u.Payload), true
	}
}
