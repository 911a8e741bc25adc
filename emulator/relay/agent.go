package relay

import (
	"encoding/binary"
	"net"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/wire/machine"
)

// The router's cards.
const (
	clients = iota
	servers
)

const (
	serverPort = 67
	clientPort = 68
	maxHops    = 16 // RFC 1542, 4.1.1
)

// An agent is the relay agent as a machine.
type agent struct {
	cfg   Config
	cards []*link.Stack
	out   []machine.Datagram
}

// Receive passes a request on to the servers, and a reply to its client.
func (a *agent) Receive(_ time.Time, in machine.Input) {
	d, ok := in.(machine.Datagram)
	if !ok || d.Dst.Port() != serverPort || len(d.Payload) < optionsAt {
		return
	}
	switch {
	case d.Payload[opField] == bootRequest && d.Link == clients:
		a.request(d.Payload)
	case d.Payload[opField] == bootReply && d.Link == servers:
		a.reply(d.Payload)
	}
}

// request gives a client's request to every server. The first relay on its way signs it with the address
// of the card it came in by (RFC 1542, 4.1.1) and adds option 82 (RFC 3046, 2.1).
func (a *agent) request(packet []byte) {
	if packet[hopsField] >= maxHops {
		return
	}
	own := a.cfg.Clients.Addr.Addr()
	first := addrAt(packet, giaddrField).IsUnspecified()
	switch {
	case first && has(packet, agentOption):
		return // RFC 3046, 2.1.1: from a client's side it is not believed
	case first && a.cfg.Circuit != "":
		packet = withAgent(packet, a.cfg.Circuit)
	default:
		packet = append([]byte(nil), packet...)
	}
	packet[hopsField]++
	if first {
		putAddr(packet, giaddrField, own)
	}
	for _, to := range a.cfg.To {
		a.send(servers, a.cfg.Servers.Addr.Addr(), netip.AddrPortFrom(to, serverPort), packet)
	}
}

// reply gives a server's reply to the client it is for, without option 82 (RFC 3046, 2.1). One that
// cannot be reached by its new address, or has none, hears it as a broadcast (RFC 1542, 4.1.2).
func (a *agent) reply(packet []byte) {
	own := a.cfg.Clients.Addr.Addr()
	if addrAt(packet, giaddrField) != own {
		return
	}
	packet = withoutAgent(packet)
	to := netip.AddrFrom4([4]byte{255, 255, 255, 255})
	yiaddr := addrAt(packet, yiaddrField)
	broadcast := binary.BigEndian.Uint16(packet[flagsField:])&broadcastFlag != 0
	if !broadcast && !yiaddr.IsUnspecified() && packet[hlenField] == 6 {
		to = yiaddr
		a.cards[clients].Learn(to, net.HardwareAddr(packet[chaddrField:chaddrField+6]))
	}
	a.send(clients, own, netip.AddrPortFrom(to, clientPort), packet)
}

func (a *agent) send(card int, from netip.Addr, to netip.AddrPort, packet []byte) {
	a.out = append(a.out, machine.Datagram{Link: card, Src: netip.AddrPortFrom(from, serverPort), Dst: to, Payload: packet})
}

// Expire has nothing to do.
func (a *agent) Expire(time.Time) {}

// Next yields what is passed on.
func (a *agent) Next() (machine.Datagram, bool) {
	if len(a.out) == 0 {
		return machine.Datagram{}, false
	}
	d := a.out[0]
	a.out = a.out[1:]
	return d, true
}

// Deadline is never: a relay remembers nothing.
func (a *agent) Deadline() (time.Time, bool) { return time.Time{}, false }
