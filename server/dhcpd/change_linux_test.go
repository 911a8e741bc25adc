package dhcpd_test

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/vishvananda/netlink"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
)

// ask sends a DISCOVER through a client's socket and waits for the OFFER.
func ask(t *testing.T, client net.PacketConn, payload []byte, patience time.Duration) (from string) {
	t.Helper()
	_, err := client.WriteTo(payload, net.UDPAddrFromAddrPort(netip.MustParseAddrPort("255.255.255.255:67")))
	must(t, err)
	must(t, client.SetReadDeadline(time.Now().Add(patience)))
	buf := make([]byte, 2000)
	n, src, err := client.ReadFrom(buf)
	if err != nil {
		return ""
	}
	if p, err := dhcpv4.FromBytes(buf[:n]); err != nil || p.MessageType() != dhcpv4.MessageTypeOffer {
		return "no offer"
	}
	return src.String()
}

// A card goes down, comes back, is taken out and put in again; the other one is served all the while, by the very
// same sockets.
func TestALinkThatGoesEndsNothingElse(t *testing.T) {
	for kind, conf := range map[string]string{
		"proxy": "dhcp-range=192.168.9.0,proxy\ndhcp-range=192.168.20.0,proxy\ndhcp-boot=a.0\n",
		"lease": "no-ping\ndhcp-range=192.168.9.100,192.168.9.110\ndhcp-range=192.168.20.100,192.168.20.110\ndhcp-boot=a.0\n",
	} {
		t.Run(kind, func(t *testing.T) {
			w := newWire(t)
			needs := dhcpd.Needs{Addresses: kind == "lease"}
			second := func() dhcp.Link {
				must(t, netlink.LinkAdd(&netlink.Veth{
					LinkAttrs: netlink.LinkAttrs{Name: "virbr0"}, PeerName: "virbr1",
				}))
				near, err := netlink.LinkByName("virbr0")
				must(t, err)
				far, err := netlink.LinkByName("virbr1")
				must(t, err)
				a, err := netlink.ParseAddr("192.168.20.2/24")
				must(t, err)
				must(t, netlink.AddrAdd(near, a))
				must(t, netlink.LinkSetUp(near))
				must(t, netlink.LinkSetUp(far))
				return link("virbr0", near.Attrs().Index, "192.168.20.2/24")
			}
			virbr0 := second()
			cfg := written(t, conf, w.link, virbr0)
			l, err := dhcpd.Listen(cfg.Links, needs)
			must(t, err)
			ctx, cancel := context.WithCancel(t.Context())
			served := make(chan error, 1)
			go func(cfg dhcpd.Config) { served <- l.Serve(ctx, cfg) }(cfg)
			client, discover := w.dial(t, "68"), readDHCP(t, "A-control.pcap")[0].Payload
			discover[10] |= 0x80 // the client hears broadcasts only
			works := func(when string) {
				t.Helper()
				if got := ask(t, client, discover, 10*time.Second); got != "192.168.9.2:67" {
					t.Fatalf("%s: answered by %q", when, got)
				}
			}
			change := func(links ...dhcp.Link) []error { cfg.Links = links; return l.Change(cfg, needs) }
			works("at first")
			card, err := netlink.LinkByName("virbr0")
			must(t, err)
			must(t, netlink.LinkSetDown(card))
			works("one is down, which nobody has said")
			if failed := change(w.link); len(failed) > 0 {
				t.Errorf("without it: %v", failed)
			}
			works("one is down")
			must(t, netlink.LinkSetUp(card))
			if failed := change(w.link, virbr0); len(failed) > 0 {
				t.Errorf("when it is back: %v", failed)
			}
			must(t, netlink.LinkDel(card))
			works("one is gone, which nobody has said")
			gone := link("virbr0", 999, "192.168.20.2/24")
			if failed := change(gone, w.link); len(failed) != 1 {
				t.Errorf("a link that is not there: %v, want one error", failed)
			}
			works("one cannot be opened")
			if failed := change(w.link, second()); len(failed) > 0 {
				t.Errorf("when it is another: %v", failed)
			}
			works("it is another")
			change()
			if got := ask(t, client, discover, 200*time.Millisecond); got != "" {
				t.Errorf("without any link %s answers", got)
			}
			change(w.link)
			works("after all")
			cancel()
			if err := <-served; err != nil {
				t.Errorf("ended with %v", err)
			}
			if failed := change(w.link); len(failed) > 0 {
				t.Errorf("when it has ended: %v", failed)
			}
			again, err := dhcpd.Listen([]dhcp.Link{w.link}, needs)
			must(t, err) // the ports were given back
			must(t, again.Close())
		})
	}
}

// Broken sockets are opened again by a Change that wants the same.
func TestASocketThatFailsIsOpenedAgain(t *testing.T) {
	w := newWire(t)
	cfg := written(t, "dhcp-range=192.168.9.0,proxy\ndhcp-boot=a.0\n", w.link)
	l, err := dhcpd.Listen(cfg.Links, dhcpd.Needs{})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- l.Serve(ctx, cfg) }()
	card, err := netlink.LinkByName("eth0")
	must(t, err)
	must(t, netlink.LinkSetDown(card))
	select {
	case <-l.Broken():
	case <-time.After(10 * time.Second):
		t.Fatal("nobody noticed that the card is down")
	}
	must(t, netlink.LinkSetUp(card))
	carries(t)
	if failed := l.Change(cfg, dhcpd.Needs{}); len(failed) > 0 {
		t.Errorf("%v", failed)
	}
	if got := ask(t, w.dial(t, "68"), readDHCP(t, "A-control.pcap")[0].Payload, 10*time.Second); got != "192.168.9.2:67" {
		t.Errorf("answered by %q", got)
	}
	cancel()
	must(t, <-served)
}

// Answers to relays that are not there wait for ARP, which nobody answers. Nothing else waits with them.
func TestHostsThatAreNotThereHoldUpNobody(t *testing.T) {
	w := newWire(t)
	cfg := written(t, "dhcp-range=192.168.9.0,proxy,255.255.255.0\ndhcp-boot=a.0\n", w.link)
	l, err := dhcpd.Listen(cfg.Links, dhcpd.Needs{})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- l.Serve(ctx, cfg) }()
	relay, client := w.dial(t, "67"), w.dial(t, "68")
	discover := readDHCP(t, "A-control.pcap")[0].Payload
	relayed := append([]byte(nil), discover...)
	copy(relayed[24:], []byte{192, 168, 9, 200}) // giaddr
	for n := range 4000 {
		relayed[27] = byte(200 + n%40)
		_, err := relay.WriteTo(relayed, net.UDPAddrFromAddrPort(netip.MustParseAddrPort("255.255.255.255:67")))
		must(t, err)
		if n%100 != 99 { // what a socket has room for
			continue
		}
		if got := ask(t, client, discover, 2*time.Second); got != "192.168.9.2:67" {
			t.Fatalf("after %d an honest client is answered by %q", n, got)
		}
	}
	cancel()
	must(t, <-served)
}
