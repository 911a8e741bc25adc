package rom

import (
	"encoding/binary"
	"net/netip"
	"slices"

	"github.com/bootrig/bootrig/wire/machine"
)

// Release gives the address back (RFC 2131, section 4.4.6), which no firmware does: it is for who only wants to see
// what a network answers. False: there is no lease.
func (r *ROM) Release() bool {
	if r.ack == nil || r.ack.Type == 0 {
		return false
	}
	const release = 7
	server := r.ack.ServerID()
	p := make([]byte, headerLen, 300)
	p[0], p[1], p[2] = 1, 1, 6
	binary.BigEndian.PutUint32(p[4:], r.rand.Uint32())
	copy(p[12:], r.addr.AsSlice())
	copy(p[28:], r.cfg.MAC[:])
	binary.BigEndian.PutUint32(p[236:], 0x63825363)
	p = append(p, 53, 1, release, 54, 4)
	p = append(p, server.AsSlice()...)
	if slices.Contains(r.cfg.Profile.Options, 61) { // the lease is that client's
		id := r.option(61, release)
		p = append(append(p, 61, byte(len(id))), id...)
	}
	for p = append(p, 255); len(p) < cap(p); {
		p = append(p, 0)
	}
	r.out = append(r.out, machine.Datagram{Src: netip.AddrPortFrom(r.addr, 68), Dst: netip.AddrPortFrom(server, 67), Payload: p})
	return true
}
