package link

import (
	"net/netip"
	"time"
)

const (
	maxPartials     = 16               // packets in pieces a host keeps
	reassemblyLimit = 15 * time.Second // the lower bound of RFC 791, 3.2
)

// A Reassembler makes whole packets of fragments. The zero Reassembler is ready to use.
type Reassembler struct{ partials []*partial }

type partialKey struct {
	src, dst netip.Addr
	id       uint16
	protocol uint8
}

type partial struct {
	key   partialKey
	since time.Time
	buf   []byte
	spans [][2]int
	have  int
	total int // -1 until the last fragment came
}

// Add gives the payload of the whole packet p belongs to, once it is complete. A packet that is no
// fragment is complete.
func (r *Reassembler) Add(now time.Time, p IPv4) (payload []byte, whole bool) {
	if !p.Fragment() {
		return p.Payload, true
	}
	end := p.Offset + len(p.Payload)
	if len(p.Payload) == 0 || end > 0xffff-ipLen || p.More && len(p.Payload)%8 != 0 {
		return nil, false
	}
	i := r.find(now, partialKey{p.Src, p.Dst, p.ID, p.Protocol})
	q := r.partials[i]
	q.add(p, end)
	if q.have != q.total {
		return nil, false
	}
	r.partials = append(r.partials[:i], r.partials[i+1:]...)
	return q.buf[:q.total], true
}

// find gives the index of the packet's pieces, a new one if need be, and forgets what is too old.
func (r *Reassembler) find(now time.Time, key partialKey) int {
	kept := r.partials[:0]
	for _, q := range r.partials {
		if now.Sub(q.since) < reassemblyLimit {
			kept = append(kept, q)
		}
	}
	r.partials = kept
	for i, q := range r.partials {
		if q.key == key {
			return i
		}
	}
	if len(r.partials) == maxPartials {
		r.partials = append(r.partials[:0], r.partials[1:]...)
	}
	r.partials = append(r.partials, &partial{key: key, since: now, total: -1})
	return len(r.partials) - 1
}

// add copies a fragment to its place. One that overlaps another is a duplicate or a forgery, and one
// that contradicts the last fragment is a forgery: both are ignored.
func (q *partial) add(p IPv4, end int) {
	if q.total >= 0 && (!p.More || end > q.total) {
		return
	}
	for _, s := range q.spans {
		if p.Offset < s[1] && s[0] < end || !p.More && s[1] > end {
			return
		}
	}
	if !p.More {
		q.total = end
	}
	if end > len(q.buf) {
		q.buf = append(q.buf, make([]byte, end-len(q.buf))...)
	}
	copy(q.buf[p.Offset:], p.Payload)
	q.spans = append(q.spans, [2]int{p.Offset, end})
	q.have += len(p.Payload)
}
