package tftpd

import "net/netip"

// maxEnded is how many clients are remembered after their transfers.
const maxEnded = 1024

// ended remembers who had a transfer a moment ago, and from which port: a late ACK is no stranger's, and
// the next transfer is from another port, so that it cannot be taken for one of that.
type ended struct {
	ports map[netip.AddrPort]uint16
	ring  []netip.AddrPort
	next  int
}

func (e *ended) add(client netip.AddrPort, port uint16) {
	if e.ports == nil {
		e.ports = map[netip.AddrPort]uint16{}
	}
	if _, known := e.ports[client]; !known {
		if len(e.ring) < maxEnded {
			e.ring = append(e.ring, client)
		} else {
			delete(e.ports, e.ring[e.next])
			e.ring[e.next] = client
			e.next = (e.next + 1) % maxEnded
		}
	}
	e.ports[client] = port
}
