package rom_test

import (
	"testing"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
)

func TestHowIPXEDecides(t *testing.T) {
	p := newParts()
	decide(t, "ipxe-bios", []decision{
		{"a direct offer needs no port 4011", p.lease, p.direct, nil, "boots from 192.168.9.2", p.all},
		{"an offer with siaddr 0 is asked again on 4011", p.lease, p.noSIAddr, p.complete, "boots from 192.168.9.2",
			p.then("REQUEST > 192.168.9.2:4011")},
		{"when 4011 is dead iPXE goes on with nothing", p.lease, p.noSIAddr, nil,
			"impatient: Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b): 192.168.9.2:4011 did not answer in 3.9s; ran out of patience",
			p.then("REQUEST > 192.168.9.2:4011")},
		{"an answer of 4011 without siaddr is no answer to iPXE", p.lease, p.bare, p.noSIAddr,
			"impatient: Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b): 192.168.9.2:4011 did not answer in 3.9s (its answer has file \"pxelinux.0\" with siaddr 0.0.0.0); ran out of patience",
			p.then("REQUEST > 192.168.9.2:4011")},
		{"nobody answers", nil, nil, nil,
			"impatient: No configuration methods succeeded (http://ipxe.org/040ee119): no offer in 15.1s; ran out of patience", p.all[:1]},
		{"a lease without a file and no proxy", p.lease, nil, nil,
			"impatient: Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b): the lease of 192.168.9.1 names no file and no proxy offer came; ran out of patience", p.all},
		{"a lease that names the file needs no proxy", &testnet.Packet{YIAddr: p.me, SIAddr: p.server, File: "pxelinux.0"}, nil, nil,
			"boots from 192.168.9.2", p.all},
		{"a lease that names a file and siaddr 0", &testnet.Packet{YIAddr: p.me, File: "pxelinux.0"}, nil, nil,
			`Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b): the packet that names "pxelinux.0" has siaddr 0.0.0.0`, p.all},
		{"a lease that forbids proxies (175.b0) is obeyed",
			&testnet.Packet{YIAddr: p.me, SIAddr: p.house, File: "pxelinux.0", Options: []byte{175, 3, 0xb0, 1, 1}}, p.direct, nil, "boots from 192.168.9.1", p.all},
		{"one menu item with prompt 0 is asked of the listed server", p.lease, oneItem(3, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), p.complete,
			"boots from 192.168.9.2", p.then("boot item > 192.168.9.2:4011")},
		{"multicast and broadcast come before the list", p.lease, oneItem(0, 7, 4, 224, 0, 1, 2, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), nil,
			"impatient: Connection timed out (http://ipxe.org/4c106035): 192.168.9.2 did not answer for boot item 32768; ran out of patience",
			p.then("boot item > 224.0.1.2:4011", "boot item > 255.255.255.255:67", "boot item > 192.168.9.2:4011")},
		{"a menu that lists nobody and forbids asking all", p.lease, oneItem(3), nil,
			"Invalid argument (http://ipxe.org/1c106002): option 43 lists no server of type 32768 and forbids asking everybody", p.all},
		{"an ACK that does not echo the boot item is no ACK", p.lease, oneItem(3, 8, 7, 0x80, 0, 1, 192, 168, 9, 2),
			&testnet.Packet{SIAddr: p.server, File: "pxelinux.0", Options: []byte{12, 1, 'x'}},
			"impatient: Connection timed out (http://ipxe.org/4c106035): 192.168.9.2 did not answer for boot item 32768 (192.168.9.2 answered without echoing boot item 32768 (43.71)); ran out of patience",
			p.then("boot item > 192.168.9.2:4011")},
		{"a boot server that names no file", p.lease, oneItem(3, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), &testnet.Packet{SIAddr: p.server},
			"Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b): 192.168.9.2 answered boot server discovery without a file",
			p.then("boot item > 192.168.9.2:4011")},
		{"item type 0 is local boot", p.lease,
			&testnet.Packet{Class: "PXEClient", Options: pxe(9, 4, 0, 0, 1, 'l', 10, 1, 0)}, nil, "local boot", p.all},
		{"iPXE waits for a key at a menu without prompt", p.lease,
			&testnet.Packet{Class: "PXEClient", Options: pxe(9, 4, 0, 0, 1, 'l')}, nil, "waits", p.all},
		{"a URI of another protocol is beyond the scripted ROM", p.lease,
			&testnet.Packet{SIAddr: p.server, File: "nfs://192.168.9.2/x", Class: "PXEClient", Options: pxe(6, 1, 8)}, nil,
			"nfs://192.168.9.2/x... Operation not supported: the scripted ROM fetches by TFTP and HTTP from addresses, not nfs://192.168.9.2/x", p.all},
		{"a tftp URI names server and path, and leaves siaddr to the program", p.lease,
			&testnet.Packet{SIAddr: p.house, File: "tftp://192.168.9.2/pxelinux.0", Class: "PXEClient", Options: pxe(6, 1, 8)}, nil, "boots from 192.168.9.1", p.all},
	})
}
