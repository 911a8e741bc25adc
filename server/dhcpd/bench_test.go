package dhcpd_test

import (
	"testing"
	"time"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
)

// BenchmarkMachine answers a machine's DISCOVER and its question to port 4011.
func BenchmarkMachine(b *testing.B) {
	for _, f := range readDHCP(b, "A-control.pcap") {
		name, wanted := map[int]string{1: "discover", 17: "4011"}[f.Number]
		if !wanted {
			continue
		}
		b.Run(name, func(b *testing.B) {
			m := dhcpd.NewMachine(dhcpd.Config{PXE: note(b), Links: []dhcp.Link{eth0()}})
			now := time.Unix(0, 0)
			b.ReportAllocs()
			for b.Loop() {
				m.Receive(now, datagram(f))
				if _, ok := m.Next(); !ok {
					b.Fatal("no answer")
				}
			}
		})
	}
}
