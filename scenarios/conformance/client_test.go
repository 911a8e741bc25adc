package conformance

import (
	"encoding/binary"
	"net/netip"

	"github.com/bootrig/bootrig/wire/pxe"
)

// A kind is a kind of client, by what it says of itself.
type kind struct {
	name  string
	mac   [6]byte
	addr  netip.Addr
	arch  int    // -1: none
	class string // option 60
	relay netip.Addr
	port  uint16 // the source port of its requests to port 4011
	flags uint16
	more  []byte // further options
	bootp bool
	list  []byte // option 55; nil: the usual one, empty: none

	few     bool           // it asks a few questions only
	astray  bool           // it asks the strays too
	edit    func(b []byte) // changes the finished packet; nil: nothing
	endless bool           // its options have no end
	garbled bool           // what we must repeat to it is malformed already
}

var (
	server    = netip.MustParsePrefix("192.168.9.2/24")
	house     = netip.MustParseAddr("192.168.9.1")
	everybody = netip.AddrFrom4([4]byte{255, 255, 255, 255})
	anywhere  = netip.AddrFrom4([4]byte{})
)

// What they send is what captures A, B and D show, the rest PXE 2.1 and RFC 4578 ask for.
var (
	guid     = append([]byte{pxe.OptMachineID, 17, 0}, "\x33\x22\x11\x00\x55\x44\x77\x66\x88\x99\xaa\xbb\xcc\xdd\xee\xff"...)
	undi     = []byte{94, 3, 1, 2, 1}
	efiUNDI  = []byte{94, 3, 1, 3, 0}
	size1472 = []byte{57, 2, 0x05, 0xc0}
	ipxe     = append(join([]byte{77, 4}, []byte("iPXE"), []byte{175, 12, 0xb1, 5, 1, 0x80, 0x86, 0x10, 0x0e, 0x13, 1, 1, 0x21, 1}, undi), size1472...)
	agent    = []byte{82, 8, 1, 6, 'e', 't', 'h', '0', '/', '7'}
)

func kinds() []kind {
	addr := netip.MustParseAddr
	usual := []kind{
		{name: "Intel BIOS ROM", astray: true, mac: [6]byte{0, 0x1b, 0x21, 1, 2, 3}, addr: addr("192.168.9.101"), class: "PXEClient:Arch:00000:UNDI:002001",
			port: 68, flags: 0x8000, more: join(guid, undi, []byte{57, 2, 4, 0xec})},
		{name: "iPXE BIOS", mac: [6]byte{0x52, 0x54, 0, 1, 2, 3}, addr: addr("192.168.9.102"), class: "PXEClient:Arch:00000:UNDI:002001",
			port: 68, more: join(guid, ipxe, []byte{61, 7, 1, 0x52, 0x54, 0, 1, 2, 3})},
		{name: "OVMF x64", astray: true, mac: [6]byte{0x52, 0x54, 0, 1, 2, 4}, addr: addr("192.168.9.103"), arch: 7, class: "PXEClient:Arch:00007:UNDI:003000",
			port: 4011, flags: 0x8000, more: join(guid, efiUNDI, size1472)},
		{name: "iPXE x64", mac: [6]byte{0x52, 0x54, 0, 1, 2, 5}, addr: addr("192.168.9.104"), arch: 7, class: "PXEClient:Arch:00007:UNDI:003010",
			port: 68, more: join(guid, ipxe)},
		{name: "IA32 UEFI", mac: [6]byte{0x00, 0x22, 0x4d, 1, 2, 6}, addr: addr("192.168.9.105"), arch: 6, class: "PXEClient:Arch:00006:UNDI:003016",
			port: 4011, flags: 0x8000, more: join(guid, efiUNDI, size1472)},
		{name: "ARM64 UEFI", mac: [6]byte{0x00, 0x11, 0x22, 1, 2, 7}, addr: addr("192.168.9.106"), arch: 11, class: "PXEClient:Arch:00011:UNDI:003000",
			port: 4011, flags: 0x8000, more: join(guid, efiUNDI)},
		{name: "HTTP boot x64", mac: [6]byte{0x52, 0x54, 0, 1, 2, 8}, addr: addr("192.168.9.107"), arch: 16, class: "HTTPClient:Arch:00016:UNDI:003000",
			port: 68, flags: 0x8000, more: join(guid, efiUNDI)},
		{name: "Raspberry Pi", mac: [6]byte{0xdc, 0xa6, 0x32, 1, 2, 9}, addr: addr("192.168.9.108"), class: "PXEClient:Arch:00000:UNDI:002001",
			port: 68, more: undi},
		{name: "relayed BIOS ROM", mac: [6]byte{0, 0x1b, 0x21, 1, 2, 10}, addr: addr("192.168.9.109"), class: "PXEClient:Arch:00000:UNDI:002001",
			port: 68, relay: addr("192.168.9.250"), more: join(guid, undi, agent)},
		{name: "BIOS ROM of another network", mac: [6]byte{0, 0x1b, 0x21, 1, 2, 11}, addr: addr("192.168.20.50"), class: "PXEClient:Arch:00000:UNDI:002001",
			port: 68, relay: addr("192.168.20.1"), more: join(guid, undi, agent)},
		{name: "OVMF of another network", mac: [6]byte{0x52, 0x54, 0, 1, 2, 12}, addr: addr("192.168.20.51"), arch: 7, class: "PXEClient:Arch:00007:UNDI:003000",
			port: 4011, relay: addr("192.168.20.1"), flags: 0x8000, more: join(guid, efiUNDI, agent)},
		{name: "BOOTP", mac: [6]byte{0, 0, 0xc0, 1, 2, 13}, addr: addr("192.168.9.113"), arch: -1, bootp: true, port: 68},
		{name: "plain DHCP client", mac: [6]byte{0, 0x50, 0x56, 1, 2, 14}, addr: addr("192.168.9.114"), arch: -1, class: "MSFT 5.0", port: 68},
	}
	return append(usual, oddKinds()...)
}

func join(parts ...[]byte) []byte {
	var b []byte
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// A question is one packet of a client, and how it travels.
type question struct {
	name     string
	src, dst netip.AddrPort
	packet   []byte
}

// questions are all that a kind of client asks.
func (k kind) questions() []question {
	at67 := question{src: netip.AddrPortFrom(anywhere, 68), dst: netip.AddrPortFrom(everybody, 67)}
	if k.relay.IsValid() {
		at67 = question{src: netip.AddrPortFrom(k.relay, 67), dst: netip.AddrPortFrom(server.Addr(), 67)}
	}
	broadcast := func(name string, messageType byte, more ...byte) question {
		q := at67
		q.name, q.packet = name, k.packet(messageType, anywhere, k.class, more)
		return q
	}
	if k.bootp {
		return []question{broadcast("BOOTREQUEST", 0)}
	}
	at4011 := func(name string, src netip.Addr, class string, more ...byte) question {
		return question{name, netip.AddrPortFrom(src, k.port), netip.AddrPortFrom(server.Addr(), 4011), k.packet(3, k.addr, class, more)}
	}
	item := func(name string, kind uint16, layer uint16) question {
		sub := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16([]byte{43, 7, 71, 4}, kind), layer)
		return at4011(name, k.addr, "PXEClient", append(sub, 255)...)
	}
	if k.few {
		return []question{broadcast("DISCOVER", 1), at4011("REQUEST on 4011", k.addr, k.class), item("first boot item", pxe.TypeFirstPrivate, 0)}
	}
	requested, their := k.addr.As4(), house.As4()
	all := []question{
		broadcast("DISCOVER", 1),
		broadcast("REQUEST", 3, join([]byte{50, 4}, requested[:], []byte{54, 4}, their[:])...),
		at4011("REQUEST on 4011", k.addr, k.class),
		at4011("REQUEST on 4011 through NAT", k.addr.Prev(), k.class),
		item("first boot item", pxe.TypeFirstPrivate, 0),
		item("second boot item", pxe.TypeFirstPrivate+1, 0),
		item("first boot item, layer 1", pxe.TypeFirstPrivate, 1),
		item("signed boot item", pxe.TypeFirstPrivate, pxe.CredentialsWanted),
		item("local boot as an item", 0, 0),
		item("boot item of a numbered type", 13, 0),
	}
	if k.astray {
		return append(all, k.strays()...)
	}
	return all
}

// packet is a packet of 300 bytes or more. A messageType of 0 is BOOTP's, which has no options.
func (k kind) packet(messageType byte, ciaddr netip.Addr, class string, more []byte) []byte {
	b := make([]byte, 240)
	b[0], b[1], b[2] = 1, 1, 6
	copy(b[4:], []byte{0xb0, 0x07, k.mac[5], messageType})
	b[9] = 4 // secs
	if ciaddr == anywhere {
		binary.BigEndian.PutUint16(b[10:], k.flags)
	}
	from := ciaddr.As4()
	copy(b[12:], from[:])
	if k.relay.IsValid() && ciaddr == anywhere {
		relay := k.relay.As4()
		b[3] = 1 // hops
		copy(b[24:], relay[:])
	}
	copy(b[28:], k.mac[:])
	copy(b[236:], []byte{0x63, 0x82, 0x53, 0x63})
	if messageType != 0 {
		b = append(b, 53, 1, messageType)
	}
	switch {
	case k.list == nil && messageType != 0:
		b = append(b, 55, 8, 1, 3, 6, 43, 60, 66, 67, 97)
	case len(k.list) > 0:
		b = append(append(b, pxe.OptParameterList, byte(len(k.list))), k.list...)
	}
	if k.arch >= 0 {
		b = append(b, pxe.OptClientArch, 2, byte(k.arch>>8), byte(k.arch))
	}
	if class != "" {
		b = append(append(b, 60, byte(len(class))), class...)
	}
	b = append(append(b, more...), k.more...)
	if !k.endless {
		b = append(b, 255)
		b = append(b, make([]byte, max(0, 300-len(b)))...)
	}
	if k.edit != nil {
		k.edit(b)
	}
	return b
}
