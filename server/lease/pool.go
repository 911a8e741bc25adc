package lease

import (
	"encoding/binary"
	"hash/fnv"
	"net/netip"
	"time"
)

// far is how many addresses are looked at for a better one once there is one to give.
const far = 512

// allocate finds a free address for a client: in the ranges that want its tags first, then in all that
// fit (dhcp.c, address_allocate).
func (s *Server) allocate(c *client) (netip.Addr, bool) {
	for _, wanted := range []bool{true, false} {
		for _, n := range c.scope {
			if n.Static || wanted && len(n.Tags) == 0 || !n.Tags.Met(c.known.Tags) {
				continue
			}
			if addr, ok := s.search(c, n); ok {
				return addr, true
			}
		}
	}
	return netip.Addr{}, false
}

// A worth is how gladly an address is given.
type worth int

const (
	never   worth = iota
	rather  worth = iota // it is offered to another, or rests: better than turning a client away
	gladly  worth = iota // it was another's, who may come back
	exactly worth = iota // nobody's
)

// search goes through a range from the client's own place in it, or from its beginning. A range that was
// found full is not searched again before one of its addresses can be free.
func (s *Server) search(c *client, n subnet) (netip.Addr, bool) {
	if f, ok := s.full[n.Range]; ok && f.freed == s.table.freed && c.now.Before(f.until) {
		return netip.Addr{}, false
	}
	first, size := number(n.First), uint64(number(n.Last))-uint64(number(n.First))+1
	start := uint64(0)
	if !s.cfg.Sequential {
		start = c.hash() % size
	}
	var best netip.Addr
	most, soonest := never, c.now.Add(rest)
	for i := range size {
		if most > never && i >= far {
			break
		}
		addr := address(first + uint32((start+i)%size))
		w, ends := s.worth(c, addr)
		if w == exactly {
			return addr, true
		}
		if w > most {
			best, most = addr, w
		}
		if w == never && ends.Before(soonest) {
			soonest = ends
		}
	}
	if most == never {
		s.full[n.Range] = full{until: soonest, freed: s.table.freed}
	}
	return best, most > never
}

// full says until when, and as long as nothing is freed, a range has no address to give.
type full struct {
	until time.Time
	freed int
}

// worth judges an address, and for one that is never given says when that ends. Addresses that end in .0
// and .255 of class C networks confuse Windows (dnsmasq's reason: KB281579).
func (s *Server) worth(c *client, addr netip.Addr) (w worth, ends time.Time) {
	always := c.now.Add(rest)
	octets := addr.As4()
	classC := octets[0] >= 192 && octets[0] < 224
	l := s.table.leases[addr]
	switch {
	case classC && (octets[3] == 0 || octets[3] == 255), c.scope.routes(addr), s.reserved(addr):
		return never, always
	case l != nil && l.live(c.now) && !l.Expires.IsZero():
		return never, l.Expires
	case l != nil && l.live(c.now):
		return never, always
	case s.table.resting(addr, c.now), s.table.offers.other(addr, c.key, c.now):
		return rather, always
	case l != nil && !c.owns(l):
		return gladly, always
	}
	return exactly, always
}

// reserved tells whether an address is that of a host's line.
func (s *Server) reserved(addr netip.Addr) bool {
	_, ok := s.hosts[addr]
	return ok
}

// hash is a client's own place in a range: the same whatever else happened.
func (c *client) hash() uint64 {
	h := fnv.New64a()
	h.Write(c.unique())
	return h.Sum64()
}

func number(addr netip.Addr) uint32 {
	b := addr.As4()
	return binary.BigEndian.Uint32(b[:])
}

func address(n uint32) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], n)
	return netip.AddrFrom4(b)
}
