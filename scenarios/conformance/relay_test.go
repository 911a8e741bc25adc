package conformance

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/bootrig/bootrig/internal/peer"
)

// A wireQuestion is one packet on a wire.
type wireQuestion struct {
	question
	kind kind
	wire uint16
}

// A change makes a packet unusual.
type change func(packet []byte)

func hops(n byte) change { return func(b []byte) { b[3] = n } }
func giaddr(s string) change {
	return func(b []byte) { copy(b[24:], netip.MustParseAddr(s).AsSlice()) }
}
func yiaddr(s string) change {
	return func(b []byte) { copy(b[16:], netip.MustParseAddr(s).AsSlice()) }
}
func op(n byte) change          { return func(b []byte) { b[0] = n } }
func hardware(t, n byte) change { return func(b []byte) { b[1], b[2] = t, n } }
func flags(n uint16) change     { return func(b []byte) { binary.BigEndian.PutUint16(b[10:], n) } }

// relayQuestions are what comes to a relay.
func relayQuestions(port uint16) []wireQuestion {
	k := kinds()[0]
	own := netip.MustParseAddr("192.168.20.101")
	offered := own.As4()
	at := elsehost.Addr().As4()
	clients, servers := port+1, port
	from := func(wire uint16, src netip.Addr, dst netip.AddrPort, srcPort uint16) func(string, []byte, ...change) wireQuestion {
		return func(name string, packet []byte, changes ...change) wireQuestion {
			for _, c := range changes {
				c(packet)
			}
			return wireQuestion{question{name, netip.AddrPortFrom(src, srcPort), dst, packet}, k, wire}
		}
	}
	everyone := netip.AddrPortFrom(everybody, servers)
	client := from(clientsWire, anywhere, everyone, clients)
	direct := from(clientsWire, own, netip.AddrPortFrom(gateway.Addr(), servers), clients)
	stranger := from(clientsWire, netip.MustParseAddr("192.168.20.77"), netip.AddrPortFrom(gateway.Addr(), servers), servers)
	boots := from(clientsWire, own, netip.AddrPortFrom(gateway.Addr(), 4011), 68)
	packet := func(messageType byte, more ...byte) []byte { return k.packet(messageType, anywhere, k.class, more) }
	wanting := join([]byte{50, 4}, offered[:], []byte{54, 4}, at[:])
	return []wireQuestion{
		client("a DISCOVER for a broadcast", packet(1)),
		client("a DISCOVER for a unicast", packet(1), flags(0)),
		client("a REQUEST for a broadcast", packet(3, wanting...)),
		client("a REQUEST for a unicast", packet(3, wanting...), flags(0)),
		client("an INFORM", k.packet(8, own, k.class, nil)),
		client("a long DISCOVER", append(packet(1), make([]byte, 900)...)),
		client("a DISCOVER of another relay", packet(1), hops(3), giaddr("192.168.20.200")),
		client("a DISCOVER of a relay for a network that has no server", packet(1), hops(1), giaddr("192.168.30.1")),
		client("a DISCOVER that was here", packet(1), hops(1), giaddr("192.168.20.1")),
		client("a DISCOVER after 20 hops", packet(1), hops(20)),
		client("a DISCOVER after 21 hops", packet(1), hops(21)),
		client("a DISCOVER after 255 hops", packet(1), hops(255)),
		client("BOOTP", packet(0)),
		client("BOOTP without options", packet(0)[:236]),
		client("a fragment", packet(0)[:235]),
		client("neither request nor answer", packet(1), op(3)),
		client("a DISCOVER of a long hardware address", packet(1), flags(0), hardware(1, 16)),
		client("a DISCOVER without a hardware type", packet(1), flags(0), hardware(0, 0)),
		direct("a renewal by unicast", k.packet(3, own, k.class, nil)),
		direct("a RELEASE by unicast", k.packet(7, own, k.class, nil)),
		boots("a boot item on port 4011", k.packet(3, own, "PXEClient", []byte{43, 7, 71, 4, 0x80, 0, 0, 0, 255})),
		stranger("an answer by the clients' wire", packet(2), op(2), giaddr("192.168.20.1"), yiaddr("192.168.20.99")),
		stranger("an answer to another relay", packet(2), op(2), giaddr("192.168.20.200"), yiaddr("192.168.20.99")),
		stranger("an answer without a relay", packet(2), op(2), yiaddr("192.168.20.99")),
		stranger("an answer that has ciaddr", k.packet(5, own, k.class, nil), op(2), giaddr("192.168.20.1")),
		stranger("an answer for a long hardware address", packet(2), op(2), hardware(1, 15), flags(0), giaddr("192.168.20.1"), yiaddr("192.168.20.99")),
	}
}

// A relayCase is a host that relays.
type relayCase struct {
	name string
	wiring
	more []wireQuestion
}

// besideAProxy is which of newerRelays has a proxy for the relay's own network.
const besideAProxy = 0

// newerRelays are those that dnsmasq 2.90 has not: in two halves, and beside a proxy for the same network.
func newerRelays() []relayCase {
	const proxy = "dhcp-range=192.168.20.0,proxy\npxe-service=x86-64_EFI,Boot,grub.efi,192.168.9.7\npxe-service=x86PC,Boot,boot,192.168.9.7\n" +
		"dhcp-mac=set:last,52:54:00:ff:ff:ff\ndhcp-ignore=tag:last\n" // so that each sentinel is answered once
	efi := kinds()[2]
	return []relayCase{
		{
			name: "beside a proxy for the same network", wiring: wiring{conf: "dhcp-relay=192.168.20.1,192.168.9.1\n" + proxy, other: leasesBehind, cards: true},
			more: []wireQuestion{{efi.questions()[0], efi, clientsWire}},
		},
		{name: "split, by an interface", wiring: wiring{conf: "dhcp-split-relay=192.168.20.1,192.168.9.1,eth1\n", other: leasesBehind}},
		{name: "split, by an address", wiring: wiring{conf: "dhcp-split-relay=192.168.20.1,192.168.9.1,192.168.9.2\n", other: leasesBehind}},
		{name: "split, a broadcast", wiring: wiring{conf: "dhcp-split-relay=192.168.20.1,0.0.0.0,eth1\n", other: leasesBehind}},
		{name: "split, two servers", wiring: wiring{conf: "dhcp-split-relay=192.168.20.1,192.168.9.1#1067,eth1\ndhcp-split-relay=192.168.20.1,192.168.9.1,eth1\n", other: leasesBehind, cards: true}},
		{name: "split, and not", wiring: wiring{conf: "dhcp-split-relay=192.168.20.1,192.168.9.1,eth1\ndhcp-relay=192.168.20.1,192.168.9.1#1067\n", other: leasesBehind}},
		{name: "split, the second address of the interface", wiring: wiring{conf: "dhcp-relay=192.168.20.1,192.168.9.1\ndhcp-split-relay=192.168.21.1,192.168.9.1,eth1\n", other: leasesBehind}},
		{
			name: "split, beside a proxy for the same network", wiring: wiring{conf: "dhcp-split-relay=192.168.20.1,192.168.9.1,eth1\n" + proxy, other: leasesBehind, cards: true},
			more: []wireQuestion{{efi.questions()[0], efi, clientsWire}},
		},
	}
}

const leasesBehind = "dhcp-range=192.168.20.100,192.168.20.150,255.255.255.0,1h\ndhcp-range=192.168.21.100,192.168.21.150,255.255.255.0,1h\n"

// TestTheRealDnsmasqRelaysAlike has a real dnsmasq as the server, and the same packets go through a real
// dnsmasq as the relay and through ours.
func TestTheRealDnsmasqRelaysAlike(t *testing.T) { against(t, relaysAlike) }

func relaysAlike(t *testing.T, d peer.Program) {
	cases := []relayCase{
		{name: "one server", wiring: wiring{conf: "dhcp-relay=192.168.20.1,192.168.9.1\n", other: leasesBehind}},
		{name: "answers by the interface that is named", wiring: wiring{conf: "dhcp-relay=192.168.20.1,192.168.9.1,eth1\n", other: leasesBehind}},
		{name: "answers by an interface of a pattern", wiring: wiring{conf: "dhcp-relay=192.168.20.1,192.168.9.1,e*1\ndhcp-relay=192.168.20.1,192.168.9.7,eth*\n", other: leasesBehind}},
		{name: "a broadcast to servers", wiring: wiring{conf: "dhcp-relay=192.168.20.1,eth1\n", other: leasesBehind}},
		{name: "two servers", wiring: wiring{conf: "dhcp-relay=192.168.20.1,192.168.9.1\ndhcp-relay=192.168.20.1,192.168.9.1#1067\n", other: leasesBehind}},
		{name: "the second address of the interface", wiring: wiring{conf: "dhcp-relay=192.168.21.1,192.168.9.1\n", other: leasesBehind}},
		{name: "only the clients' interface is served", wiring: wiring{conf: "interface=eth0\ndhcp-relay=192.168.20.1,192.168.9.1\n", other: leasesBehind, only: "eth0"}},
		{name: "other ports", wiring: wiring{conf: "dhcp-alternate-port\ndhcp-relay=192.168.20.1,192.168.9.1#1067\n", other: "dhcp-alternate-port\n" + leasesBehind}},
		{
			name: "beside a proxy", wiring: wiring{
				conf:  "dhcp-relay=192.168.20.1,192.168.9.1\ndhcp-range=192.168.9.0,proxy\npxe-service=x86-64_EFI,Boot,grub.efi,192.168.9.7\n",
				other: leasesBehind,
			},
			more: []wireQuestion{
				{kinds()[2].questions()[0], kinds()[2], otherWire},
			},
		},
	}
	if d.Version >= newerLanguage {
		cases = append(cases, newerRelays()...)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			port := uint16(67)
			if c.name == "other ports" {
				port = 1067
			}
			alike(t, d, c.wiring, append(relayQuestions(port), c.more...))
		})
	}
}
