package testnet

import (
	"encoding/binary"
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/wire/machine"
)

// A Server is the boot server of a Net as a machine.Machine, for a wire that loses packets: it sends again after
// a second and takes a duplicate ACK for what it is (RFC 1123 section 4.2.3.1).
type Server struct {
	net  *Net
	out  []machine.Datagram
	live map[pair]*sending
}

type sending struct {
	block int // sent, not acknowledged; 0 is the OACK
	last  machine.Datagram
	at    time.Time // when it is sent again
	tries int
}

// NewServer makes the server of a net. House and Drop of the net are not used.
func NewServer(n *Net) *Server { return &Server{net: n, live: map[pair]*sending{}} }

// Receive answers DHCP for the proxy's part and TFTP.
func (h *Server) Receive(now time.Time, in machine.Input) {
	d, ok := in.(machine.Datagram)
	if !ok {
		return
	}
	switch d.Dst.Port() {
	case 67, 4011:
		for _, a := range h.net.Menu(d.Payload, d.Dst) {
			if a.Src.Addr() == h.net.Server {
				h.broadcast(a)
			}
		}
	case 69:
		if answer := h.net.open(d); answer != nil {
			h.send(now, 0, answer[0])
		}
	default:
		h.acknowledged(now, d)
	}
}

// broadcast is how a proxy reaches a client that has no address yet.
func (h *Server) broadcast(d machine.Datagram) {
	if typ, _ := Type(d.Payload); typ == 2 {
		d.Dst = netip.AddrPortFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), 68)
	}
	h.out = append(h.out, d)
}

func (h *Server) acknowledged(now time.Time, d machine.Datagram) {
	key := pair{d.Dst, d.Src}
	s, t := h.live[key], h.net.transfers[key]
	if s == nil || t == nil || len(d.Payload) < 4 || d.Payload[1] != 4 ||
		int(binary.BigEndian.Uint16(d.Payload[2:])) != s.block {
		return
	}
	delete(h.live, key)
	if next := t.block(s.block + 1); next != nil {
		h.send(now, s.block+1, next[0])
	}
}

func (h *Server) send(now time.Time, block int, d machine.Datagram) {
	h.out = append(h.out, d)
	if d.Payload[1] != 5 { // an ERROR is sent once
		h.live[pair{d.Src, d.Dst}] = &sending{block: block, last: d, at: now.Add(time.Second)}
	}
}

// Expire sends again what was not acknowledged, and forgets clients that went on to another port.
func (h *Server) Expire(now time.Time) {
	byServer := func(a, b pair) int { return a.server.Compare(b.server) }
	for _, key := range slices.SortedFunc(maps.Keys(h.live), byServer) {
		s := h.live[key]
		switch {
		case s.at.After(now):
		case s.tries == 60:
			delete(h.live, key)
		default:
			h.out = append(h.out, s.last)
			s.at = now.Add(time.Second)
			s.tries++
		}
	}
}

// Next yields a datagram.
func (h *Server) Next() (machine.Datagram, bool) {
	if len(h.out) == 0 {
		return machine.Datagram{}, false
	}
	d := h.out[0]
	h.out = h.out[1:]
	return d, true
}

// Deadline is when the next packet is sent again.
func (h *Server) Deadline() (at time.Time, ok bool) {
	for _, s := range h.live {
		if !ok || s.at.Before(at) {
			at, ok = s.at, true
		}
	}
	return at, ok
}
