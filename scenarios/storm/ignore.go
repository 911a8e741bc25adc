package storm

import (
	"encoding/binary"
	"net"
	"net/netip"

	"github.com/bootrig/bootrig/emulator/link"
)

// Where things are in a frame: Ethernet, then ARP (RFC 826), or IPv4 without options, UDP and BOOTP (RFC 951).
const (
	etherType   = 12
	arp         = 0x0806
	arpTarget   = 38
	ipv4        = 0x0800
	ipVersion   = 14
	ipProtocol  = 23
	udpDst      = 36
	bootpChaddr = 70
)

// ignores tells that a frame for everybody is no concern of a client: it is about another hardware address, or a
// question for another IP address.
func ignores(mac net.HardwareAddr, addr netip.Addr, frame []byte) bool {
	if len(frame) < arpTarget+4 {
		return false
	}
	group := frame[0]&1 != 0
	switch kind := binary.BigEndian.Uint16(frame[etherType:]); {
	case !group:
		return [6]byte(frame) != [6]byte(mac)
	case kind == arp:
		return netip.AddrFrom4([4]byte(frame[arpTarget:])) != addr
	case kind != ipv4 || frame[ipVersion] != 0x45 || frame[ipProtocol] != link.ProtocolUDP || len(frame) < bootpChaddr+6:
		return false
	}
	switch binary.BigEndian.Uint16(frame[udpDst:]) {
	case 67, 68, 4011:
		return [6]byte(frame[bootpChaddr:]) != [6]byte(mac)
	}
	return false
}
