package testnet

import (
	"net/netip"

	"github.com/bootrig/bootrig/wire/machine"
)

// A Packet is a DHCP reply to build.
type Packet struct {
	Type           byte
	YIAddr, SIAddr netip.Addr
	From           netip.Addr // option 54, unless NoServerID
	NoServerID     bool
	File, SName    string
	Class          string
	Options        []byte // as they stand, without the end mark
}

// Bytes is the reply to a request.
func (p Packet) Bytes(request []byte) []byte {
	b := make([]byte, 240, 400)
	copy(b, request[:240])
	b[0] = 2
	clear(b[16:28])
	clear(b[44:236]) // sname and file: U-Boot names its own
	put(b[16:], p.YIAddr)
	put(b[20:], p.SIAddr)
	copy(b[44:108], p.SName)
	copy(b[108:235], p.File)
	b = append(b, 53, 1, p.Type)
	if !p.NoServerID {
		id := p.From.As4()
		b = append(append(b, 54, 4), id[:]...)
	}
	if p.Class != "" {
		b = append(append(b, 60, byte(len(p.Class))), p.Class...)
	}
	return append(append(b, p.Options...), 255)
}

func put(b []byte, a netip.Addr) {
	if a.IsValid() {
		v := a.As4()
		copy(b, v[:])
	}
}

// Reply is a packet on its way to the guest's port 68.
func (n *Net) Reply(port uint16, request []byte, p Packet) machine.Datagram {
	return machine.Datagram{
		Src:     netip.AddrPortFrom(p.From, port),
		Dst:     netip.AddrPortFrom(n.Addr, 68),
		Payload: p.Bytes(request),
	}
}

// Type is option 53 of a request; the other results are option 43.71, if it is there.
func Type(request []byte) (typ byte, item []byte) {
	for o := request[240:]; len(o) > 2 && o[0] != 255; o = o[2+int(o[1]):] {
		switch o[0] {
		case 53:
			typ = o[2]
		case 43:
			if o[2] == 71 {
				item = o[4:8]
			}
		}
	}
	return typ, item
}

// Menu is the founding note's net: a house that leases, and dnsmasq's menu of one item with its boot server.
func (n *Net) Menu(request []byte, to netip.AddrPort) []machine.Datagram {
	s := n.Server.As4()
	menu := append([]byte{43, 38, 6, 1, 3, 10, 4, 0, 'P', 'X', 'E', 8, 7, 0x80, 0, 1}, s[:]...)
	menu = append(append(menu, 9, 17, 0x80, 0, 14), "'Network Boot'"...)
	menu = append(menu, 255)
	switch typ, item := Type(request); {
	case item != nil && to.Port() == 4011:
		return []machine.Datagram{n.Reply(4011, request, Packet{
			Type: 5, From: n.Server, SIAddr: n.Server, YIAddr: n.Addr, File: "pxelinux.0", Class: "PXEClient",
			Options: append(append([]byte{43, 7, 71, 4}, item...), 255),
		})}
	case typ == 1:
		return []machine.Datagram{
			n.Reply(67, request, Packet{Type: 2, From: n.Server, File: "pxelinux.0", Class: "PXEClient", Options: menu}),
			n.Lease(2, request),
		}
	case typ == 3 && to.Port() == 67:
		return []machine.Datagram{n.Lease(5, request)}
	}
	return nil
}

// Lease is the house's OFFER (2) or ACK (5).
func (n *Net) Lease(typ byte, request []byte) machine.Datagram {
	h := n.House.As4()
	return n.Reply(67, request, Packet{
		Type: typ, From: n.House, SIAddr: n.House, YIAddr: n.Addr,
		Options: append([]byte{1, 4, 255, 255, 255, 0, 3, 4}, h[:]...),
	})
}
