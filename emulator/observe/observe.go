// Package observe is the witness: it reads a guest's port and turns frames into facts, and it writes
// captures.
//
// Why the wire and not the peers: a verdict must be the same for a scripted guest, a real ROM, our server
// and dnsmasq, and none of them should testify for itself. The witness shares no code with the server; it
// reads DHCP and TFTP with parsers of its own.
//
// A retransmission is a Retry fact and not a second fact of its kind, so that a story does not depend on
// what the wire lost.
//
// Limitations: the boot protocols over IPv4 only. HTTP is read where a request or a response begins a
// TCP segment, which is how boot clients and small servers send them; streams are not put together. What
// a guest does between facts (a stage's end, say) does not cross the wire, so Stage is always 0.
package observe

import (
	"net"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/wire/event"
)

// A Config says whose port is watched.
type Config struct {
	Guest  string           // Client of the facts
	MAC    net.HardwareAddr // nil: the source of the first frame from the guest
	Events event.Recorder
}

// An Observer reads one guest's port.
type Observer struct {
	cfg    Config
	mac    [6]byte
	known  bool // mac is
	now    time.Time
	pieces link.Reassembler
	dhcp   conversations
	tftp   transfers
	http   map[connection]*exchange
	closed map[flow]bool
	owners owners
	twice  map[netip.Addr]bool // addresses that two hosts have
}

// A flow is a guest's UDP port and what it talks to.
type flow struct {
	port uint16
	peer netip.AddrPort
}

// New makes an Observer.
func New(cfg Config) *Observer {
	o := &Observer{cfg: cfg, http: map[connection]*exchange{}, closed: map[flow]bool{}}
	o.tftp.live = map[transferKey]*transfer{}
	o.dhcp.reset(0)
	if len(cfg.MAC) == 6 {
		o.mac, o.known = [6]byte(cfg.MAC), true
	}
	return o
}

// Frame reads a frame that passed the port; it fits LAN.Watch.
func (o *Observer) Frame(now time.Time, fromGuest bool, frame []byte) {
	o.now = now
	if ip, mac, ok := claim(frame); ok {
		o.arp(now, ip, mac)
		return
	}
	p, ok := link.ParseIPv4(frame)
	if !ok {
		return
	}
	if !o.known && fromGuest {
		o.mac, o.known = p.SrcMAC, true
	}
	if !fromGuest && p.DstMAC != o.mac && p.DstMAC[0]&1 == 0 {
		return // flooded by the switch: the guest's card drops it
	}
	o.packet(now, fromGuest, p)
}

// packet reads a packet that is from the guest, or for it.
func (o *Observer) packet(now time.Time, fromGuest bool, p link.IPv4) {
	o.now = now
	payload, whole := o.pieces.Add(now, p)
	if !whole {
		return
	}
	switch p.Protocol {
	case link.ProtocolUDP:
		// A sum that a network card was to fill in is no damage: old captures are full of them.
		if u, ok := link.ParseUDP(p.Src, p.Dst, payload); ok && u.Sum != link.SumWrong {
			o.udp(fromGuest, netip.AddrPortFrom(p.Src, u.SrcPort), netip.AddrPortFrom(p.Dst, u.DstPort), u.Payload)
		}
	case link.ProtocolTCP:
		o.tcp(fromGuest, p.Src, p.Dst, payload)
	case link.ProtocolICMP:
		o.icmp(fromGuest, payload)
	}
}

func (o *Observer) udp(fromGuest bool, src, dst netip.AddrPort, payload []byte) {
	server := src.Port()
	if fromGuest {
		server = dst.Port()
	}
	switch {
	case server == serverPort || server == pxePort:
		if b, ok := parseBOOTP(payload); ok && b.chaddr == o.mac && fromGuest == (b.op == bootRequest) {
			o.bootp(fromGuest, src, dst, b)
		}
	case fromGuest:
		o.fromClient(src.Port(), dst, payload)
	default:
		o.fromServer(dst.Port(), src, payload)
	}
}

// icmp notes a closed port, on either side (RFC 792, type 3 code 3).
func (o *Observer) icmp(fromGuest bool, b []byte) {
	if len(b) < 8 || b[0] != 3 || b[1] != 3 {
		return
	}
	own, peer, ok := link.QuotedUDP(b[8:])
	if !ok {
		return
	}
	e := event.Event{Kind: event.Unreachable}
	if fromGuest { // it complains of what it was sent
		own, peer = peer, own
		e.Attrs = event.Attrs("by", "guest")
	}
	e.Peer = peer
	if t := o.tftp.live[transferKey{own.Port(), peer.Addr()}]; t != nil {
		e.Path, e.Xfer = t.path, t.id
	}
	f := flow{own.Port(), peer}
	o.once(!o.closed[f], e)
	o.closed[f] = true
}

// record adds what all facts have.
func (o *Observer) record(e event.Event) {
	e.Time, e.Source, e.Client = o.now, "wire", o.cfg.Guest
	o.cfg.Events.Record(e)
}

// once records e where it is the first of its kind, and a Retry where it is not.
func (o *Observer) once(first bool, e event.Event) {
	if !first {
		e = event.Event{Kind: event.Retry, Peer: e.Peer, Path: e.Path, Xfer: e.Xfer, Attrs: event.Attrs("of", string(e.Kind))}
	}
	o.record(e)
}
