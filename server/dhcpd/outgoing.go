package dhcpd

import (
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/insomniacslk/dhcp/iana"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// An outgoing datagram has a MAC if its receiver has no address yet, so that ARP could not find it. One
// that is routed leaves by the interface that the kernel's routes say, not by that of its Link.
type outgoing struct {
	machine.Datagram
	mac    net.HardwareAddr
	routed bool
}

// A delayed answer is sent at its time.
type delayed struct {
	at time.Time
	outgoing
}

// maxDelayed bounds the answers that wait. Clients ask again.
const maxDelayed = 1000

func (m *Machine) queue(at time.Time, delay time.Duration, out outgoing) {
	switch {
	case delay <= 0:
		m.out = append(m.out, out)
	case len(m.later) < maxDelayed:
		i := slices.IndexFunc(m.later, func(l delayed) bool { return l.at.After(at) })
		if i < 0 {
			i = len(m.later)
		}
		m.later = slices.Insert(m.later, i, delayed{at, out})
	}
}

// by is a datagram on its way. An alias has no address and no routes: who has an address is reached by
// those of the interface that it counts as (dhcp.c, dhcp_packet).
func (m *Machine) by(d machine.Datagram, mac net.HardwareAddr) outgoing {
	aliased := m.cfg.Links[d.Link].Alias != ""
	return outgoing{d, mac, aliased && mac == nil && d.Dst.Addr() != netip.AddrFrom4([4]byte{255, 255, 255, 255})}
}

// neighbour is the hardware address of who is sent an address that it does not have yet, so that it
// answers no ARP (RFC 2131 section 4.1). It is nil for all others: who asks for a boot item has its
// address, and may be behind a router.
func neighbour(r *dhcp.Reply) net.HardwareAddr {
	const ethernet = 6 // bytes
	p, to := r.Packet, r.Dst.Addr()
	if r.Kind == event.BootAck || p.HWType != iana.HWTypeEthernet || len(p.ClientHWAddr) != ethernet {
		return nil
	}
	if is(to, p.ClientIPAddr) || !is(to, p.YourIPAddr) {
		return nil
	}
	return slices.Clone(p.ClientHWAddr)
}

func is(addr netip.Addr, field net.IP) bool {
	there, _ := netip.AddrFromSlice(field.To4())
	return there == addr
}
