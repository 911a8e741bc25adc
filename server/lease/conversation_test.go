package lease_test

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

var (
	start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	here  = dhcp.Link{Name: "eth0", Index: 2, Prefix: netip.MustParsePrefix("192.168.9.2/24")}
)

// A said packet: its type, who sends it, and where it matters ciaddr and options.
type said struct {
	kind   dhcpv4.MessageType
	mac    byte
	ciaddr string
	more   map[uint8][]byte
	after  time.Duration // since the one before
}

func (s said) request() dhcp.Request {
	p := &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootRequest, HWType: 1, ClientHWAddr: net.HardwareAddr{0x52, 0x54, 0, 0, 0, s.mac},
		ClientIPAddr: net.IPv4zero, GatewayIPAddr: net.IPv4zero, Options: dhcpv4.Options{53: {byte(s.kind)}},
	}
	src := netip.MustParseAddrPort("0.0.0.0:68")
	if s.ciaddr != "" {
		src = netip.AddrPortFrom(netip.MustParseAddr(s.ciaddr), 68)
		p.ClientIPAddr = src.Addr().AsSlice()
	}
	for code, value := range s.more {
		p.Options[code] = value
	}
	return dhcp.Request{Link: here, Port: 67, Src: src, To: here.Prefix.Addr(), Packet: p}
}

func four(s string) []byte { return netip.MustParseAddr(s).AsSlice() }

func pool(first, last string) *lease.Config {
	return &lease.Config{NoPing: true, Ranges: []lease.Range{{First: netip.MustParseAddr(first), Last: netip.MustParseAddr(last), Rule: "x:1"}}}
}

// Each step is what a client says and what comes of it. The pool of one address is 192.168.9.50.
func TestConversations(t *testing.T) {
	us := four("192.168.9.2")
	discover := func(mac byte) said { return said{kind: 1, mac: mac} }
	take := func(mac byte, addr string) said {
		return said{kind: 3, mac: mac, more: map[uint8][]byte{50: four(addr), 54: us}}
	}
	renew := func(mac byte, addr string) said { return said{kind: 3, mac: mac, ciaddr: addr} }
	later := func(s said, d time.Duration) said { s.after = d; return s }
	const one = "192.168.9.50"
	type step struct {
		said
		want string
	}
	for name, c := range map[string]struct {
		cfg   *lease.Config
		hosts []policy.Host
		steps []step
	}{
		"a client gets its address and keeps it": {pool(one, one), nil, []step{
			{discover(1), "OFFER 192.168.9.50"}, {take(1, one), "ACK 192.168.9.50"}, {renew(1, one), "ACK 192.168.9.50"}, {discover(1), "OFFER 192.168.9.50"},
		}},
		"the pool is exhausted until a lease is over": {pool(one, one), nil, []step{
			{discover(1), "OFFER 192.168.9.50"}, {take(1, one), "ACK 192.168.9.50"},
			{discover(2), "silence: all addresses from 192.168.9.50 to 192.168.9.50 are taken"},
			{take(2, one), "NAK address in use"},
			{later(discover(2), time.Hour), "OFFER 192.168.9.50"}, {take(2, one), "ACK 192.168.9.50"},
			{renew(1, one), "NAK lease not found"},
		}},
		"what is released is free at once": {pool(one, one), nil, []step{
			{discover(1), "OFFER 192.168.9.50"}, {take(1, one), "ACK 192.168.9.50"},
			{said{kind: 7, mac: 2, ciaddr: one, more: map[uint8][]byte{54: us}}, "silence: 192.168.9.50 is not its address"},
			{said{kind: 7, mac: 1, ciaddr: one, more: map[uint8][]byte{54: us}}, "silence: released: 192.168.9.50 is free"},
			{discover(2), "OFFER 192.168.9.50"},
		}},
		"a declined address rests": {pool(one, "192.168.9.51"), []policy.Host{{Addr: netip.MustParseAddr("192.168.9.51"), Rule: "x:2"}}, []step{
			{discover(1), "OFFER 192.168.9.50"}, {take(1, one), "ACK 192.168.9.50"},
			{said{kind: 4, mac: 2, more: map[uint8][]byte{50: four(one), 54: us}}, "silence: 192.168.9.50 is not its address"},
			{said{kind: 4, mac: 1, more: map[uint8][]byte{50: four(one), 54: us}}, "silence: declined: somebody has 192.168.9.50, which rests for 10m0s"},
		}},
		"a host has its own address, outside the range too": {pool(one, one),
			[]policy.Host{{MACs: []policy.Pattern{{Bytes: []byte{0x52, 0x54, 0, 0, 0, 1}}}, Addr: netip.MustParseAddr("192.168.9.7"), Rule: "x:2"}}, []step{
				{discover(1), "OFFER 192.168.9.7"}, {take(1, "192.168.9.7"), "ACK 192.168.9.7"}, {take(2, "192.168.9.7"), "NAK address not available"},
			}},
		"an unknown lease may be another server's": {pool(one, one), nil, []step{
			{said{kind: 3, mac: 1, more: map[uint8][]byte{50: four(one)}}, "silence: the lease of 192.168.9.50 is unknown here; it may be another server's"},
			{said{kind: 3, mac: 1, more: map[uint8][]byte{50: four(one), 54: four("192.168.9.1")}}, "silence: it takes the offer of the server 192.168.9.1"},
		}},
		"options without a lease": {pool(one, one), nil, []step{{said{kind: 8, mac: 1, ciaddr: "192.168.9.99"}, "ACK 0.0.0.0"}}},
		"BOOTP gets nothing from a range": {pool(one, one), nil, []step{
			{said{kind: 0, mac: 1, more: map[uint8][]byte{53: nil}}, "silence: BOOTP clients get no address from a range, which they would keep for ever; bootp-dynamic allows it"}}},
		"a lease that is over is still its client's": {pool(one, one), nil, []step{
			{discover(1), "OFFER 192.168.9.50"}, {take(1, one), "ACK 192.168.9.50"}, {later(renew(1, one), 48*time.Hour), "ACK 192.168.9.50"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := lease.New(c.cfg, &proxydhcp.Config{Policy: policy.Policy{Hosts: c.hosts}}, nil)
			now := start
			for i, step := range c.steps {
				now = now.Add(step.after + time.Second)
				got := told(t, s.Decide(now, step.request()))
				if diff := cmp.Diff(step.want, got); diff != "" {
					t.Errorf("step %d (-want +got):\n%s", i+1, diff)
				}
			}
		})
	}
}

// told is a decision in a few words.
func told(t testing.TB, d dhcp.Decision) string {
	t.Helper()
	if d.Reply == nil {
		return "silence: " + d.Reason
	}
	p, err := dhcpv4.FromBytes(d.Reply.Payload)
	if err != nil {
		t.Fatal(err)
	}
	if p.MessageType() == dhcpv4.MessageTypeNak {
		return "NAK " + strings.TrimPrefix(d.Reason, "refused: ")
	}
	return fmt.Sprintf("%s %s", p.MessageType(), p.YourIPAddr)
}
