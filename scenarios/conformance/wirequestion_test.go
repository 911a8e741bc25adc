package conformance

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket/layers"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/internal/peer"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
)

// watch tells what leaves a host.
func (b *bench) watch(from link.Port, frame []byte) {
	who := b.ports[from]
	if strings.HasPrefix(who, "tested") && bytes.Equal(frame[:6], ourMAC) && bytes.Equal(frame[12:14], []byte{8, 6}) {
		b.sent <- leaving{last: true} // ARP's answer
		return
	}
	p := read(frame)
	if who != "" && bytes.HasPrefix(p.payload, []byte{0, 5}) { // of TFTP
		b.sent <- leaving{who: fmt.Sprintf("%s: error %d from %s to %s", who, p.payload[3], p.src.Addr(), p.dst)}
	}
	if who == "" || len(p.payload) < 44 || !slices.Contains([]uint16{67, 1067, 4011}, p.src.Port()) {
		return
	}
	if net.HardwareAddr(p.payload[28:34]).String() == lastMAC.String() {
		if strings.HasPrefix(who, "tested") && p.payload[0] == 2 {
			b.sent <- leaving{last: true}
		}
		return
	}
	r := reply{src: p.src, dst: p.dst, packet: append(p.payload, make([]byte, max(0, 240-len(p.payload)))...)}
	if len(p.payload) >= 300 {
		_ = r.decode() // what is no DHCP has its fields all the same
	}
	delete(r.options, 58) // T1 and T2 have a random part
	delete(r.options, 59)
	b.sent <- leaving{who: who + " to " + net.HardwareAddr(frame[:6]).String(), reply: r}
}

// ask puts a question on a wire, and returns all that is sent before the answers to its sentinels. All
// stations on the way answer one packet after the other. What they sent by another card than the sentinel's
// is there when that card answers ARP. Our ports 67 and 4011 do not wait for each other, so as many packets as
// are expected are waited for.
func (b *bench) ask(t *testing.T, wire uint16, q question, expected int) (said []leaving) {
	t.Helper()
	mac := allMAC
	if q.dst.Addr() != everybody {
		mac = map[uint16]net.HardwareAddr{clientsWire: serverMAC, otherWire: routerMAC}[wire]
	}
	b.inject(wire, datagram(ourMAC, mac, q.src, q.dst, q.packet))
	for range sentinels {
		said = append(said, b.until(t, q, 1, func() {
			b.inject(wire, datagram(ourMAC, allMAC, netip.AddrPortFrom(anywhere, b.at+1), netip.AddrPortFrom(everybody, b.at), sentinel()))
		})...)
	}
	said = append(said, b.until(t, q, len(b.in), func() {
		for wire := range b.in {
			b.inject(wire, whoHas(gateway.Addr()))
		}
	})...)
	for late := time.After(5 * time.Second); len(said) < expected; {
		select {
		case p := <-b.sent:
			said = append(said, p)
		case <-late:
			return said
		}
	}
	return said
}

// until does something that is answered so many times, and returns what is sent before the last answer.
func (b *bench) until(t *testing.T, q question, answers int, do func()) (said []leaving) {
	t.Helper()
	do()
	late := time.NewTimer(10 * time.Second)
	defer late.Stop()
	for answers > 0 {
		select {
		case p := <-b.sent:
			if p.last {
				answers--
				continue
			}
			said = append(said, p)
		case <-late.C:
			t.Fatalf("%s: the sentinel is not answered; before that: %v", q.name, said)
		}
	}
	return said
}

// whoHas is the ARP probe for an address (RFC 5227), which teaches nobody anything.
func whoHas(addr netip.Addr) []byte {
	return serialize(&layers.Ethernet{SrcMAC: ourMAC, DstMAC: allMAC, EthernetType: layers.EthernetTypeARP}, &layers.ARP{
		AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4, Operation: layers.ARPRequest,
		SourceHwAddress: ourMAC, SourceProtAddress: make([]byte, 4), DstHwAddress: make([]byte, 6), DstProtAddress: addr.AsSlice(),
	})
}

func (b *bench) inject(wire uint16, frame []byte) {
	b.lab.Do(func(now time.Time, lan *link.LAN) { lan.Inject(now, b.in[wire], frame) })
}

// sentinel is a DISCOVER that everybody answers.
func sentinel() []byte {
	k := kinds()[2]
	copy(k.mac[:], lastMAC)
	return k.packet(1, anywhere, k.class, nil)
}

// alike asks dnsmasq and us the same, in order, and compares all that leaves a host.
func alike(t *testing.T, d peer.Program, w wiring, questions []wireQuestion) {
	t.Helper()
	var both [2][][]leaving
	for i, ours := range []bool{false, true} {
		b := wire(t, d, w, ours)
		for j, q := range questions {
			expected := 0
			if ours {
				expected = len(both[0][j])
			}
			both[i] = append(both[i], b.ask(t, q.wire, q.question, expected))
		}
	}
	packets := 0
	for i, q := range questions {
		theirs, ours := both[0][i], both[1][i]
		if w.cards {
			byCard := func(a, b leaving) int { return strings.Compare(a.who, b.who) }
			slices.SortStableFunc(theirs, byCard)
			slices.SortStableFunc(ours, byCard)
		}
		packets += len(theirs)
		if diff := cmp.Diff(whose(theirs), whose(ours)); diff != "" {
			t.Errorf("%s: (-dnsmasq +ours):\n%s", q.name, diff)
			continue
		}
		for j := range theirs {
			x := exchange{conf: w.conf, kind: q.kind, question: q.question, theirs: theirs[j].reply, ours: ours[j].reply}
			for _, field := range unexcused(d.Version, x) {
				t.Errorf("%s: %s: %s of dnsmasq's is %s, of ours %s", q.name, theirs[j].who, field, x.theirs.fields()[field], x.ours.fields()[field])
			}
		}
	}
	t.Logf("%d questions, %d packets", len(questions), packets)
}

func whose(all []leaving) (who []string) {
	for _, l := range all {
		who = append(who, l.who)
	}
	return who
}

// unexcused are the fields that differ and are no intended difference.
func unexcused(version string, x exchange) []string {
	rest := x.differing()
	if len(rest) == 0 {
		return nil
	}
	for _, d := range dnsmasq.Differences() {
		if excuses[d.ID] == nil || !d.In(version) {
			continue
		}
		for _, field := range excuses[d.ID](x) {
			rest = slices.DeleteFunc(rest, func(f string) bool { return f == field })
		}
	}
	return rest
}
