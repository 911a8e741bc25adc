package conformance

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/internal/peer"
)

// bridgeQuestions are what clients on a wire ask who have their address from the host under test, and are
// told apart from all that the other wire hears.
func bridgeQuestions(wire uint16, kinds ...kind) []wireQuestion {
	var all []wireQuestion
	for i, k := range kinds {
		own := netip.MustParseAddr("192.168.20.101")
		at, offered := gateway.Addr().As4(), own.As4()
		broadcast := func(name string, packet []byte) {
			all = append(all, wireQuestion{question{k.name + ": " + name, netip.AddrPortFrom(anywhere, 68), netip.AddrPortFrom(everybody, 67), packet}, k, wire})
		}
		direct := func(name string, port uint16, packet []byte) {
			all = append(all, wireQuestion{question{k.name + ": " + name, netip.AddrPortFrom(own, 68), netip.AddrPortFrom(gateway.Addr(), port), packet}, k, wire})
		}
		discover := k.packet(1, anywhere, k.class, nil)
		broadcast("DISCOVER", discover)
		unicast := k.packet(1, anywhere, k.class, nil)
		flags(0)(unicast)
		broadcast("DISCOVER for a unicast", unicast)
		broadcast("REQUEST", k.packet(3, anywhere, k.class, join([]byte{50, 4}, offered[:], []byte{54, 4}, at[:])))
		if i > 0 {
			continue // the address is the first one's
		}
		direct("renewal", 67, k.packet(3, own, k.class, nil))
		direct("INFORM", 67, k.packet(8, own, k.class, nil))
		direct("REQUEST on 4011", 4011, k.packet(3, own, k.class, nil))
		direct("boot item", 4011, k.packet(3, own, "PXEClient", []byte{43, 7, 71, 4, 0x80, 0, 0, 0, 255}))
	}
	return all
}

// TestTheRealDnsmasqBridgesAlike asks at an interface that has no address, or another, and counts as eth0.
func TestTheRealDnsmasqBridgesAlike(t *testing.T) { against(t, bridgesAlike) }

func bridgesAlike(t *testing.T, d peer.Program) {
	const hosts = "dhcp-host=00:1b:21:01:02:03,192.168.20.101\ndhcp-host=52:54:00:ff:ff:ff,192.168.20.102\n"
	const leases = "dhcp-range=192.168.20.101,192.168.20.103\n" + hosts
	const proxy = "dhcp-range=192.168.20.0,proxy\npxe-service=x86-64_EFI,Boot,grub.efi,192.168.20.7\n"
	for name, w := range map[string]wiring{
		"leases by an alias without an address":          {conf: leases + "bridge-interface=eth0,eth1\n", bare: true},
		"leases by an alias with an address":             {conf: leases + "bridge-interface=eth0,eth1\n"},
		"leases by an alias of a pattern":                {conf: leases + "bridge-interface=eth0,vnet0,eth*\n", bare: true},
		"leases by an alias, where only eth0 is served":  {conf: leases + "interface=eth0\nbridge-interface=eth0,eth1\n", bare: true, only: "eth0"},
		"leases for those of eth0, by its name as a tag": {conf: hosts + "dhcp-range=tag:eth0,192.168.20.101,192.168.20.103\nbridge-interface=eth0,eth1\n", bare: true},
		"a proxy by an alias":                            {conf: proxy + "bridge-interface=eth0,eth1\n", bare: true},
	} {
		t.Run(name, func(t *testing.T) {
			asking := []kind{kinds()[0], kinds()[2]}
			if strings.Contains(w.conf, "proxy") {
				asking = asking[1:] // what a proxy says to the others differs, as it is meant to
			}
			alike(t, d, w, bridgeQuestions(otherWire, asking...))
		})
	}
}

// Who boots by an alias fetches its files too. dnsmasq's answers leave by the interface of the route, ours by
// that of the question.
func TestTheRealDnsmasqServesFilesByAnAliasAlike(t *testing.T) { against(t, servesByAnAliasAlike) }

func servesByAnAliasAlike(t *testing.T, d peer.Program) {
	const conf = "dhcp-range=192.168.20.0,proxy\ndhcp-boot=a.0\nenable-tftp\ntftp-root=/no/such\ntftp-no-fail\ntftp-single-port\nbridge-interface=eth0,eth1\n"
	rrq := datagram(ourMAC, routerMAC, netip.MustParseAddrPort("192.168.20.101:2000"), netip.AddrPortFrom(gateway.Addr(), 69), []byte("\x00\x01a\x00octet\x00"))
	for ours, by := range map[bool]string{false: "eth0", true: "eth1"} {
		b := wire(t, d, wiring{conf: conf, bare: true}, ours)
		b.inject(otherWire, rrq)
		select {
		case p := <-b.sent:
			if want := "tested " + by + ": error 1 from 192.168.20.1 to 192.168.20.101:2000"; p.who != want {
				t.Errorf("ours %v: %s, want %s", ours, p.who, want)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("ours %v: no answer", ours)
		}
	}
}
