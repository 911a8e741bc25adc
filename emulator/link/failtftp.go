package link

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strings"
)

// The first two bytes of TFTP's packets (RFC 1350, section 5).
const (
	tftpPort = 69
	tftpRRQ  = 1
	tftpDATA = 3
)

// FailTFTP has a server that it is set on read no further in a file: the block with which more than size bytes have
// come becomes an ERROR with this text.
func FailTFTP(name string, size int64, text string) Filter {
	blocks := map[netip.AddrPort]int64{} // who asked for the file: the size of its blocks, 0 before the first
	return func(frame []byte) ([]byte, bool) {
		p, ok := ParseIPv4(frame)
		if !ok || p.Protocol != ProtocolUDP || p.Fragment() {
			return frame, true
		}
		u, ok := ParseUDP(p.Src, p.Dst, p.Payload)
		if !ok || len(u.Payload) < 4 {
			return frame, true
		}
		src, dst := netip.AddrPortFrom(p.Src, u.SrcPort), netip.AddrPortFrom(p.Dst, u.DstPort)
		op, number := binary.BigEndian.Uint16(u.Payload), int64(binary.BigEndian.Uint16(u.Payload[2:]))
		length, asked := blocks[dst]
		switch {
		case u.DstPort == tftpPort && op == tftpRRQ:
			delete(blocks, src)
			if asks, _, _ := bytes.Cut(u.Payload[2:], []byte{0}); strings.TrimLeft(string(asks), "/") == name {
				blocks[src] = 0
			}
		case asked && op == tftpDATA:
			length = max(length, int64(len(u.Payload))-4)
			blocks[dst] = length
			if number*length > size {
				return tftpError(frame, src, dst, text), true
			}
		}
		return frame, true
	}
}

// tftpError is a frame with an ERROR in the place of another's DATA.
func tftpError(frame []byte, src, dst netip.AddrPort, text string) []byte {
	udp := appendUDP(nil, src, dst, append([]byte("\x00\x05\x00\x00"+text), 0))
	b := appendEther(nil, [6]byte(frame), [6]byte(frame[6:]), typeIPv4)
	return append(appendIPv4(b, src.Addr(), dst.Addr(), ProtocolUDP, 0, dontFragment, len(udp)), udp...)
}
