package policy

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"testing"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// many makes lines of all kinds, some of which are about the same machines.
func many(r *rand.Rand, n int) []Host {
	var hosts []Host
	pattern := func(text string) Pattern {
		p, err := ParsePattern(text, true)
		if err != nil {
			panic(err)
		}
		return p
	}
	for i := range n {
		h := Host{Rule: fmt.Sprint(i)}
		if r.IntN(2) == 0 {
			h.MACs = append(h.MACs, pattern(fmt.Sprintf("52:54:00:00:00:%02x", r.IntN(40))))
		}
		if r.IntN(8) == 0 {
			h.MACs = append(h.MACs, pattern([]string{"52:54:00:*:*:*", "1-52:54:00:00:00:*", "6-52:54:00:00:00:07"}[r.IntN(3)]))
		}
		if r.IntN(4) == 0 {
			h.ClientID = []byte{byte(r.IntN(20))}
		}
		if r.IntN(4) == 0 {
			h.Name = fmt.Sprintf("Host%d", r.IntN(20))
		}
		if r.IntN(4) == 0 {
			h.Wants = Wants{"lab"}
		}
		if r.IntN(4) == 0 {
			h.Addr = netip.AddrFrom4([4]byte{192, 168, byte(r.IntN(2)), byte(i)})
		}
		hosts = append(hosts, h)
	}
	return hosts
}

// TestAnIndexFindsWhatLookingFinds asks both ways.
func TestAnIndexFindsWhatLookingFinds(t *testing.T) {
	known := 0
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 0))
		slow := Policy{Hosts: many(r, few+r.IntN(60)), IgnoreClientID: seed%5 == 0}
		quick := slow
		quick.Index()
		if quick.index == nil {
			t.Fatal("there is no index")
		}
		for range 200 {
			packet := &dhcpv4.DHCPv4{HWType: 1, ClientHWAddr: net.HardwareAddr{0x52, 0x54, 0, 0, 0, byte(r.IntN(48))}, Options: dhcpv4.Options{53: {1}}}
			switch r.IntN(4) {
			case 0:
				packet.Options[optClientID] = []byte{byte(r.IntN(24))}
			case 1:
				packet.Options[optClientID] = []byte{0, byte(r.IntN(24))}
			case 2:
				packet.Options[optHostName] = fmt.Appendf(nil, "hOST%d.lab", r.IntN(24))
			}
			c := Client{Packet: packet, Here: func(a netip.Addr) bool { return a.As4()[2] == 0 }}
			if r.IntN(2) == 0 {
				c.Interface = "lab"
			}
			want, got := slow.Evaluate(c).Host.Rule, quick.Evaluate(c).Host.Rule
			if want != got {
				t.Fatalf("seed %d: %v: line %q by the index, %q by looking", seed, packet, got, want)
			}
			if want != "" {
				known++
			}
		}
	}
	if known < 1000 {
		t.Errorf("only %d of 8000 clients were known", known)
	}
}

func BenchmarkFortyThousandHosts(b *testing.B) {
	p := Policy{}
	for i := range 40_000 {
		p.Hosts = append(p.Hosts, Host{MACs: []Pattern{{Bytes: []byte{0x52, 0x54, 0, byte(i >> 16), byte(i >> 8), byte(i)}}}, Rule: "x"})
	}
	p.Index()
	packet := &dhcpv4.DHCPv4{HWType: 1, ClientHWAddr: net.HardwareAddr{0x52, 0x54, 0, 0, 10, 10}, Options: dhcpv4.Options{53: {1}}}
	for b.Loop() {
		p.Evaluate(Client{Packet: packet})
	}
}
