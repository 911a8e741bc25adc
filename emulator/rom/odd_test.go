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
	decide(t, "undi-no-uuid", []decision{{"it boots all the same", p.lease, p.direct, nil, "boots from 192.168.9.2", p.all}})
}

func TestOddFirmwareCanWork(t *testing.T) {
	for _, p := range append(rom.Odd(), rom.Versions()...) {
		if err := p.Check(); err != nil || p.Citation == "" {
			t.Errorf("%s: %v, from %q", p.Name, err, p.Citation)
		}
	}
}
