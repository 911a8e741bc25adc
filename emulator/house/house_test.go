package house

import (
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/sim"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
)

var (
	epoch    = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	guestMAC = net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}
	otherMAC = net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x57}
	config   = Config{
		Addr:    netip.MustParsePrefix("192.168.9.1/24"),
		Reserve: map[[6]byte]netip.Addr{[6]byte(guestMAC): netip.MustParseAddr("192.168.9.111")},
	}
)

// A client sends what it is given and keeps what comes back.
type client struct {
	out []machine.Datagram
	got []machine.Datagram
	at  []time.Time
	bad []machine.Unreachable
}

func (c *client) Receive(now time.Time, in machine.Input) {
	switch in := in.(type) {
	case machine.Datagram:
		in.Payload = append([]byte(nil), in.Payload...)
		c.got, c.at = append(c.got, in), append(c.at, now)
	case machine.Unreachable:
		c.bad = append(c.bad, in)
	}
}
func (c *client) Expire(time.Time)            {}
func (c *client) Deadline() (time.Time, bool) { return time.Time{}, false }
func (c *client) Next() (machine.Datagram, bool) {
	if len(c.out) == 0 {
		return machine.Datagram{}, false
	}
	d := c.out[0]
	c.out = c.out[1:]
	return d, true
}

// talk puts the house and a client on a LAN and lets the client say one thing.
func talk(t *testing.T, cfg Config, src, dst string, payload []byte) *client {
	t.Helper()
	l := link.NewLAN(1)
	c := &client{}
	l.Plug("house", New(cfg))
	l.Plug("guest", link.NewStack(link.StackConfig{MAC: guestMAC}, c))
	c.out = []machine.Datagram{{Src: netip.MustParseAddrPort(src), Dst: netip.MustParseAddrPort(dst), Payload: payload}}
	sim.New(l, epoch).Run(epoch.Add(time.Minute), nil)
	return c
}

func discover(t *testing.T, mods ...dhcpv4.Modifier) *dhcpv4.DHCPv4 {
	t.Helper()
	p, err := dhcpv4.NewDiscovery(guestMAC, mods...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAnOfferGoesWhereTheClientCanHearIt(t *testing.T) {
	for name, c := range map[string]struct {
		broadcast bool
		want      string
	}{
		"a client that cannot take a unicast gets a broadcast": {true, "255.255.255.255:68"},
		"another gets a unicast to its new address":            {false, "192.168.9.111:68"},
	} {
		t.Run(name, func(t *testing.T) {
			got := talk(t, config, "0.0.0.0:68", "255.255.255.255:67", discover(t, dhcpv4.WithBroadcast(c.broadcast)).ToBytes()).got
			if len(got) != 1 {
				t.Fatalf("%d answers", len(got))
			}
			if got[0].Src.String() != "192.168.9.1:67" || got[0].Dst.String() != c.want {
				t.Errorf("%v -> %v, want 192.168.9.1:67 -> %v", got[0].Src, got[0].Dst, c.want)
			}
			if len(got[0].Payload) < 300 {
				t.Errorf("%d bytes, RFC 1542 wants 300", len(got[0].Payload))
			}
		})
	}
}

func TestTheOfferHasAnAddressAndNothingOfPXE(t *testing.T) {
	pxe := discover(t,
		dhcpv4.WithOption(dhcpv4.OptClassIdentifier("PXEClient:Arch:00000:UNDI:002001")),
		dhcpv4.WithGeneric(dhcpv4.GenericOptionCode(97), make([]byte, 17)))
	p, err := dhcpv4.FromBytes(talk(t, config, "0.0.0.0:68", "255.255.255.255:67", pxe.ToBytes()).got[0].Payload)
	if err != nil {
		t.Fatal(err)
	}
	if p.MessageType() != dhcpv4.MessageTypeOffer || p.TransactionID != pxe.TransactionID {
		t.Errorf("not an answer: %v", p.Summary())
	}
	fields := []string{p.YourIPAddr.String(), p.ServerIPAddr.String(), p.ServerIdentifier().String(), p.BootFileName}
	if diff := cmp.Diff([]string{"192.168.9.111", "192.168.9.1", "192.168.9.1", ""}, fields); diff != "" {
		t.Errorf("yiaddr, siaddr, 54, file (-want +got):\n%s", diff)
	}
	for _, code := range []uint8{43, 60, 66, 67, 97} {
		if p.Options.Has(dhcpv4.GenericOptionCode(code)) {
			t.Errorf("it has option %d", code)
		}
	}
}

func TestTheConfiguredSiaddrIsSent(t *testing.T) {
	cfg := config
	cfg.SIAddr = netip.MustParseAddr("192.168.9.2")
	p, _ := dhcpv4.FromBytes(talk(t, cfg, "0.0.0.0:68", "255.255.255.255:67", discover(t).ToBytes()).got[0].Payload)
	if p.ServerIPAddr.String() != "192.168.9.2" {
		t.Fatalf("siaddr %v", p.ServerIPAddr)
	}
}

func TestTheRouterAndTheMaskAreThoseOfTheClientsNetwork(t *testing.T) {
	relayed := netip.MustParsePrefix("10.1.2.254/16")
	for name, c := range map[string]struct {
		giaddr       net.IP
		off          bool
		mask, router string
	}{
		"a neighbour's router is the house":     {net.IPv4zero, false, "ffffff00", "[192.168.9.1]"},
		"a relayed client's is its relay":       {relayed.Addr().AsSlice(), false, "ffff0000", "[10.1.2.254]"},
		"or nobody, where the house names none": {net.IPv4zero, true, "ffffff00", "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config
			cfg.Router, cfg.Relayed, cfg.NoRouter = cfg.Addr.Addr(), []netip.Prefix{relayed}, c.off
			d := &dhcp{cfg: cfg, leases: newLeases(cfg)}
			p, why := d.answer(discover(t, dhcpv4.WithRelay(c.giaddr)))
			if p == nil {
				t.Fatal(why)
			}
			if p.SubnetMask().String() != c.mask || fmt.Sprint(p.Router()) != c.router {
				t.Errorf("mask %s, router %v", p.SubnetMask(), p.Router())
			}
		})
	}
}

func TestTheAnswerWaitsForTheDelay(t *testing.T) {
	cfg := config
	cfg.Delay = 3 * time.Second
	var facts event.Journal
	cfg.Events = &facts
	c := talk(t, cfg, "0.0.0.0:68", "255.255.255.255:67", discover(t).ToBytes())
	if len(c.at) != 1 || c.at[0].Sub(epoch).Round(time.Second) != cfg.Delay {
		t.Fatalf("answers at %v", c.at)
	}
	if all, _ := facts.After(0); len(all) != 1 || all[0].Kind != event.Offer || all[0].Attr("yiaddr") != "192.168.9.111" {
		t.Fatalf("facts %v", all)
	}
}

func TestTheHouseIsDeafOnOtherPorts(t *testing.T) {
	c := talk(t, config, "192.168.9.111:68", "192.168.9.1:4011", discover(t).ToBytes())
	if len(c.got) != 0 || len(c.bad) != 1 {
		t.Fatalf("port 4011 answered %d times, was told unreachable %d times", len(c.got), len(c.bad))
	}
}

// solicitation is what iPXE sends first: from its link-local address to all routers.
func solicitation(src netip.Addr) []byte {
	message := []byte{routerSolicitation, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0x52, 0x54, 0, 0x12, 0x34, 0x56}
	return link.NDP([6]byte{0x33, 0x33, 0, 0, 0, 2}, [6]byte(guestMAC), src, netip.MustParseAddr("ff02::2"), message)
}

func TestARouterSolicitationIsAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		src    netip.Addr
		dst    string
		silent bool
		damage int // the byte that is changed
	}{
		"to its sender":               {src: linkLocal([6]byte(guestMAC)), dst: "fe80::5054:ff:fe12:3456"},
		"to all where it has no name": {src: netip.IPv6Unspecified(), dst: "ff02::1"},
		"not where the house is told": {src: netip.IPv6Unspecified(), silent: true},
		"not when its sum is wrong":   {src: netip.IPv6Unspecified(), damage: 60},
		"not when it passed a router": {src: netip.IPv6Unspecified(), damage: 21},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config
			cfg.NoRA = c.silent
			var got []byte
			l := link.NewLAN(1)
			l.Plug("house", New(cfg))
			guest := l.External("guest", func(frame []byte) { got = append(got, frame...) })
			frame := solicitation(c.src)
			if c.damage > 0 {
				frame[c.damage]--
			}
			l.Inject(epoch, guest, frame)
			if c.dst == "" {
				if got != nil {
					t.Fatalf("answered %x", got)
				}
				return
			}
			p := gopacket.NewPacket(got, layers.LayerTypeEthernet, gopacket.Default)
			ip, _ := p.NetworkLayer().(*layers.IPv6)
			icmp, _ := p.Layer(layers.LayerTypeICMPv6).(*layers.ICMPv6)
			ra, _ := p.Layer(layers.LayerTypeICMPv6RouterAdvertisement).(*layers.ICMPv6RouterAdvertisement)
			if ip == nil || icmp == nil || ra == nil {
				t.Fatalf("not an advertisement: %v", p)
			}
			if err := icmp.SetNetworkLayerForChecksum(ip); err != nil {
				t.Fatal(err)
			}
			if err, wrong := p.VerifyChecksums(); err != nil || len(wrong) > 0 {
				t.Errorf("checksums: %v %v", err, wrong)
			}
			if ip.DstIP.String() != c.dst || ip.HopLimit != 255 || ra.ManagedAddressConfig() || ra.OtherConfig() {
				t.Errorf("to %v hops %d flags %#x", ip.DstIP, ip.HopLimit, ra.Flags)
			}
		})
	}
}
