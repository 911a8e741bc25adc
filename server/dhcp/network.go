package dhcp

import (
	"net/netip"
	"slices"

	"github.com/bootrig/bootrig/server/policy"
)

// A Network is one whose clients are ours to answer (dnsmasq, dhcp-range).
type Network struct {
	Addr   netip.Addr
	Bits   int          // 0: the link's, or for a relay's network that of its class
	Leases bool         // addresses are given there, and no proxy answers: only boot items are asked of it
	Tags   policy.Wants // whom it is for
	Set    string       // the tag it gives
	Rule   string
}

// Prefix is the network as seen from a link. One without a mask that is not the link's is for relayed
// clients and has the mask of its class, as in dnsmasq (rfc2131.c, dhcp_reply).
func (n Network) Prefix(link Link) netip.Prefix {
	bits := n.Bits
	if bits == 0 {
		bits = link.Prefix.Bits()
		if !link.Prefix.Masked().Contains(n.Addr) {
			bits = classBits(n.Addr)
		}
	}
	return netip.PrefixFrom(n.Addr, bits).Masked()
}

func classBits(addr netip.Addr) int {
	switch first := addr.As4()[0]; {
	case first < 128:
		return 8
	case first < 192:
		return 16
	}
	return 24
}

// On tells whether it is the network of link.
func (n Network) On(link Link) bool {
	if n.Bits == 0 {
		return link.Prefix.Masked().Contains(n.Addr)
	}
	return n.Prefix(link).Contains(link.Prefix.Addr())
}

// OnAny tells whether it is the network of one of the links.
func (n Network) OnAny(links []Link) bool { return slices.ContainsFunc(links, n.On) }

// String is the network as it was written: "192.168.9.0", or "192.168.9.0/24".
func (n Network) String() string {
	if n.Bits == 0 {
		return n.Addr.String()
	}
	return netip.PrefixFrom(n.Addr, n.Bits).String()
}
