package tftp_test

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator/retry"
	"github.com/bootrig/bootrig/emulator/tftp"
	"github.com/bootrig/bootrig/wire/machine"
)

// TestSomeHearNoBlockBehind65535: the next block is 0, which is acknowledged as 65535 for ever by those.
func TestSomeHearNoBlockBehind65535(t *testing.T) {
	for noWrap, want := range map[bool]uint16{true: 65535, false: 0} {
		now, server := time.Unix(1e9, 0), netip.MustParseAddrPort("192.168.9.2:69")
		local := netip.MustParseAddrPort("192.168.9.100:1024")
		transfer := tftp.New(now, tftp.Config{Local: local, Server: server, Name: "a", NoWrap: noWrap, Patience: retry.Every(time.Second, 1, 1)})
		var acked uint16
		for n := 1; n <= 65536; n++ {
			transfer.Next()
			data := binary.BigEndian.AppendUint16([]byte{0, 3}, uint16(n))
			transfer.Receive(now, machine.Datagram{Src: netip.AddrPortFrom(server.Addr(), 2000), Dst: local, Payload: append(data, make([]byte, 512)...)})
			if ack, ok := transfer.Next(); ok {
				acked = binary.BigEndian.Uint16(ack.Payload[2:])
			}
		}
		if acked != want {
			t.Errorf("no wrap %t: block 0 is acknowledged as %d, want %d", noWrap, acked, want)
		}
	}
}
