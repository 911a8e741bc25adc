package relay

import (
	"encoding/binary"
	"net/netip"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/machine"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A relay in two halves (dnsmasq's dhcp-split-relay): the server sees our address on its own side, and agent
// information (option 82) says the rest. So neither side needs a route to the other.
const (
	subRemoteID   = 2  // RFC 3046: here the number of the clients' interface
	subLink       = 5  // RFC 3527: the clients' network
	subFlags      = 10 // RFC 5010
	subServerID   = 11 // RFC 5107: the address that clients are to take for the server's
	unicast       = 0x80
	agentSize     = 23  // bytes of option 82 with these
	longestPacket = 548 // that everybody takes (RFC 2131, section 2)
)

// side is our address on the server's side, as far as it is there.
func (r Relay) side(links []dhcp.Link) (netip.Addr, bool) {
	if !r.Split {
		return r.Local, true
	}
	if r.Uplink.IsValid() {
		return r.Uplink, true
	}
	for _, l := range links {
		if l.Name == r.Interface && l.Prefix.IsValid() {
			return l.Prefix.Addr(), true
		}
	}
	return netip.Addr{}, false
}

// mark writes agent information where a packet's options end; ok is false if there is no room for it.
func (r Relay) mark(packet []byte, link dhcp.Link, to netip.Addr) (marked []byte, ok bool) {
	end, found := findOption(packet, pxe.OptEnd)
	if !found || end+agentSize+1 > longestPacket {
		return nil, false
	}
	flags := byte(0)
	if to != everybody() {
		flags = unicast
	}
	local := r.Local.As4()
	b := append(packet[:end:end], pxe.OptRelayAgent, agentSize-2, subLink, 4)
	b = append(append(b, local[:]...), subServerID, 4)
	b = append(append(b, local[:]...), subFlags, 1, flags, subRemoteID, 4)
	return append(binary.BigEndian.AppendUint32(b, uint32(link.Index)), pxe.OptEnd), true
}

// unmark takes agent information out of an answer, whose size stays, and reads the number of the clients' interface.
func unmark(packet []byte) (clean []byte, index int, ok bool) {
	at, found := findOption(packet, pxe.OptRelayAgent)
	if !found || at+2 > len(packet) || at+2+int(packet[at+1]) > len(packet) {
		return nil, 0, false
	}
	next := at + 2 + int(packet[at+1])
	for sub := packet[at+2 : next]; len(sub) >= 2 && len(sub) >= 2+int(sub[1]); sub = sub[2+int(sub[1]):] {
		if sub[0] == subRemoteID && sub[1] == 4 {
			index, ok = int(binary.BigEndian.Uint32(sub[2:])), true
		}
	}
	clean = append(append([]byte(nil), packet[:at]...), packet[next:]...)
	return append(clean, make([]byte, next-at)...), index, ok
}

// findOption is where an option of the options' own part begins.
func findOption(packet []byte, code byte) (at int, found bool) {
	const options = headerSize + 4
	for at = options; at < len(packet); {
		switch {
		case packet[at] == code:
			return at, true
		case packet[at] == 0:
			at++
		case packet[at] == pxe.OptEnd || at+1 >= len(packet):
			return 0, false
		default:
			at += 2 + int(packet[at+1])
		}
	}
	return 0, false
}

// clients is the link by which an answer reaches its client, and the packet as the client is to have it.
func (a Agent) clients(r Relay, d machine.Datagram) (at int, packet []byte, ok bool) {
	packet, index := append([]byte(nil), d.Payload...), 0
	if r.Split {
		var marked bool
		if packet, index, marked = unmark(d.Payload); !marked {
			return 0, nil, false
		}
	}
	for at, link := range a.Links {
		if link.Prefix.Addr() == r.Local && (!r.Split || link.Index == index) {
			return at, packet, true
		}
	}
	return 0, nil, false
}
