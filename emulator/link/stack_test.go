package link

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/bootrig/bootrig/wire/machine"
)

var sameAddrs = cmpopts.EquateComparable(netip.AddrPort{}, netip.Addr{})

func TestADatagramArrivesWithItsPorts(t *testing.T) {
	p := newPair(t, 1)
	p.a.send(portA, portB, "hello")
	run(p.LAN, epoch, time.Second)
	want := []machine.Datagram{{Src: portA, Dst: portB, Payload: []byte("hello")}}
	if diff := cmp.Diff(want, p.b.got, sameAddrs); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

func TestEachFrameOnTheWireIsSound(t *testing.T) {
	p := newPair(t, 1)
	p.sb.listens = func(port uint16) bool { return port == 2000 }
	seen := map[string]int{}
	p.WatchAll(func(_ time.Time, _ Port, frame []byte) {
		for _, l := range decode(t, frame).Layers() {
			seen[l.LayerType().String()]++
		}
	})
	p.a.send(portA, portB, "hello")
	p.a.send(portA, portB, strings.Repeat("long", 1000))
	p.a.send(portA, netip.AddrPortFrom(portB.Addr(), 2001), "nobody there")
	run(p.LAN, epoch, time.Second)
	for _, kind := range []string{"ARP", "UDP", "Fragment", "ICMPv4"} {
		if seen[kind] == 0 {
			t.Errorf("no %s crossed the wire: %v", kind, seen)
		}
	}
}

func TestALargeDatagramCrossesInFragments(t *testing.T) {
	for _, n := range []int{0, 1472, 1473, 1480, 2952, 2953, maxUDP} {
		p := newPair(t, 1)
		ids := map[uint16]int{}
		p.Watch(p.pb, func(_ time.Time, fromStation bool, frame []byte) {
			if ip, ok := ParseIPv4(frame); ok && !fromStation {
				ids[ip.ID]++
			}
			if len(frame) > etherLen+MTU {
				t.Errorf("a frame of %d bytes", len(frame))
			}
		})
		want := string(numbered(n))
		p.a.send(portA, portB, want)
		p.a.send(portA, portB, want)
		run(p.LAN, epoch, time.Second)
		if diff := cmp.Diff([]string{want, want}, p.b.texts()); diff != "" {
			t.Errorf("%d bytes (-want +got):\n%s", n, diff)
		}
		whole := map[uint16]int{0: 2}
		if parts := (n + udpLen + fragmentLen - 1) / fragmentLen; parts > 1 {
			whole = map[uint16]int{1: parts, 2: parts}
		}
		if diff := cmp.Diff(whole, ids); diff != "" {
			t.Errorf("%d bytes in frames by ID (-want +got):\n%s", n, diff)
		}
	}
}

func TestAClosedPortIsToldToTheSender(t *testing.T) {
	p := newPair(t, 1)
	p.sb.listens = func(uint16) bool { return false }
	p.a.send(portA, portB, strings.Repeat("x", 600))
	p.a.send(portA, netip.AddrPortFrom(limitedBroadcast, 67), "to all")
	run(p.LAN, epoch, time.Second)
	if diff := cmp.Diff([]machine.Unreachable{{Src: portA, Dst: portB}}, p.a.closed, sameAddrs); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if len(p.b.got) != 0 {
		t.Fatalf("a closed port took %q", p.b.texts())
	}
}

func TestAPingIsAnswered(t *testing.T) {
	p := newPair(t, 1)
	var replies []byte
	probe := p.External("probe", func(frame []byte) { replies = append(replies, frame...) })
	eth := &layers.Ethernet{SrcMAC: macA, DstMAC: macB, EthernetType: layers.EthernetTypeIPv4}
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolICMPv4, SrcIP: addrA.Addr().AsSlice(), DstIP: addrB.Addr().AsSlice()}
	icmp := &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(layers.ICMPv4TypeEchoRequest, 0), Id: 5, Seq: 6}
	buf := gopacket.NewSerializeBuffer()
	opts := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(buf, opts, eth, ip, icmp, gopacket.Payload("ping")); err != nil {
		t.Fatal(err)
	}
	p.Inject(epoch, probe, buf.Bytes())
	run(p.LAN, epoch, time.Second)
	got := decode(t, replies).Layer(layers.LayerTypeICMPv4).(*layers.ICMPv4)
	if got.TypeCode.Type() != layers.ICMPv4TypeEchoReply || got.Id != 5 || got.Seq != 6 || string(got.Payload) != "ping" {
		t.Fatalf("answer %+v", got)
	}
}

func TestAHostWithoutAddressTakesWhatItsMACIsSent(t *testing.T) {
	l := NewLAN(1)
	var guest, server mailbox
	s := NewStack(StackConfig{MAC: macB, Addr: addrB}, &server)
	l.Plug("guest", NewStack(StackConfig{MAC: macA}, &guest))
	l.Plug("server", s)
	guest.send(netip.MustParseAddrPort("0.0.0.0:68"), netip.MustParseAddrPort("255.255.255.255:67"), "discover")
	now := run(l, epoch, time.Second)
	s.Learn(addrA.Addr(), macA)
	server.send(netip.MustParseAddrPort("192.168.9.11:67"), netip.MustParseAddrPort("192.168.9.10:68"), "offer")
	l.Poke(now, 1)
	now = run(l, now, time.Second)
	if diff := cmp.Diff([]string{"discover"}, server.texts()); diff != "" {
		t.Fatalf("server (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"offer"}, guest.texts()); diff != "" {
		t.Fatalf("guest (-want +got):\n%s", diff)
	}

	guest.send(portA, portB, "with an address")
	l.Poke(now, 0)
	now = run(l, now, time.Second)
	server.send(portB, portA, "answered")
	server.send(portB, netip.MustParseAddrPort("192.168.9.77:68"), "for another")
	s.Learn(netip.MustParseAddr("192.168.9.77"), macA)
	l.Poke(now, 1)
	run(l, now, time.Second)
	if diff := cmp.Diff([]string{"offer", "answered"}, guest.texts()); diff != "" {
		t.Fatalf("guest with an address (-want +got):\n%s", diff)
	}
}

func TestAResetForgetsALearnedAddress(t *testing.T) {
	var m mailbox
	s := NewStack(StackConfig{MAC: macA}, &m)
	m.send(portA, portB, "x")
	s.Next()
	if s.addr != addrA.Addr() {
		t.Fatalf("address %v was not learned", s.addr)
	}
	s.Receive(epoch, machine.Reset{})
	if s.addr.IsValid() {
		t.Fatalf("address %v outlived the reset", s.addr)
	}
}

func TestADatagramWithAWrongChecksumIsDropped(t *testing.T) {
	var m mailbox
	s := NewStack(StackConfig{MAC: macB, Addr: addrB}, &m)
	for i := etherLen; i < len(udpFrame("hello")); i++ {
		frame := udpFrame("hello")
		frame[i] ^= 1
		s.Frame(epoch, frame)
	}
	if len(m.got) != 0 {
		t.Fatalf("%d damaged datagrams were taken: %q", len(m.got), m.texts())
	}
	// The length field covers less, and what is left has the right sum.
	udp := appendUDP(nil, portA, portB, []byte("he"))
	ip := appendIPv4(appendEther(nil, [6]byte(macB), [6]byte(macA), typeIPv4), portA.Addr(), portB.Addr(), ProtocolUDP, 0, 0, len(udp)+3)
	s.Frame(epoch, append(append(ip, udp...), "llo"...))
	if len(m.got) != 0 {
		t.Fatalf("a shortened datagram was taken: %q", m.texts())
	}
	s.Frame(epoch, udpFrame("hello"))
	if len(m.got) != 1 {
		t.Fatal("the sound one was not taken")
	}
}
