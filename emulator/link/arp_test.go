package link

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket/layers"
)

// arps keeps the ARP packets that enter the switch, as text.
func arps(t *testing.T, l *LAN) *[]string {
	var seen []string
	l.WatchAll(func(_ time.Time, _ Port, frame []byte) {
		if frame[12] != 8 || frame[13] != 6 {
			return
		}
		a := decode(t, frame).Layer(layers.LayerTypeARP).(*layers.ARP)
		src, _ := netip.AddrFromSlice(a.SourceProtAddress)
		dst, _ := netip.AddrFromSlice(a.DstProtAddress)
		seen = append(seen, []string{1: "who has ", 2: "answer to "}[a.Operation]+dst.String()+" from "+src.String())
	})
	return &seen
}

func TestARPIsAskedOnceAndKeepsWhatWaits(t *testing.T) {
	p := newPair(t, 1)
	seen := arps(t, p.LAN)
	p.a.send(portA, portB, "one")
	p.a.send(portA, portB, "two")
	now := run(p.LAN, epoch, time.Second)
	p.b.send(portB, portA, "back") // b has learned from a's request
	p.Poke(now, p.pb)
	run(p.LAN, now, time.Second)
	if diff := cmp.Diff([]string{"one", "two"}, p.b.texts()); diff != "" {
		t.Errorf("b got (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"back"}, p.a.texts()); diff != "" {
		t.Errorf("a got (-want +got):\n%s", diff)
	}
	want := []string{"who has 192.168.9.11 from 192.168.9.10", "answer to 192.168.9.10 from 192.168.9.11"}
	if diff := cmp.Diff(want, *seen); diff != "" {
		t.Errorf("ARP (-want +got):\n%s", diff)
	}
}

func TestARPIsRepeatedAndGivenUp(t *testing.T) {
	l := NewLAN(1)
	var m mailbox
	s := NewStack(StackConfig{MAC: macA, Addr: addrA}, &m)
	l.Plug("a", s)
	seen := arps(t, l)
	m.send(portA, portB, "nobody is there")
	now := run(l, epoch, time.Minute)
	if len(*seen) != arpTries || now.Sub(epoch) != arpTries*arpRetry {
		t.Errorf("%d requests until %v, want %d until %v", len(*seen), now.Sub(epoch), arpTries, arpTries*arpRetry)
	}
	if at, ok := s.Deadline(); ok {
		t.Errorf("it still waits until %v", at)
	}
}

func TestARPProbeOfAHostWithoutAddressIsAnsweredButNotLearned(t *testing.T) {
	var m mailbox
	s := NewStack(StackConfig{MAC: macB, Addr: addrB}, &m)
	probe := appendARP(appendEther(nil, broadcastMAC, [6]byte(macA), typeARP),
		arpRequest, [6]byte(macA), netip.IPv4Unspecified(), [6]byte{}, addrB.Addr())
	s.Frame(epoch, probe)
	if frame, ok := s.Next(); !ok || [6]byte(frame) != [6]byte(macA) {
		t.Fatalf("answer %x %v", frame, ok)
	}
	if len(s.arp.macs) != 0 {
		t.Fatalf("learned %v", s.arp.macs)
	}
}

func TestLearnedNeighboursAreOnTheLink(t *testing.T) {
	s := NewStack(StackConfig{MAC: macB, Addr: addrB}, &mailbox{})
	s.Learn(netip.MustParseAddr("10.0.0.1"), macA)      // elsewhere
	s.Learn(netip.MustParseAddr("192.168.9.255"), macA) // a broadcast
	s.Learn(netip.MustParseAddr("192.168.9.12"), nil)   // no MAC
	s.Learn(addrA.Addr(), broadcastMAC[:])              // everybody
	s.Learn(netip.MustParseAddr("::ffff:192.168.9.13"), macA)
	want := map[netip.Addr][6]byte{netip.MustParseAddr("192.168.9.13"): [6]byte(macA)}
	if diff := cmp.Diff(want, s.arp.macs, sameAddrs); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

func TestANewAddressIsAnnouncedWhereThatIsWanted(t *testing.T) {
	for _, announces := range []bool{false, true} {
		l := NewLAN(1)
		var m mailbox
		l.Plug("a", NewStack(StackConfig{MAC: macA, Announces: announces}, &m))
		seen := arps(t, l)
		everybody := netip.AddrPortFrom(limitedBroadcast, 67)
		m.send(netip.AddrPortFrom(netip.IPv4Unspecified(), 68), everybody, "I have none")
		m.send(portA, everybody, "I have one")
		m.send(portA, everybody, "I have it still")
		run(l, epoch, time.Second)
		var want []string
		if announces {
			want = []string{"who has 192.168.9.10 from 192.168.9.10"}
		}
		if diff := cmp.Diff(want, *seen); diff != "" {
			t.Errorf("announces: %t: ARP (-want +got):\n%s", announces, diff)
		}
	}
}
