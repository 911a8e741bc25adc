package rom_test

import (
	"testing"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/rom"
)

func TestHowOddFirmwareDecides(t *testing.T) {
	p := newParts()
	whole := &testnet.Packet{YIAddr: p.me, SIAddr: p.server, File: "pxelinux.0"}
	decide(t, "uefi-whole-offer", []decision{
		{"an OFFER of a house and one of a proxy, and no REQUEST", p.lease, p.direct, nil,
			"impatient: PXE-E16: No valid offer received.: no OFFER brought address and boot file in one in 59.7s; ran out of patience", p.all[:1]},
		{"a lease with a file", whole, nil, nil, "boots from 192.168.9.2", p.all},
	})
	decide(t, "uefi-siaddr-only", []decision{
		{"siaddr 0 is no server, whoever speaks", p.lease, p.noSIAddr, nil,
			`PXE-E99: Unexpected network error.: the packet that names "pxelinux.0" has siaddr 0.0.0.0`, p.all},
		{"siaddr is one", p.lease, p.direct, nil, "boots from 192.168.9.2", p.all},
	})
	decide(t, "uefi-menu-hangs", []decision{
		{"a menu of one item is never left", p.lease, oneItem(3, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), p.complete, "waits", p.all},
		{"43 = 6:8 says that there is none", p.lease, p.direct, nil, "boots from 192.168.9.2", p.all},
		{"nor is there one on port 4011", p.lease, p.bare, p.complete, "boots from 192.168.9.2", p.then("REQUEST > 192.168.9.2:4011")},
	})
	decide(t, "ipxe-efi-menu-hangs", []decision{
		{"a menu is never left", p.lease, oneItem(3, 8, 7, 0x80, 0, 1, 192, 168, 9, 2), p.complete, "waits", p.all},
	})
	own := *p.direct
	own.Class = "OEMClient"
	decide(t, "uefi-own-class", []decision{
		{"PXEClient is somebody else", p.lease, p.direct, nil,
			"impatient: PXE-E16: No valid offer received.: the lease of 192.168.9.1 names no file and no proxy offer came in 59.7s; ran out of patience", p.all[:1]},
		{"its own name is heard", p.lease, &own, nil, "boots from 192.168.9.2", p.all},
	})
	decide(t, "uefi-forgets-proxy", []decision{{"its boot program is told of the house alone", p.lease, p.direct, nil, "boots from 192.168.9.1", p.all}})
	decide(t, "undi-name-runs-on", []decision{
		{"the header's field has a zero byte", &testnet.Packet{YIAddr: p.me, SIAddr: p.server, File: "pxelinux.0"}, nil, nil, "boots from 192.168.9.2", p.all},
		{"option 67 has none, and the end mark follows", &testnet.Packet{YIAddr: p.me, SIAddr: p.server, Options: append([]byte{67, 10}, "pxelinux.0"...)}, nil, nil,
			"PXE-T01: File not found / PXE-E3B: TFTP Error - File Not Found: 192.168.9.2 answered ERROR 1 \"file pxelinux.0\\xff not found\" to pxelinux.0\xff", p.all},
		{"unless it is sent", &testnet.Packet{YIAddr: p.me, SIAddr: p.server, Options: append([]byte{67, 11}, "pxelinux.0\x00"...)}, nil, nil,
			"boots from 192.168.9.2", p.all},
	})
	decide(t, "undi-no-uuid", []decision{{"it boots all the same", p.lease, p.direct, nil, "boots from 192.168.9.2", p.all}})
}

func TestOddFirmwareCanWork(t *testing.T) {
	for _, p := range append(rom.Odd(), rom.Versions()...) {
		if err := p.Check(); err != nil || p.Citation == "" {
			t.Errorf("%s: %v, from %q", p.Name, err, p.Citation)
		}
	}
}
