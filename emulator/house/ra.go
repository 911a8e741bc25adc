package house

import (
	"net"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/wire/machine"
)

const (
	routerSolicitation  = 133 // RFC 4861, 4.1
	routerAdvertisement = 134 // RFC 4861, 4.2
	sourceLinkAddress   = 1   // option, RFC 4861, 4.6.1
)

var (
	allNodes    = netip.MustParseAddr("ff02::1")
	allNodesMAC = [6]byte{0x33, 0x33, 0, 0, 0, 1}
)

// Advertiser is what stands on a LAN without a house: it gives no addresses, and only ends a client's wait
// for a router of IPv6.
func Advertiser(mac net.HardwareAddr) link.Station {
	return &station{Stack: link.NewStack(link.StackConfig{MAC: mac}, silent{}), mac: [6]byte(mac)}
}

// silent is a machine that never says anything.
type silent struct{}

func (silent) Receive(time.Time, machine.Input) {}
func (silent) Expire(time.Time)                 {}
func (silent) Next() (machine.Datagram, bool)   { return machine.Datagram{}, false }
func (silent) Deadline() (time.Time, bool)      { return time.Time{}, false }

// answerSolicitation makes a router advertisement that says: no prefix, no DHCPv6 (M and O clear), and no
// router either (lifetime 0). iPXE's IPv6 configurator ends with the first advertisement it gets
// (iPXE net/ipv6.c, ipv6conf_rx_router_advertisement); without one it gives up after 15 seconds.
func answerSolicitation(mac [6]byte, frame []byte) []byte {
	src, _, message, ok := link.ParseNDP(frame)
	if !ok || message[0] != routerSolicitation {
		return nil
	}
	ra := []byte{
		routerAdvertisement, 0, 0, 0, // type, code, checksum
		64, 0, 0, 0, // hop limit, flags, router lifetime
		0, 0, 0, 0, 0, 0, 0, 0, // reachable time, retransmission timer: unspecified
		sourceLinkAddress, 1, mac[0], mac[1], mac[2], mac[3], mac[4], mac[5],
	}
	if src.IsUnspecified() {
		return link.NDP(allNodesMAC, mac, linkLocal(mac), allNodes, ra)
	}
	return link.NDP([6]byte(frame[6:12]), mac, linkLocal(mac), src, ra)
}

// linkLocal is the address every IPv6 host has from its MAC (RFC 4291, appendix A).
func linkLocal(mac [6]byte) netip.Addr {
	return netip.AddrFrom16([16]byte{
		0xfe, 0x80, 8: mac[0] ^ 2, 9: mac[1], 10: mac[2], 11: 0xff, 12: 0xfe, 13: mac[3], 14: mac[4], 15: mac[5],
	})
}
