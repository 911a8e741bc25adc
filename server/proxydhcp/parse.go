package proxydhcp

import (
	"fmt"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/internal/pxe"
)

const (
	headerSize  = 236 // of BOOTP, before the cookie (RFC 951)
	maxHardware = 16  // bytes of chaddr
)

// Parse reads a packet. The codec takes any hlen and wants option 255; ROMs that leave the end out
// exist, and dnsmasq takes them.
func Parse(payload []byte) (*dhcpv4.DHCPv4, error) {
	if len(payload) < headerSize+4 {
		return nil, fmt.Errorf("%d bytes are no DHCP packet", len(payload))
	}
	if hlen := payload[2]; hlen > maxHardware {
		return nil, fmt.Errorf("a hardware address of %d bytes", hlen)
	}
	if htype, hlen := payload[1], payload[2]; htype == 0 && hlen != 0 {
		return nil, fmt.Errorf("a hardware address of %d bytes and no hardware type", hlen)
	}
	packet, err := dhcpv4.FromBytes(append(payload[:len(payload):len(payload)], pxe.OptEnd))
	if err != nil {
		return nil, fmt.Errorf("not a DHCP packet: %w", err)
	}
	return packet, nil
}
