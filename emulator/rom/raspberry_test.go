package rom_test

import (
	"testing"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/machine"
)

func TestHowARaspberryPiDecides(t *testing.T) {
	p := newParts()
	text := pxe(append([]byte{9, 20, 0, 0, 17}, "Raspberry Pi Boot"...)...)
	proxy := &testnet.Packet{Class: "PXEClient", Options: text}
	for _, firmware := range []string{"raspberry-pi-3", "raspberry-pi-4", "raspberry-pi-5"} {
		decide(t, firmware, []decision{
			{"the proxy's text makes it the TFTP server: by option 54, where siaddr is 0", p.lease, proxy, nil, "boots from 192.168.9.2", p.all},
			{"so does that of a DHCP server", &testnet.Packet{YIAddr: p.me, Options: text}, nil, nil, "boots from 192.168.9.1", p.all},
			{"and option 66 of one", &testnet.Packet{YIAddr: p.me, SIAddr: p.server, Options: append([]byte{66, 11}, "192.168.9.2"...)}, nil, nil, "boots from 192.168.9.2", p.all},
			{"a menu for PCs is passed over", p.lease, p.direct, nil,
				`No TFTP server: no answer has "Raspberry Pi Boot" in option 43, and none names a server in option 66`, p.all},
			{"a lease alone too, though it names a file", &testnet.Packet{YIAddr: p.me, SIAddr: p.server, File: "bootcode.bin"}, nil, nil,
				`No TFTP server: no answer has "Raspberry Pi Boot" in option 43, and none names a server in option 66`, p.all},
			{"nobody answers", nil, nil, nil, "impatient: DHCP timeout: no offer in 45s; ran out of patience", p.all[:1]},
		})
	}
}

// TestTheMachineIDOfARaspberryPi: of a Pi 3 the logs of raspberrypi/firmware#1605 have it, with its serial b66c4c16.
func TestTheMachineIDOfARaspberryPi(t *testing.T) {
	for firmware, want := range map[string]string{
		"raspberry-pi-3": "\x00\x16\x4c\x6c\xb6\x16\x4c\x6c\xb6\x16\x4c\x6c\xb6\x16\x4c\x6c\xb6",
		"raspberry-pi-5": "\x00RPi5\x11\x31\xb0\x00\x10\x00\x00\x00\xb6\x6c\x4c\x16",
	} {
		profile, err := rom.Lookup(firmware)
		if err != nil {
			t.Fatal(err)
		}
		r := rom.New(rom.Config{Profile: profile, MAC: [6]byte{0xb8, 0x27, 0xb6, 0x6c, 0x4c, 0x16}})
		r.Receive(testnet.Start(), machine.Reset{})
		d, _ := r.Next()
		got := ""
		for o := d.Payload[240:]; len(o) > 2 && o[0] != 255; o = o[2+int(o[1]):] {
			if o[0] == 97 {
				got = string(o[2 : 2+int(o[1])])
			}
		}
		if got != want {
			t.Errorf("%s: option 97 is %q, want %q", firmware, got, want)
		}
	}
}
