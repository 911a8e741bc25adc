package dhcp

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/insomniacslk/dhcp/iana"

	"github.com/bootrig/bootrig/wire/pxe"
)

const (
	headerSize  = 236 // of BOOTP, before the cookie (RFC 951)
	optionsFrom = 240
	maxHardware = 16 // bytes of chaddr
	chaddrAt    = 28
	snameAt     = 44
	fileAt      = 108
)

// cookie says that options follow (RFC 2131, section 3).
var cookie = [4]byte{0x63, 0x82, 0x53, 0x63}

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
	payload = bytes.Clone(payload)
	packet := header(payload)
	packet.Options = make(dhcpv4.Options, count(payload[optionsFrom:]))
	collect(packet.Options, payload[optionsFrom:])
	if [4]byte(payload[headerSize:]) != cookie {
		if len(packet.Options[pxe.OptMessageType]) > 0 {
			return nil, fmt.Errorf("no DHCP packet: it begins its options with %x", payload[headerSize:optionsFrom])
		}
		packet.Options = dhcpv4.Options{}
	}
	overloaded(packet, payload)
	return packet, nil
}

// header is what is before the options (RFC 2131, section 2). Its addresses are parts of b.
func header(b []byte) *dhcpv4.DHCPv4 {
	hlen := min(int(b[2]), maxHardware)
	return &dhcpv4.DHCPv4{
		OpCode:         dhcpv4.OpcodeType(b[0]),
		HWType:         iana.HWType(b[1]),
		HopCount:       b[3],
		TransactionID:  dhcpv4.TransactionID(b[4:8]),
		NumSeconds:     binary.BigEndian.Uint16(b[8:]),
		Flags:          binary.BigEndian.Uint16(b[10:]),
		ClientIPAddr:   b[12:16:16],
		YourIPAddr:     b[16:20:20],
		ServerIPAddr:   b[20:24:24],
		GatewayIPAddr:  b[24:28:28],
		ClientHWAddr:   b[chaddrAt : chaddrAt+hlen : chaddrAt+hlen],
		ServerHostName: text(b[snameAt:fileAt]),
		BootFileName:   text(b[fileAt:headerSize]),
	}
}

// text is what stands in a field before its NUL.
func text(field []byte) string {
	field, _, _ = bytes.Cut(field, []byte{0})
	return string(field)
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

// count is how many options collect finds.
func count(b []byte) (n int) {
	for len(b) > 0 && b[0] != pxe.OptEnd {
		if b[0] == 0 {
			b = b[1:]
			continue
		}
		if len(b) < 2 || len(b) < 2+int(b[1]) {
			break
		}
		b = b[2+int(b[1]):]
		n++
	}
	return n
}
