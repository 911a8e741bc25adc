package link

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// ether is a frame with nothing in it.
func ether(dst, src byte, text string) []byte {
	return append([]byte{2, 0, 0, 0, 0, dst, 2, 0, 0, 0, 0, src, 0x88, 0xb5}, text...)
}

// three is a LAN with three external ports that write down what they get.
func three() (l *LAN, log *[]string) {
	l, log = NewLAN(1), new([]string)
	for i := range 3 {
		l.External(fmt.Sprint("port", i), func(frame []byte) {
			*log = append(*log, fmt.Sprintf("%d:%s", i, frame[14:]))
		})
	}
	return l, log
}

func TestTheSwitchLearnsWhereHostsAre(t *testing.T) {
	l, log := three()
	l.Inject(epoch, 0, ether(2, 1, "flooded, nobody knows 2"))
	l.Inject(epoch, 1, ether(1, 2, "to 1 alone"))
	l.Inject(epoch, 0, ether(2, 1, "to 2 alone"))
	l.Inject(epoch, 2, ether(1, 2, "2 has moved"))
	l.Inject(epoch, 0, ether(2, 1, "to 2 there"))
	l.Inject(epoch, 0, ether(1, 3, "it need not come back"))
	l.Inject(epoch, 0, ether(1, 3, "short")[:13])
	want := []string{
		"1:flooded, nobody knows 2", "2:flooded, nobody knows 2",
		"0:to 1 alone", "1:to 2 alone", "0:2 has moved", "2:to 2 there",
	}
	if diff := cmp.Diff(want, *log); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

func TestAPulledCableCarriesNothing(t *testing.T) {
	l, log := three()
	l.Inject(epoch, 1, ether(1, 2, "a"))
	l.Unplug(1)
	l.Inject(epoch, 0, ether(2, 1, "b"))
	if diff := cmp.Diff([]string{"0:a", "2:a", "2:b"}, *log); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

func TestFramesTakeTimeBetweenStationsOnly(t *testing.T) {
	p := newPair(t, 1)
	var arrived []time.Duration
	p.Watch(p.pb, func(now time.Time, fromStation bool, _ []byte) {
		if !fromStation {
			arrived = append(arrived, now.Sub(epoch))
		}
	})
	probe := p.External("probe", func([]byte) {})
	p.sa.Learn(addrB.Addr(), macB)
	p.a.send(portA, portB, "x")
	p.Inject(epoch, probe, udpFrame("y"))
	run(p.LAN, epoch, time.Second)
	if diff := cmp.Diff([]time.Duration{0, latency}, arrived); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

func TestWatchersSeeWhatPassesTheirPort(t *testing.T) {
	p := newPair(t, 1)
	p.sa.Learn(addrB.Addr(), macB)
	var log []string
	note := func(who string) func(time.Time, bool, []byte) {
		return func(_ time.Time, fromStation bool, frame []byte) {
			log = append(log, fmt.Sprintf("%s %v %s", who, fromStation, frame[42:]))
		}
	}
	p.Watch(p.pa, note("a"))
	p.Watch(p.pb, note("b"))
	p.WatchAll(func(_ time.Time, from Port, frame []byte) { log = append(log, p.Name(from)+" enters") })
	p.a.send(portA, portB, "x")
	run(p.LAN, epoch, time.Second)
	if diff := cmp.Diff([]string{"a true x", "a enters", "b false x"}, log); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

func TestFiltersWorkBothWays(t *testing.T) {
	p := newPair(t, 1)
	p.Filter(p.pb, DropUDP(2000))
	p.a.send(portA, portB, "to the dead port")
	p.a.send(portA, netip.AddrPortFrom(portB.Addr(), 2001), "to another")
	p.b.send(portB, portA, "from the dead port")
	p.b.send(netip.AddrPortFrom(portB.Addr(), 2001), portA, "from another")
	run(p.LAN, epoch, time.Second)
	if diff := cmp.Diff([]string{"to another"}, p.b.texts()); diff != "" {
		t.Errorf("b got (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"from another"}, p.a.texts()); diff != "" {
		t.Errorf("a got (-want +got):\n%s", diff)
	}
}

func TestRewriteDHCPEditsRepliesOnly(t *testing.T) {
	p := newPair(t, 1)
	p.Filter(p.pb, RewriteDHCP(func(bootp []byte) { copy(bootp[20:24], []byte{10, 0, 0, 1}) }))
	for _, c := range []struct {
		port uint16
		op   byte
		size int
	}{{67, 2, 300}, {4011, 2, 300}, {69, 2, 300}, {67, 1, 300}, {67, 2, 100}} {
		p.b.send(netip.AddrPortFrom(portB.Addr(), c.port), portA, string(append([]byte{c.op}, make([]byte, c.size-1)...)))
	}
	run(p.LAN, epoch, time.Second)
	var siaddrs []string
	for _, d := range p.a.got {
		siaddrs = append(siaddrs, netip.AddrFrom4([4]byte(d.Payload[20:])).String())
	}
	want := []string{"10.0.0.1", "10.0.0.1", "0.0.0.0", "0.0.0.0", "0.0.0.0"}
	if diff := cmp.Diff(want, siaddrs); diff != "" {
		t.Fatalf("siaddr (-want +got):\n%s", diff)
	}
}

func TestAStationIsWokenAtItsDeadline(t *testing.T) {
	p := newPair(t, 1)
	var woken []time.Duration
	p.a.onExpire = func(now time.Time) {
		woken = append(woken, now.Sub(epoch))
		if len(woken) < 3 {
			p.a.expire = now.Add(time.Minute)
		}
	}
	p.a.expire = epoch.Add(time.Second)
	run(p.LAN, epoch, time.Hour)
	want := []time.Duration{time.Second, time.Second + time.Minute, time.Second + 2*time.Minute}
	if diff := cmp.Diff(want, woken); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

func TestAStationThatStopsTheClockIsNamed(t *testing.T) {
	p := newPair(t, 1)
	p.a.expire = epoch
	p.a.onExpire = func(time.Time) { p.a.expire = epoch }
	defer func() {
		if r := fmt.Sprint(recover()); !strings.Contains(r, `station "a"`) {
			t.Fatalf("panic %s", r)
		}
	}()
	p.Advance(epoch)
	t.Fatal("it went on")
}

func TestAnExternalPortMayInjectWhileItIsSentTo(t *testing.T) {
	l := NewLAN(1)
	var got []string
	var a, b Port
	a = l.External("a", func(frame []byte) { got = append(got, string(frame[14:])) })
	b = l.External("b", func(frame []byte) { l.Inject(epoch, b, ether(1, 2, "re: "+string(frame[14:]))) })
	l.Inject(epoch, a, ether(2, 1, "hello"))
	if diff := cmp.Diff([]string{"re: hello"}, got); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}
