package rom_test

import (
	"encoding/json"
	"net/netip"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator/internal/testnet"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/wire/machine"
)

func FuzzReply(f *testing.F) {
	n := testnet.New(nbp)
	request := make([]byte, 240)
	request[0] = 1
	copy(request[28:], mac[:])
	copy(request[236:], "\x63\x82\x53\x63\x35\x01\x01")
	request = append(request, 53, 1, 1, 255)
	for _, d := range n.Menu(request, netip.MustParseAddrPort("255.255.255.255:67")) {
		for i := range rom.Profiles() {
			f.Add(d.Payload[236:], byte(i))
		}
	}
	f.Add([]byte("\x63\x82\x53\x63\x34\x01\x03\xff"), byte(0))
	f.Fuzz(func(t *testing.T, options []byte, firmware byte) {
		all := rom.Profiles()
		name := all[int(firmware)%len(all)].Name
		n := testnet.New(nbp)
		n.DHCP = func(request []byte, _ netip.AddrPort) []machine.Datagram {
			reply := append([]byte{}, request[:236]...)
			reply[0] = 2
			copy(reply[16:], []byte{192, 168, 9, 100, 192, 168, 9, 2})
			return []machine.Datagram{{Src: netip.MustParseAddrPort("192.168.9.2:67"), Dst: netip.MustParseAddrPort("192.168.9.100:68"), Payload: append(reply, options...)}}
		}
		boot(t, name, n, "f8", "down", "ret")
	})
}

// Any profile that Check accepts boots to an end, whatever is in it.
func FuzzProfile(f *testing.F) {
	for _, p := range rom.Profiles() {
		text, err := json.Marshal(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var p rom.Profile
		if json.Unmarshal(text, &p) != nil || p.Check() != nil {
			return
		}
		n := testnet.New(nbp)
		r := rom.New(rom.Config{Profile: p, MAC: mac, Seed: 1})
		done := func() bool { _, ok := r.Outcome(); return ok }
		r.Receive(testnet.Start(), machine.Reset{})
		end := testnet.Start().Add(10 * 365 * 24 * time.Hour)
		at := n.Run(r, testnet.Start(), end, done)
		if r.Receive(at, machine.Key("ret")); !done() {
			n.Run(r, at, end, done)
		}
		if !done() {
			t.Error("the boot has not ended")
		}
	})
}
