package server_test

import (
	"fmt"
	"io"
	"net/netip"
	"testing"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/internal/capture"
	"github.com/bootrig/bootrig/server/machines"
	"github.com/bootrig/bootrig/server/metrics"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

// BenchmarkOffer answers the DISCOVERs of a ROM and of an iPXE with all that hears of it when bootrig serve does: the log,
// the machines and what becomes of their boots, and the metrics.
func BenchmarkOffer(b *testing.B) {
	discover := capture.ReadDHCP(b, "../testdata/captures/A-control.pcap")[0].Payload
	rom := append(append([]byte{}, discover[:240]...), "\x35\x01\x01\x3c\x20PXEClient:Arch:00000:UNDI:002001\x5d\x02\x00\x00\x5e\x03\x01\x02\x01\xff"...)
	for _, c := range []struct {
		name    string
		payload []byte
	}{{"rom", rom}, {"ipxe", discover}} {
		for _, clients := range []int{1, 1000, 50_000} {
			b.Run(fmt.Sprintf("%s/clients=%d", c.name, clients), func(b *testing.B) {
				m := serving(b)
				d := machine.Datagram{Src: netip.MustParseAddrPort("0.0.0.0:68"), Dst: netip.MustParseAddrPort("255.255.255.255:67"), Payload: append([]byte{}, c.payload...)}
				now, n := time.Unix(1e9, 0), 0
				b.ReportAllocs()
				for b.Loop() {
					n++
					now = now.Add(100 * time.Microsecond)
					client := n % clients
					d.Payload[31], d.Payload[32], d.Payload[33] = byte(client>>16), byte(client>>8), byte(client)
					m.Receive(now, d)
					answers := 0
					for _, more := m.Next(); more; _, more = m.Next() {
						answers++
					}
					if answers != 1 {
						b.Fatalf("%d answers", answers)
					}
				}
			})
		}
	}
}

// serving is a proxy with who hears of it.
func serving(b *testing.B) machine.Machine {
	cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte("dhcp-range=10.44.0.0,proxy,255.255.0.0\npxe-service=x86PC,Boot,a\ndhcp-boot=a.0\n"))
	if err != nil {
		b.Fatal(err)
	}
	log := &teller.Printer{W: io.Discard, Sparing: true}
	book := &machines.Book{Keep: func([]machines.Note) error { return nil }, Tell: log}
	counts := metrics.New("")
	s, err := server.New(server.Config{
		Settings: *cfg, Links: []dhcp.Link{{Name: "eth0", Index: 2, Prefix: netip.MustParsePrefix("10.44.0.2/16")}}, Machines: book,
		Events: event.Func(func(e event.Event) {
			log.Record(e)
			book.Record(e)
			counts.Record(e)
		}),
	})
	if err != nil {
		b.Fatal(err)
	}
	return s.Machine()
}
