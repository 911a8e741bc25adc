package link

import (
	"encoding/binary"
	"net/netip"
	"time"
)

const (
	arpRequest, arpReply = 1, 2
	arpLen               = 28

	arpRetry   = time.Second // RFC 1122, 2.3.2.1: at most one request a second
	arpTries   = 4
	arpPending = 128 // frames that wait for one address: about the 200 KB of Linux
)

// neighbours is the ARP table. Entries do not age: a host of a lab keeps its card.
type neighbours struct {
	macs map[netip.Addr][6]byte
	asks []ask // in order of the first request
}

type ask struct {
	ip     netip.Addr
	frames [][]byte
	tries  int
	again  time.Time
}

func (n *neighbours) deadline() (at time.Time, ok bool) {
	for _, a := range n.asks {
		if !ok || a.again.Before(at) {
			at, ok = a.again, true
		}
	}
	return at, ok
}

// resolve keeps a frame until ip's MAC is known, and asks for it.
func (s *Stack) resolve(ip netip.Addr, frame []byte) {
	for i := range s.arp.asks {
		if a := &s.arp.asks[i]; a.ip == ip {
			if len(a.frames) < arpPending {
				a.frames = append(a.frames, frame)
			}
			return
		}
	}
	s.arp.asks = append(s.arp.asks, ask{ip: ip, frames: [][]byte{frame}, tries: 1, again: s.now.Add(arpRetry)})
	s.sendARP(arpRequest, broadcastMAC, [6]byte{}, ip)
}

// resolveAgain repeats the requests that are due, and gives up those that were repeated enough.
func (s *Stack) resolveAgain() {
	kept := s.arp.asks[:0]
	for _, a := range s.arp.asks {
		if !a.again.After(s.now) {
			if a.tries++; a.tries > arpTries {
				continue
			}
			a.again = s.now.Add(arpRetry)
			s.sendARP(arpRequest, broadcastMAC, [6]byte{}, a.ip)
		}
		kept = append(kept, a)
	}
	s.arp.asks = kept
}

// learn notes where ip lives, and sends what waited for it.
func (s *Stack) learn(ip netip.Addr, mac [6]byte) {
	if !ip.Is4() || ip.IsUnspecified() || ip.IsMulticast() || s.broadcast(ip) || mac[0]&1 != 0 {
		return
	}
	if hop, ok := s.hop(ip); !ok || hop != ip || s.prefix.IsValid() && !s.prefix.Contains(ip) {
		return // beyond a router, whose MAC this is
	}
	if s.arp.macs[ip] == mac {
		return // whoever is known has nothing waiting
	}
	s.arp.macs[ip] = mac
	for i, a := range s.arp.asks {
		if a.ip != ip {
			continue
		}
		s.arp.asks = append(s.arp.asks[:i], s.arp.asks[i+1:]...)
		for _, frame := range a.frames {
			copy(frame, mac[:])
			s.out = append(s.out, frame)
		}
		return
	}
}

// receiveARP answers a request for this host's address and learns from what it hears (RFC 826: from
// requests for this host and from answers; others would fill the table of a big lab).
func (s *Stack) receiveARP(b []byte) {
	if len(b) < arpLen || [6]byte(b) != [6]byte{0, 1, 8, 0, 6, 4} || !s.addr.IsValid() {
		return
	}
	op, srcMAC := binary.BigEndian.Uint16(b[6:]), [6]byte(b[8:])
	src, dst := netip.AddrFrom4([4]byte(b[14:])), netip.AddrFrom4([4]byte(b[24:]))
	if _, known := s.arp.macs[src]; known || dst == s.addr || op == arpReply {
		s.learn(src, srcMAC)
	}
	if op == arpRequest && dst == s.addr {
		s.sendARP(arpReply, srcMAC, srcMAC, src)
	}
}

func (s *Stack) sendARP(op uint16, to, target [6]byte, ip netip.Addr) {
	b := appendEther(s.buffer(), to, s.mac, typeARP)
	s.out = append(s.out, appendARP(b, op, s.mac, s.addr, target, ip))
}
