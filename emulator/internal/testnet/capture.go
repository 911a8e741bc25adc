package testnet

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/bootrig/bootrig/wire/machine"
)

// A Captured is one UDP datagram of a capture, or one piece of what TCP carried.
type Captured struct {
	At time.Duration
	machine.Datagram
}

// Capture reads the datagrams of testdata/captures/NAME.
func Capture(t testing.TB, name string) []Captured {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "testdata", "captures", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := pcapgo.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []Captured
	var start time.Time
	for {
		frame, info, err := r.ReadPacketData()
		if err != nil {
			return all
		}
		if start.IsZero() {
			start = info.Timestamp
		}
		p := gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.Default)
		ip, _ := p.NetworkLayer().(*layers.IPv4)
		if ip == nil {
			continue
		}
		src, _ := netip.AddrFromSlice(ip.SrcIP)
		dst, _ := netip.AddrFromSlice(ip.DstIP)
		var d machine.Datagram
		switch l := p.TransportLayer().(type) {
		case *layers.UDP:
			d = machine.Datagram{Src: netip.AddrPortFrom(src.Unmap(), uint16(l.SrcPort)), Dst: netip.AddrPortFrom(dst.Unmap(), uint16(l.DstPort)), Payload: l.Payload}
		case *layers.TCP:
			d = machine.Datagram{Src: netip.AddrPortFrom(src.Unmap(), uint16(l.SrcPort)), Dst: netip.AddrPortFrom(dst.Unmap(), uint16(l.DstPort)), Payload: l.Payload, TCP: true}
		}
		if d.Src.IsValid() && (len(d.Payload) > 0 || !d.TCP) {
			all = append(all, Captured{info.Timestamp.Sub(start), d})
		}
	}
}
