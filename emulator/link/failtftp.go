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
	tftpOACK = 6 // RFC 2347
)

// FailTFTP has a server that it is set on read no further in a file: the block with which more than size bytes have
// come becomes an ERROR with this text.
func FailTFTP(name string, size int64, text string) Filter {
	blocks := map[netip.AddrPort]int64{} // who asked for the file: the size of its blocks, 0 before the first
	return func(frame []byte) ([]byte, bool) {
		u, src, dst, ok := tftpPacket(frame)
		if !ok {
			return frame, true
		}
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
				return udpInstead(frame, src, dst, []byte("\x00\x05\x00\x00"+text+"\x00")), true
			}
		}
		return frame, true
	}
}

// GrantTFTP has a server that it is set on grant one more option in each OACK, asked for or not.
func GrantTFTP(option, value string) Filter {
	return func(frame []byte) ([]byte, bool) {
		u, src, dst, ok := tftpPacket(frame)
		if !ok || binary.BigEndian.Uint16(u.Payload) != tftpOACK {
			return frame, true
		}
		more := append(bytes.Clone(u.Payload), option+"\x00"+value+"\x00"...)
		return udpInstead(frame, src, dst, more), true
	}
}

// tftpPacket is what may be a packet of TFTP. Of DHCP no packet begins as one.
func tftpPacket(frame []byte) (u UDP, src, dst netip.AddrPort, ok bool) {
	p, ok := ParseIPv4(frame)
	if !ok || p.Protocol != ProtocolUDP || p.Fragment() {
		return u, src, dst, false
	}
	u, ok = ParseUDP(p.Src, p.Dst, p.Payload)
	return u, netip.AddrPortFrom(p.Src, u.SrcPort), netip.AddrPortFrom(p.Dst, u.DstPort), ok && len(u.Payload) >= 4
}

// udpInstead is a frame with another packet in it.
func udpInstead(frame []byte, src, dst netip.AddrPort, packet []byte) []byte {
	udp := appendUDP(nil, src, dst, packet)
	b := appendEther(nil, [6]byte(frame), [6]byte(frame[6:]), typeIPv4)
	return append(appendIPv4(b, src.Addr(), dst.Addr(), ProtocolUDP, 0, dontFragment, len(udp)), udp...)
}
