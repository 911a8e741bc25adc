package link

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPortsHearOnlyTheirOwnVLAN(t *testing.T) {
	l := NewLAN(1)
	heard := map[string]int{}
	add := func(name string, vlan uint16) Port {
		p := l.External(name, func([]byte) { heard[name]++ })
		l.SetVLAN(p, vlan)
		return p
	}
	first, _ := add("first", 0), add("neighbour", 0)
	second, _ := add("second", 7), add("its neighbour", 7)
	all := appendEther(nil, broadcastMAC, [6]byte(macA), 0x88b5)
	l.Inject(epoch, first, all)
	if diff := cmp.Diff(map[string]int{"neighbour": 1}, heard); diff != "" {
		t.Errorf("a broadcast in VLAN 0 (-want +got):\n%s", diff)
	}
	// The same MAC in another VLAN is another card: what the switch learned above is not of it.
	clear(heard)
	l.Inject(epoch, second, appendEther(nil, [6]byte(macA), [6]byte(macB), 0x88b5))
	if diff := cmp.Diff(map[string]int{"its neighbour": 1}, heard); diff != "" {
		t.Errorf("a frame to a MAC of another VLAN is flooded in its own (-want +got):\n%s", diff)
	}
}

func TestAMachineWithTwoCardsAnswersOnTheOneItWasAsked(t *testing.T) {
	for name, c := range map[string]struct {
		asks uint16 // the VLAN of the client
		link int
	}{
		"on the first":  {0, 0},
		"on the second": {1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			l := NewLAN(1)
			var two, client mailbox
			cards := NewHost(&two, StackConfig{MAC: macB, Addr: addrB}, StackConfig{MAC: macB, Addr: addrB})
			ports := l.PlugHost("two", cards[0], cards[1])
			l.SetVLAN(ports[1], 1)
			p := l.Plug("client", NewStack(StackConfig{MAC: macA, Addr: addrA}, &client))
			l.SetVLAN(p, c.asks)
			client.send(portA, portB, "who?")
			now := run(l, epoch, time.Second)
			if len(two.got) != 1 || two.got[0].Link != c.link {
				t.Fatalf("received %+v", two.got)
			}
			two.send(portB, portA, "me")
			two.out[0].Link = c.link
			l.Poke(now, ports[0])
			run(l, now, time.Second)
			if diff := cmp.Diff([]string{"me"}, client.texts()); diff != "" {
				t.Errorf("the client heard (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAMachineWithTwoCardsKeepsItsDeadline(t *testing.T) {
	l := NewLAN(1)
	two := mailbox{expire: epoch.Add(time.Minute)}
	var rang []time.Time
	two.onExpire = func(now time.Time) { rang = append(rang, now) }
	cards := NewHost(&two, StackConfig{MAC: macA, Addr: addrA}, StackConfig{MAC: macB, Addr: addrB})
	l.PlugHost("two", cards[0], cards[1])
	run(l, epoch, time.Hour)
	if diff := cmp.Diff([]time.Time{epoch.Add(time.Minute)}, rang); diff != "" {
		t.Errorf("it rang at (-want +got):\n%s", diff)
	}
}

// routed is a LAN with a client in one VLAN, a server in another, and a router between them.
func routed(t *testing.T, clientVia, serverVia func(netip.Addr) (netip.Addr, bool)) (l *LAN, client, server *mailbox) {
	t.Helper()
	l, client, server = NewLAN(1), &mailbox{}, &mailbox{}
	var near, far *Stack
	near = NewStack(StackConfig{MAC: macR, Addr: nearRouter, Forward: func(now time.Time, p IPv4) { far.Pass(now, p) }}, &mailbox{})
	far = NewStack(StackConfig{MAC: macR, Addr: farRouter, Forward: func(now time.Time, p IPv4) { near.Pass(now, p) }}, &mailbox{})
	ports := l.PlugHost("router", near, far)
	l.SetVLAN(ports[1], 1)
	l.Plug("client", NewStack(StackConfig{MAC: macA, Addr: addrA, NextHop: clientVia}, client))
	l.SetVLAN(l.Plug("server", NewStack(StackConfig{MAC: macB, Addr: farServer, NextHop: serverVia}, server)), 1)
	return l, client, server
}

var (
	macR       = []byte{0x52, 0x54, 0, 0, 0, 0xfe}
	nearRouter = netip.MustParsePrefix("192.168.9.254/24")
	farRouter  = netip.MustParsePrefix("192.168.8.254/24")
	farServer  = netip.MustParsePrefix("192.168.8.2/24")
	everywhere = netip.MustParsePrefix("0.0.0.0/0")
)

func TestARouterCarriesDatagramsBothWays(t *testing.T) {
	l, client, server := routed(t, Via(addrA, Route{everywhere, nearRouter.Addr()}), Via(farServer, Route{addrA.Masked(), farRouter.Addr()}))
	var ttl []byte
	l.WatchAll(func(_ time.Time, _ Port, frame []byte) {
		if p, ok := ParseIPv4(frame); ok {
			ttl = append(ttl, p.Header[8])
		}
	})
	to := netip.AddrPortFrom(farServer.Addr(), 69)
	client.send(portA, to, string(make([]byte, 3000))) // in fragments
	now := run(l, epoch, time.Minute)
	if len(server.got) != 1 || len(server.got[0].Payload) != 3000 || server.got[0].Src != portA {
		t.Fatalf("the server received %d datagrams", len(server.got))
	}
	server.send(to, portA, "yes")
	l.Poke(now, 3)
	run(l, now, time.Minute)
	if diff := cmp.Diff([]string{"yes"}, client.texts()); diff != "" {
		t.Errorf("the client heard (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]byte{64, 64, 64, 63, 63, 63, 64, 63}, ttl); diff != "" {
		t.Errorf("hops left of the packets (-want +got):\n%s", diff)
	}
}

func TestWithoutARouteNothingLeaves(t *testing.T) {
	l, client, server := routed(t, Via(addrA), Via(farServer))
	frames := 0
	l.WatchAll(func(time.Time, Port, []byte) { frames++ })
	client.send(portA, netip.AddrPortFrom(farServer.Addr(), 69), "?")
	run(l, epoch, time.Minute)
	if frames != 0 || len(server.got) != 0 {
		t.Errorf("%d frames, %d datagrams arrived", frames, len(server.got))
	}
}

func TestWhatARouterDoesNotPassOn(t *testing.T) {
	packet := func(src, dst string, ttl byte) IPv4 {
		from, to := netip.MustParseAddr(src), netip.MustParseAddr(dst)
		frame := appendIPv4(appendEther(nil, [6]byte(macR), [6]byte(macA), typeIPv4), from, to, ProtocolUDP, 0, dontFragment, 0)
		frame[etherLen+8] = ttl
		return IPv4{Src: from, Dst: to, Header: frame[etherLen:]}
	}
	for name, c := range map[string]struct {
		packet IPv4
		passes bool
	}{
		"a packet with hops left":          {packet("192.168.9.10", "192.168.8.2", 2), true},
		"one on its last hop":              {packet("192.168.9.10", "192.168.8.2", 1), false},
		"one to all hosts of the far LAN":  {packet("192.168.9.10", "192.168.8.255", 64), false},
		"one to a group":                   {packet("192.168.9.10", "224.0.1.2", 64), false},
		"one of a host without an address": {packet("0.0.0.0", "192.168.8.2", 64), false},
	} {
		t.Run(name, func(t *testing.T) {
			far := NewStack(StackConfig{MAC: macR, Addr: farRouter}, &mailbox{})
			far.Learn(farServer.Addr(), macB)
			far.Pass(epoch, c.packet)
			if _, passed := far.Next(); passed != c.passes {
				t.Errorf("passed: %t", passed)
			}
		})
	}
}
