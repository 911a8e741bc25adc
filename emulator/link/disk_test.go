package link

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestABlockWaitsForTheOneBefore sends a few at the same moment, and one much later.
func TestABlockWaitsForTheOneBefore(t *testing.T) {
	const each = 20 * time.Millisecond
	p := newPair(t, 1)
	p.sa.Learn(addrB.Addr(), macB)
	other := netip.AddrPortFrom(addrB.Addr(), portB.Port()+1)
	disk := SlowDisk(each)
	type held struct {
		packet string
		late   []time.Duration
	}
	var got []held
	p.Hold(p.pa, func(now time.Time, frame []byte) []time.Duration {
		late := disk(now, frame)
		u, _, _, _ := tftpPacket(frame)
		got = append(got, held{string(u.Payload), late})
		return late
	})
	const oack, first, second, failed = "\x00\x06tsize\x009\x00", "\x00\x03\x00\x01", "\x00\x03\x00\x02", "\x00\x05\x00\x00"
	for _, d := range []struct {
		to     netip.AddrPort
		packet string
	}{{portB, oack}, {portB, first}, {portB, second}, {portB, second}, {portB, failed}, {other, first}, {other, "\x02\x06a reply of DHCP"}} {
		p.a.send(portA, d.to, d.packet)
	}
	p.Poke(epoch, p.pa)
	now := run(p.LAN, epoch, time.Hour)
	p.a.send(portA, portB, first)
	p.Poke(now, p.pa)
	want := []held{
		{oack, []time.Duration{0}}, {first, []time.Duration{each}}, {second, []time.Duration{2 * each}}, {second, []time.Duration{2 * each}}, {failed, []time.Duration{2 * each}},
		{first, []time.Duration{each}}, {"\x02\x06a reply of DHCP", []time.Duration{each}}, {first, []time.Duration{each}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(held{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestASegmentWithDataIsABlock tells those of TCP from those that acknowledge, begin and end.
func TestASegmentWithDataIsABlock(t *testing.T) {
	segment := func(port, number byte, data string) []byte {
		tcp := append([]byte{0, 80, 0, port, 0, 0, 0, number, 0, 0, 0, 1, 5 << 4, 1 << 4, 0xff, 0xff, 0, 0, 0, 0}, data...)
		frame := appendEther(nil, [6]byte(macB), [6]byte(macA), typeIPv4)
		return append(appendIPv4(frame, addrA.Addr(), addrB.Addr(), ProtocolTCP, 0, dontFragment, len(tcp)), tcp...)
	}
	const each = time.Second
	disk := SlowDisk(each)
	for _, c := range []struct {
		name  string
		frame []byte
		want  time.Duration
	}{
		{"what acknowledges a request", segment(1, 0, ""), 0},
		{"the head of an answer and the first of a file", segment(1, 0, "HTTP/1.1 200 OK"), each},
		{"the next", segment(1, 15, "more"), 2 * each},
		{"the next once more", segment(1, 15, "more"), 2 * each},
		{"the end of the connection", segment(1, 0, ""), 2 * each},
		{"another file", segment(2, 0, "HTTP/1.1 200 OK"), each},
		{"no packet of IPv4", make([]byte, 60), 0},
	} {
		if got := disk(epoch, c.frame); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
