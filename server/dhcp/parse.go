package dhcp

import (
	"bytes"
	"fmt"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/wire/pxe"
)

const (
	headerSize  = 236 // of BOOTP, before the cookie (RFC 951)
	optionsFrom = 240
	maxHardware = 16 // bytes of chaddr
	usual       = 14 // options of a PXE client's packet
	snameAt     = 44
	fileAt      = 108
)

// cookie says that options follow (RFC 2131, section 3).
func cookie() []byte { return []byte{0x63, 0x82, 0x53, 0x63} }

// Parse reads a packet, as leniently as dnsmasq (rfc2131.c, option_find): of options that are cut short or
// have no end it takes those before, and BOOTP clients from before RFC 1048 need no cookie. Options of one
// number are put together (RFC 3396), those in the fields of file and server name too (option 52). The packet keeps
// nothing of payload, which may be a buffer that is read into again.
func Parse(payload []byte) (*dhcpv4.DHCPv4, error) {
	if len(payload) < optionsFrom {
		return nil, fmt.Errorf("%d bytes are no DHCP packet", len(payload))
	}
	if hlen := payload[2]; hlen > maxHardware {
		return nil, fmt.Errorf("a hardware address of %d bytes", hlen)
	}
	if htype, hlen := payload[1], payload[2]; htype == 0 && hlen != 0 {
		return nil, fmt.Errorf("a hardware address of %d bytes and no hardware type", hlen)
	}
	header := append(append(make([]byte, 0, optionsFrom+1), payload[:headerSize]...), cookie()...)
	packet, err := dhcpv4.FromBytes(append(header, pxe.OptEnd))
	if err != nil {
		return nil, fmt.Errorf("not a DHCP packet: %w", err)
	}
	payload = bytes.Clone(payload)
	packet.Options = make(dhcpv4.Options, usual)
	collect(packet.Options, payload[optionsFrom:])
	if !bytes.Equal(payload[headerSize:optionsFrom], cookie()) {
		if len(packet.Options[pxe.OptMessageType]) > 0 {
			return nil, fmt.Errorf("no DHCP packet: it begins its options with %x", payload[headerSize:optionsFrom])
		}
		packet.Options = dhcpv4.Options{}
	}
	overloaded(packet, payload)
	return packet, nil
}

// overloaded reads the options that are in the fields of file and server name, in this order (RFC 2131,
// section 4.1). Those fields name nothing then.
func overloaded(packet *dhcpv4.DHCPv4, payload []byte) {
	const inFile, inServer = 1, 2
	fields := packet.Options[pxe.OptOverload]
	if len(fields) == 0 {
		return
	}
	if fields[0]&inFile != 0 {
		collect(packet.Options, payload[fileAt:headerSize])
		packet.BootFileName = ""
	}
	if fields[0]&inServer != 0 {
		collect(packet.Options, payload[snameAt:fileAt])
		packet.ServerHostName = ""
	}
}

// collect reads options up to their end, or up to one that is cut short. Those that come once are parts of b.
func collect(into dhcpv4.Options, b []byte) {
	for len(b) > 0 && b[0] != pxe.OptEnd {
		if b[0] == 0 { // padding
			b = b[1:]
			continue
		}
		if len(b) < 2 || len(b) < 2+int(b[1]) {
			return
		}
		code, end := b[0], 2+int(b[1])
		value := b[2:end:end]
		if before, again := into[code]; again {
			value = append(before, value...)
		}
		into[code] = value
		b = b[end:]
	}
}
