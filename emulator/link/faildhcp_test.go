package link

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAnOptionIsStripped(t *testing.T) {
	p := newPair(t, 1)
	p.sa.Learn(addrB.Addr(), macB)
	p.Filter(p.pb, StripDHCP(60))
	fixed := "\x02" + string(make([]byte, bootpLen+cookieLen-1))
	p.b.send(netip.AddrPortFrom(addrB.Addr(), 67), portA, fixed+"\x00\x35\x01\x02\x3c\x03PXE\x36\x04abcd\xff")
	p.b.send(netip.AddrPortFrom(addrB.Addr(), 67), portA, fixed+"\x3c\x09PXE")
	p.Poke(epoch, p.pb)
	run(p.LAN, epoch, time.Second)
	var got []string
	for _, d := range p.a.got {
		got = append(got, string(d.Payload[len(fixed):]))
	}
	if diff := cmp.Diff([]string{"\x00\x35\x01\x02\x00\x00\x00\x00\x00\x36\x04abcd\xff", "\x00\x00\x00\x00\x00"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnswersFrom4011GoElsewhere(t *testing.T) {
	for _, c := range []struct {
		port uint16
		from netip.Addr
		want string
	}{{0, netip.Addr{}, "192.168.9.11:4011 40000"}, {68, netip.Addr{}, "192.168.9.11:4011 68"}, {0, netip.MustParseAddr("192.168.9.77"), "192.168.9.77:4011 40000"}} {
		p := newPair(t, 1)
		p.sa.Learn(addrB.Addr(), macB)
		p.sb.Learn(addrA.Addr(), macA)
		p.Filter(p.pb, Answer4011(c.port, c.from))
		p.b.send(netip.AddrPortFrom(addrB.Addr(), 4011), portA, "\x02"+string(make([]byte, bootpLen)))
		p.a.send(netip.AddrPortFrom(addrA.Addr(), 4011), netip.AddrPortFrom(addrB.Addr(), 4011), "\x01"+string(make([]byte, bootpLen)))
		p.b.send(netip.AddrPortFrom(addrB.Addr(), 67), portA, "another")
		p.Poke(epoch, p.pb)
		p.Poke(epoch, p.pa)
		run(p.LAN, epoch, time.Second)
		var got []string
		for _, d := range append(p.a.got, p.b.got...) {
			got = append(got, d.Src.String()+" "+d.Dst.String()[len(d.Dst.Addr().String())+1:])
		}
		if diff := cmp.Diff([]string{c.want, "192.168.9.11:67 40000", "192.168.9.10:4011 4011"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}
