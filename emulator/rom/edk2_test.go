package rom_test

import (
	"testing"

	"github.com/bootrig/bootrig/emulator/internal/bench"
)

func TestHowEDK2Decides(t *testing.T) {
	p := newParts()
	const proxy = "REQUEST > 192.168.9.2:4011"
	edk2 := &bench.Packet{YIAddr: p.me, SIAddr: p.house, Class: "PXEClient"}
	decide(t, "ovmf-x64", []decision{
		{"a direct offer needs no port 4011", p.lease, p.direct, nil, "boots from 192.168.9.2", p.all},
		{"siaddr 0 stands for the server that speaks (54)", p.lease, p.noSIAddr, nil, "boots from 192.168.9.2", p.all},
		{"an offer without 43 is asked again on 4011", p.lease, p.bare, p.complete, "boots from 192.168.9.2", p.then(proxy)},
		{"even one that names its file", p.lease, p.complete, p.complete, "boots from 192.168.9.2", p.then(proxy)},
		{"PXE-E16 when 4011 is dead", p.lease, p.bare, nil,
			"impatient: PXE-E16: No valid offer received.: 192.168.9.2:4011 did not answer in 10s; ran out of patience", p.then(proxy)},
		{"PXE-E16 when 4011 names no file", p.lease, p.bare, p.bare,
			"impatient: PXE-E16: No valid offer received.: 192.168.9.2:4011 did not answer in 1s (its answer names no file); ran out of patience", p.then(proxy)},
		{"nobody answers", nil, nil, nil,
			"impatient: PXE-E18: Server response timeout.: no offer in 59.7s; ran out of patience", p.all[:1]},
		{"a lease without a file and no proxy", p.lease, nil, nil,
			"impatient: PXE-E16: No valid offer received.: the lease of 192.168.9.1 names no file and no proxy offer came in 59.7s; ran out of patience", p.all[:1]},
		{"only a proxy answers", nil, p.direct, nil,
			"impatient: PXE-E16: No valid offer received.: 192.168.9.2 offered no address and no DHCP server did in 59.7s; ran out of patience", p.all[:1]},
		{"an offer without option 54 is none", &bench.Packet{YIAddr: p.me, NoServerID: true}, p.direct, nil,
			"impatient: PXE-E16: No valid offer received.: 192.168.9.2 offered no address and no DHCP server did in 59.7s; ran out of patience", p.all[:1]},
		{"a lease that names the file needs no proxy", &bench.Packet{YIAddr: p.me, SIAddr: p.server, File: "pxelinux.0"}, nil, nil,
			"boots from 192.168.9.2", p.all},
		{"a DHCP server that calls itself PXEClient beats the proxy, and 4011 is asked there", edk2, p.bare, nil,
			"impatient: PXE-E16: No valid offer received.: 192.168.9.1:4011 did not answer in 10s; ran out of patience", p.then("REQUEST > 192.168.9.1:4011")},
		{"a direct proxy beats it", &bench.Packet{YIAddr: p.me, SIAddr: p.house}, p.direct, p.complete, "boots from 192.168.9.2", p.all},
		{"one menu item is asked of the listed server", p.lease, oneItem(3, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), p.complete,
			"boots from 192.168.9.2", p.then("boot item > 192.168.9.2:4011")},
		{"an ACK need not echo the boot item", p.lease, oneItem(3, 8, 7, 0x80, 0, 1, 192, 168, 9, 2),
			&bench.Packet{SIAddr: p.server, File: "pxelinux.0", Options: []byte{12, 1, 'x'}},
			"boots from 192.168.9.2", p.then("boot item > 192.168.9.2:4011")},
		{"multicast is the only way it takes, where it may", p.lease, oneItem(0, 7, 4, 224, 0, 1, 2, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), nil,
			"impatient: PXE-E18: Server response timeout.: 224.0.1.2 did not answer for boot item 32768; ran out of patience",
			p.then("boot item > 224.0.1.2:4011")},
		{"a list without the type", p.lease, oneItem(3, 8, 7, 0x80, 1, 1, 192, 168, 9, 2), nil,
			"PXE-E07: Network device error.: option 43 lists no server of type 32768 and forbids asking everybody", p.all},
		{"a menu without prompt takes its first item, and local boot is a boot that was cancelled", p.lease,
			&bench.Packet{Class: "PXEClient", Options: pxe(9, 4, 0, 0, 1, 'l')}, nil,
			"PXE-E21: Remote boot cancelled.: the boot menu's item is local boot", p.all},
		{"discovery control without menu and file", p.lease, &bench.Packet{Class: "PXEClient", Options: pxe(6, 1, 3)}, nil,
			"PXE-E21: Remote boot cancelled.: option 43 has no menu (9), and does not say that there is none (6, bit 3) beside a file", p.all},
		{"a URI is a file name", p.lease, &bench.Packet{SIAddr: p.server, File: "tftp://192.168.9.2/pxelinux.0", Class: "PXEClient", Options: pxe(6, 1, 8)}, nil,
			`PXE-E23: Client received TFTP error from server.: 192.168.9.2 answered ERROR 1 "file tftp://192.168.9.2/pxelinux.0 not found" to tftp://192.168.9.2/pxelinux.0`, p.all},
	})
}
