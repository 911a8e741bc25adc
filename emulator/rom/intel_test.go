package rom_test

import (
	"testing"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
)

func TestHowAClassicROMDecides(t *testing.T) {
	p := newParts()
	decide(t, "intel-undi", []decision{
		{"a direct offer needs no port 4011", p.lease, p.direct, nil, "boots from 192.168.9.2", p.all},
		{"PXE-E55 when 4011 is dead", p.lease, p.bare, nil,
			"impatient: PXE-E55: proxyDHCP service did not reply to request on port 4011.: 192.168.9.2:4011 did not answer in 10s; ran out of patience",
			p.then("REQUEST > 192.168.9.2:4011")},
		{"an offer without 43 and file asks 4011", p.lease, p.bare, p.complete, "boots from 192.168.9.2",
			p.then("REQUEST > 192.168.9.2:4011")},
		{"nobody answers", nil, nil, nil,
			"impatient: PXE-E51: No DHCP or proxyDHCP offers were received.: no offer in 1m0s; ran out of patience", p.all[:1]},
		{"only a proxy answers", nil, p.direct, nil,
			"impatient: PXE-E52: proxyDHCP offers were received. No DHCP offers were received.: 192.168.9.2 offered no address in 1m0s and no DHCP server answered; ran out of patience", p.all[:1]},
		{"a lease without a file and no proxy", p.lease, nil, nil,
			"impatient: PXE-E53: No boot filename received.: the lease of 192.168.9.1 names no file and no proxy offer came; ran out of patience", p.all},
		{"sname stands in for siaddr", &testnet.Packet{YIAddr: p.me, SName: "192.168.9.2", File: "pxelinux.0"}, nil, nil,
			"boots from 192.168.9.2", p.all},
		{"PXE-E78 when the boot server is dead", p.lease, oneItem(3, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), nil,
			"impatient: PXE-E78: Could not locate boot server.: 192.168.9.2 did not answer for boot item 32768; ran out of patience",
			p.then("boot item > 192.168.9.2:4011")},
		{"PXE-E74 for a menu without prompt", p.lease,
			&testnet.Packet{Class: "PXEClient", Options: pxe(9, 4, 0, 0, 1, 'l')}, nil,
			"PXE-E74: Bad or missing PXE menu and/or prompt information.: option 43 has a menu (9) and no prompt (10)", p.all},
	})
}
