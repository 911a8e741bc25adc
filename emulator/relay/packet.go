package relay

import (
	"encoding/binary"
	"net/netip"
)

// Fields of a BOOTP packet, by their offset (RFC 951, RFC 2131).
const (
	opField     = 0
	hlenField   = 2
	hopsField   = 3
	flagsField  = 10
	yiaddrField = 16
	giaddrField = 24
	chaddrField = 28
	cookieField = 236
	optionsAt   = 240

	bootRequest   = 1
	bootReply     = 2
	broadcastFlag = 0x8000
	magicCookie   = 0x63825363

	minPacket = 300 // RFC 1542, 2.1
)

// Options (RFC 2132, RFC 3046).
const (
	padOption       = 0
	maxSizeOption   = 57
	agentOption     = 82
	circuitIDOption = 1
	endOption       = 255

	defaultMaxSize = 576 // RFC 2131, 2
	ipAndUDP       = 28
)

func addrAt(packet []byte, field int) netip.Addr { return netip.AddrFrom4([4]byte(packet[field:])) }

func putAddr(packet []byte, field int, addr netip.Addr) {
	ip := addr.As4()
	copy(packet[field:], ip[:])
}

// options walks over a packet's options: at is where one begins, and behind where the next does. It ends
// at the end mark, whose place it tells, or where the packet breaks off: ok is false then.
func options(packet []byte, each func(code byte, at, behind int)) (end int, ok bool) {
	if binary.BigEndian.Uint32(packet[cookieField:]) != magicCookie {
		return 0, false // BOOTP of before the options
	}
	for at := optionsAt; at < len(packet); {
		switch packet[at] {
		case endOption:
			return at, true
		case padOption:
			at++
			continue
		}
		if at+2 > len(packet) || at+2+int(packet[at+1]) > len(packet) {
			return 0, false
		}
		behind := at + 2 + int(packet[at+1])
		each(packet[at], at, behind)
		at = behind
	}
	return 0, false
}

func has(packet []byte, code byte) bool {
	found := false
	options(packet, func(c byte, _, _ int) { found = found || c == code })
	return found
}

// withAgent is a copy of the packet whose last option is 82 with a circuit id. It stays away where it
// would make the packet longer than the client lets replies be (RFC 3046, 2.1).
func withAgent(packet []byte, circuit string) []byte {
	circuit = circuit[:min(len(circuit), 253)] // so that 82 holds it
	most := defaultMaxSize
	end, ok := options(packet, func(code byte, at, behind int) {
		if code == maxSizeOption && behind-at == 4 {
			most = max(most, int(binary.BigEndian.Uint16(packet[at+2:])))
		}
	})
	if !ok || end+4+len(circuit)+1 > most-ipAndUDP {
		return append([]byte(nil), packet...)
	}
	signed := append([]byte(nil), packet[:end]...)
	signed = append(signed, agentOption, byte(2+len(circuit)), circuitIDOption, byte(len(circuit)))
	signed = append(append(signed, circuit...), endOption)
	return pad(signed, len(packet))
}

// withoutAgent is a copy of the packet in which there is no option 82.
func withoutAgent(packet []byte) []byte {
	if binary.BigEndian.Uint32(packet[cookieField:]) != magicCookie {
		return append([]byte(nil), packet...)
	}
	kept := append([]byte(nil), packet[:optionsAt]...)
	options(packet, func(code byte, at, behind int) {
		if code != agentOption {
			kept = append(kept, packet[at:behind]...)
		}
	})
	return pad(append(kept, endOption), min(len(packet), minPacket))
}

// pad makes a packet at least as long as before.
func pad(packet []byte, length int) []byte {
	for len(packet) < length {
		packet = append(packet, padOption)
	}
	return packet
}
