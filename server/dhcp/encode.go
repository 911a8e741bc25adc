package dhcp

import (
	"encoding/binary"
	"math/bits"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/wire/pxe"
)

// Encode writes a packet as its ToBytes does, at less expense: options in the order of their numbers, that of a relay
// last (RFC 3046, section 2.1), those that are longer than 255 bytes in parts (RFC 3396), and no less than BOOTP's
// 300 bytes.
func Encode(p *dhcpv4.DHCPv4) []byte {
	size := optionsFrom + 1
	var there [4]uint64
	for code, value := range p.Options {
		size += len(value) + 2*max(1, (len(value)+254)/255)
		there[code/64] |= 1 << (code % 64)
	}
	there[0] &^= 1                      // padding is no option
	there[3] &^= 1 << (pxe.OptEnd % 64) // nor is the end
	b := make([]byte, optionsFrom, max(size, pxe.MinPacket))
	writeHeader(b, p)
	agent := there[pxe.OptRelayAgent/64] & (1 << (pxe.OptRelayAgent % 64))
	there[pxe.OptRelayAgent/64] &^= agent
	for i, word := range there {
		for ; word != 0; word &= word - 1 {
			code := byte(64*i + bits.TrailingZeros64(word))
			b = appendOption(b, code, p.Options[code])
		}
	}
	if agent != 0 {
		b = appendOption(b, pxe.OptRelayAgent, p.Options[pxe.OptRelayAgent])
	}
	b = append(b, pxe.OptEnd)
	return b[:max(len(b), pxe.MinPacket)] // of which nothing was written yet
}

func writeHeader(b []byte, p *dhcpv4.DHCPv4) {
	b[0], b[1], b[2], b[3] = byte(p.OpCode), byte(p.HWType), byte(len(p.ClientHWAddr)), p.HopCount
	copy(b[4:], p.TransactionID[:])
	binary.BigEndian.PutUint16(b[8:], p.NumSeconds)
	binary.BigEndian.PutUint16(b[10:], p.Flags)
	copy(b[12:16], p.ClientIPAddr.To4())
	copy(b[16:20], p.YourIPAddr.To4())
	copy(b[20:24], p.ServerIPAddr.To4())
	copy(b[24:28], p.GatewayIPAddr.To4())
	copy(b[chaddrAt:snameAt], p.ClientHWAddr)
	copy(b[snameAt:fileAt-1], p.ServerHostName)
	copy(b[fileAt:headerSize-1], p.BootFileName)
	copy(b[headerSize:], cookie[:])
}

func appendOption(b []byte, code byte, value []byte) []byte {
	for {
		n := min(len(value), 255)
		b = append(append(b, code, byte(n)), value[:n]...)
		if value = value[n:]; len(value) == 0 {
			return b
		}
	}
}
