package conformance

import (
	"encoding/binary"
	"net/netip"

	"github.com/bootrig/bootrig/wire/pxe"
)

// oddKinds are clients that are rare or say things in an odd way. They ask only what each of the three
// conversations begins with.
func oddKinds() []kind {
	bios := func(name string, more ...[]byte) kind {
		return kind{name: name, class: "PXEClient:Arch:00000:UNDI:002001", port: 68, more: join(more...)}
	}
	uefi := func(name string, arch int, class string, more ...[]byte) kind {
		return kind{name: name, arch: arch, class: class, port: 4011, flags: 0x8000, more: join(more...)}
	}
	all := []kind{
		uefi("UEFI EBC", 9, "PXEClient:Arch:00009:UNDI:003000", guid, efiUNDI, size1472),
		uefi("RISC-V64 UEFI", 27, "PXEClient:Arch:00027:UNDI:003000", guid, efiUNDI, size1472),
		uefi("LoongArch64 UEFI", 39, "PXEClient:Arch:00039:UNDI:003000", guid, efiUNDI, size1472),
		uefi("HTTP boot ARM64", 19, "HTTPClient:Arch:00019:UNDI:003000", guid, efiUNDI),
		uefi("x64 UEFI of three architectures", -1, "PXEClient:Arch:00007:UNDI:003000", []byte{93, 6, 0, 7, 0, 9, 0, 6}, guid, efiUNDI),
		bios("iPXE without HTTP", guid, undi, []byte{77, 4}, []byte("iPXE"), []byte{175, 6, 1, 1, 0x21, 1, 1, 0x11}),
		bios("takes 576 bytes", guid, undi, []byte{57, 2, 2, 0x40}),
		bios("takes 300 bytes", guid, undi, []byte{57, 2, 1, 0x2c}),
		bios("takes a broken size", guid, undi, []byte{57, 1, 2}),
		bios("no machine id", undi),
		bios("machine id of zeros", undi, []byte{97, 17}, make([]byte, 17)),
		bios("machine id of five bytes", undi, []byte{97, 5, 1, 2, 3, 4, 5}),
		bios("machine id of another type", undi, []byte{97, 17, 7}, []byte("0123456789abcdef")),
		{name: "PXEClient without architecture", class: "PXEClient", arch: -1, port: 68, more: undi},
		{name: "PXEClient with half an architecture", class: "PXEClient", arch: -1, port: 68, more: []byte{93, 1, 0}},
		bios("no hardware address", guid, undi, []byte{61, 9, 32, 1, 2, 3, 4, 5, 6, 7, 8}).edited(func(b []byte) { b[1], b[2] = 32, 0; clear(b[28:44]) }),
		bios("no hardware type", guid, undi, []byte{61, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8}).edited(func(b []byte) { b[1], b[2] = 0, 0; clear(b[28:44]) }),
		bios("no hardware type but an address", guid, undi).edited(func(b []byte) { b[1] = 0 }),
		bios("neither hardware address nor id", guid, undi).edited(func(b []byte) { b[2] = 0; clear(b[28:44]) }),
		bios("IEEE 802", guid, undi).edited(func(b []byte) { b[1] = 6 }),
		bios("hardware address of 16 bytes", guid, undi).edited(func(b []byte) { b[1], b[2] = 32, 16; copy(b[34:44], "0123456789") }),
		bios("hardware address of 17 bytes", guid, undi).edited(func(b []byte) { b[2] = 17 }),
		bios("ten seconds old", guid, undi).edited(func(b []byte) { binary.BigEndian.PutUint16(b[8:], 10) }),
		bios("all flags", guid, undi).edited(func(b []byte) { b[10], b[11] = 0xff, 0xff }),
		bios("selects its subnet", guid, undi, []byte{118, 4, 192, 168, 9, 0}),
		bios("selects another subnet", guid, undi, []byte{118, 4, 192, 168, 20, 0}),
		bios("relayed with link selection", guid, undi, []byte{82, 12, 1, 4, 'p', 'o', 'r', 't', 5, 4, 192, 168, 20, 0}).through("192.168.9.250"),
		bios("relayed with a subscriber", guid, undi, []byte{82, 12, 2, 4, 'e', 'd', 'g', 'e', 6, 4, 'l', 'a', 'b', '7'}).through("192.168.9.250"),
		bios("relayed with a server identifier", guid, undi, []byte{82, 6, 11, 4, 192, 168, 9, 250}).through("192.168.9.250"),
		bios("relayed with a broken option 82", guid, undi, []byte{82, 3, 5, 9, 1}).through("192.168.9.250").garbles(),
		bios("option 43 in parts", guid, undi, []byte{43, 3, 10, 1, 0, 43, 4, 12, 1, 1, 255}),
		bios("class in parts", guid, undi, []byte{60, 4, ':', 'x', 'y', 'z'}),
		bios("options after the end", guid, undi, []byte{255, 57, 2, 4, 0xec, 12, 4, 'l', 'a', 't', 'e'}),
		bios("an option cut short", guid, undi, []byte{12, 200, 'a'}).edited(nil),
		kind{name: "boot options in the file's field", arch: -1, port: 68, more: join(guid, undi, []byte{52, 1, 1})}.edited(func(b []byte) {
			copy(b[108:], join([]byte{93, 2, 0, 0, 60, 9}, []byte("PXEClient"), []byte{255}))
		}),
		kind{name: "boot options in both fields", arch: -1, port: 68, more: join(guid, undi, []byte{52, 1, 3})}.edited(func(b []byte) {
			copy(b[108:], []byte{93, 2, 0, 7, 255})
			copy(b[44:], join([]byte{60, 9}, []byte("PXEClient"), []byte{255}))
		}),
		bios("file and server named", guid, undi).edited(func(b []byte) { copy(b[44:], "theirs"); copy(b[108:], "wanted.0") }),
		bios("client id of a name", guid, undi, []byte{61, 6, 0, 'v', 'm', '-', '1', '2'}),
		bios("client id of one byte", guid, undi, []byte{61, 1, 1}),
		bios("client id of nothing", guid, undi, []byte{61, 0}),
		bios("client id of RFC 4361", guid, undi, []byte{61, 15, 255, 0, 0, 0, 1, 0, 3, 0, 1, 0x52, 0x54, 0, 1, 2, 3}),
	}
	for i := range all {
		k, n := &all[i], byte(50+i)
		k.few, k.mac, k.addr = true, [6]byte{0x52, 0x54, 0, 9, 9, n}, netip.AddrFrom4([4]byte{192, 168, 9, 100 + n})
	}
	return all
}

// edited is a kind whose finished packets are changed: their header, with nil only in that they end
// without option 255.
func (k kind) edited(edit func([]byte)) kind {
	if edit == nil {
		k.endless = true
		return k
	}
	k.edit = edit
	return k
}

func (k kind) through(relay string) kind {
	k.relay = netip.MustParseAddr(relay)
	return k
}

// garbles is a kind that is answered with what it sent malformed: no decoder takes that.
func (k kind) garbles() kind {
	k.garbled = true
	return k
}

// strays are questions that a proxy gets by a way that is not the usual one, or that are not for it.
func (k kind) strays() []question {
	item := []byte{pxe.OptVendorSpecific, 7, pxe.SubBootItem, 4, 0x80, 0, 0, 0, 255}
	other := []byte{pxe.OptServerID, 4, 192, 168, 9, 1}
	our := server.Addr().As4()
	us := join([]byte{pxe.OptServerID, 4}, our[:])
	own := k.addr.As4()
	asks := join([]byte{pxe.OptRequestedAddress, 4}, own[:])
	stray := func(name string, src, dst netip.Addr, port uint16, messageType byte, ciaddr netip.Addr, more ...[]byte) question {
		return question{name, netip.AddrPortFrom(src, k.port), netip.AddrPortFrom(dst, port), k.packet(messageType, ciaddr, k.class, join(more...))}
	}
	group := pxe.DiscoveryGroup()
	return []question{
		stray("boot item by INFORM on 4011", k.addr, server.Addr(), 4011, 8, k.addr, item),
		stray("boot item by INFORM on 67", k.addr, server.Addr(), 67, 8, k.addr, item),
		stray("boot item broadcast to 67", k.addr, everybody, 67, 3, k.addr, item),
		stray("boot item broadcast to 4011", k.addr, everybody, 4011, 3, k.addr, item),
		stray("boot item to the group, port 4011", k.addr, group, 4011, 3, k.addr, item),
		stray("boot item to the group, port 67", k.addr, group, 67, 3, k.addr, item),
		stray("boot item of no address", k.addr, server.Addr(), 4011, 3, anywhere, item),
		stray("boot item of no address, broadcast", anywhere, everybody, 67, 3, anywhere, item),
		stray("boot item beside a requested address", k.addr, server.Addr(), 4011, 3, k.addr, item, asks),
		stray("boot item of another network's address", netip.MustParseAddr("192.168.20.77"), server.Addr(), 4011, 3, netip.MustParseAddr("192.168.20.77"), item),
		stray("REQUEST on 4011 of no address", k.addr, server.Addr(), 4011, 3, anywhere),
		stray("REQUEST on 4011 of no address, broadcast", anywhere, everybody, 4011, 3, anywhere),
		stray("REQUEST on 4011 naming us", k.addr, server.Addr(), 4011, 3, k.addr, us),
		stray("REQUEST on 4011 naming another server", k.addr, server.Addr(), 4011, 3, k.addr, other),
		stray("REQUEST on 4011 beside a requested address", k.addr, server.Addr(), 4011, 3, k.addr, asks),
		stray("DISCOVER on 4011", k.addr, server.Addr(), 4011, 1, k.addr),
		stray("DISCOVER to us alone", k.addr, server.Addr(), 67, 1, anywhere),
		stray("DISCOVER with an address", k.addr, everybody, 67, 1, k.addr),
		stray("DISCOVER asking for an address", anywhere, everybody, 67, 1, anywhere, asks),
		stray("REQUEST to us alone", k.addr, server.Addr(), 67, 3, k.addr),
		stray("INFORM on 67", k.addr, server.Addr(), 67, 8, k.addr),
		stray("INFORM on 4011", k.addr, server.Addr(), 4011, 8, k.addr),
		stray("DECLINE", anywhere, everybody, 67, 4, anywhere, asks, us),
		stray("DECLINE on 4011", k.addr, server.Addr(), 4011, 4, anywhere, asks, us),
		stray("RELEASE", k.addr, server.Addr(), 67, 7, k.addr, us),
		stray("LEASEQUERY", k.addr, server.Addr(), 67, 10, k.addr),
		stray("a message of no known type", k.addr, server.Addr(), 67, 99, k.addr),
	}
}
