package lease_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/internal/capture"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/wire/pxe"
)

// few is a lab of five addresses, one of them a host's, that says much in its leases.
const few = `dhcp-range=set:here,192.168.9.50,192.168.9.53
no-ping
dhcp-authoritative
dhcp-rapid-commit
bootp-dynamic
dhcp-lease-max=4
dhcp-host=52:54:00:00:00:05,192.168.9.60,vm
dhcp-boot=tag:!ipxe,pxelinux.0,boot.lab,192.168.9.7
dhcp-match=set:ipxe,175
pxe-prompt=Boot,3
pxe-service=x86PC,Install,pxelinux
pxe-service=x86PC,Disk
domain=lab.example
dhcp-generate-names
dhcp-option=option:ntp-server,192.168.9.3
dhcp-option=224,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
dhcp-option=225,bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
dhcp-option-force=226,cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
dhcp-option=vendor:PXEClient,6,3b
dhcp-option=encap:175,190,1b
`

// A lab is a server, and what its clients were told.
type lab struct {
	*lease.Server
	now  time.Time
	told map[netip.Addr]promise
}

// A promise is whose an address is, and until when.
type promise struct {
	to    lease.Lease
	until time.Time
}

func newLab(cfg *config.Config) *lab {
	return &lab{lease.New(&cfg.Leases, &cfg.DHCP, nil), start, map[netip.Addr]promise{}}
}

// ask puts a packet, and a REQUEST for what it is offered behind it.
func (l *lab) ask(t *testing.T, packet *dhcpv4.DHCPv4, port uint16) {
	t.Helper()
	for _, reply := range l.put(t, packet, port) {
		if reply.MessageType() != dhcpv4.MessageTypeOffer {
			continue
		}
		take := *packet
		take.Options = dhcpv4.Options{}
		for code, value := range packet.Options {
			take.Options[code] = value
		}
		take.Options[pxe.OptMessageType] = []byte{byte(dhcpv4.MessageTypeRequest)}
		take.Options[pxe.OptRequestedAddress] = reply.YourIPAddr.To4()
		take.Options[pxe.OptServerID] = reply.Options[pxe.OptServerID]
		l.put(t, &take, port)
	}
}

func (l *lab) put(t *testing.T, packet *dhcpv4.DHCPv4, port uint16) (replies []*dhcpv4.DHCPv4) {
	t.Helper()
	l.now = l.now.Add(time.Second)
	src := netip.MustParseAddrPort("0.0.0.0:68")
	d := l.Decide(l.now, dhcp.Request{Link: here, Port: port, Src: src, Packet: packet})
	changes := l.Changes()
	for _, c := range changes {
		if c.Gone {
			delete(l.told, c.Addr)
			continue
		}
		l.keep(t, c.Lease)
	}
	if r := d.Reply; r != nil {
		for _, fault := range capture.Faults(packet, r) {
			t.Errorf("the reply by %s: %s", d.Rule, fault)
		}
		reply, err := dhcpv4.FromBytes(r.Payload)
		if err != nil {
			t.Fatal(err)
		}
		l.hear(t, d, reply)
		replies = append(replies, reply)
	}
	return replies
}

// keep finds who gets an address that is somebody else's still.
func (l *lab) keep(t *testing.T, got lease.Lease) {
	t.Helper()
	old, held := l.told[got.Addr]
	same := old.to.MAC.String() == got.MAC.String() || len(got.ClientID) > 0 && string(old.to.ClientID) == string(got.ClientID)
	if held && !same && (old.until.IsZero() || l.now.Before(old.until)) {
		t.Errorf("%s is %s's, and now %s's", got.Addr, old.to.MAC, got.MAC)
	}
	l.told[got.Addr] = promise{got, got.Expires}
}

// hear finds an address that is not of the lab, or that was told without being kept.
func (l *lab) hear(t *testing.T, d dhcp.Decision, reply *dhcpv4.DHCPv4) {
	t.Helper()
	addr, _ := netip.AddrFromSlice(reply.YourIPAddr.To4())
	if addr.IsUnspecified() || reply.Options[pxe.OptVendorSpecific] != nil && !d.Lease && reply.MessageType() == dhcpv4.MessageTypeAck {
		return // no address, or that of a client that asks for a boot item
	}
	ours := []netip.Addr{netip.MustParseAddr("192.168.9.60")}
	for _, last := range []byte{50, 51, 52, 53} {
		ours = append(ours, netip.AddrFrom4([4]byte{192, 168, 9, last}))
	}
	if !slices.Contains(ours, addr) {
		t.Errorf("%s is given, which is not ours to give (%s)", addr, d.Rule)
	}
	kept, ok := l.told[addr]
	if d.Lease && (!ok || kept.to.MAC.String() != reply.ClientHWAddr.String()) {
		t.Errorf("%s is told to %s, and kept for %s", addr, reply.ClientHWAddr, fmt.Sprint(kept.to.MAC))
	}
}

// Whatever comes, replies are packets that their clients take, no address is given that is not the lab's, and
// none is two clients'.
func FuzzDecide(f *testing.F) {
	for _, s := range []said{{kind: 1, mac: 1}, {kind: 3, mac: 1, ciaddr: "192.168.9.50"}, {kind: 4, mac: 2}, {kind: 7, mac: 1, ciaddr: "192.168.9.50"}, {kind: 8, mac: 3, ciaddr: "192.168.9.50"}} {
		f.Add(s.request().Packet.ToBytes(), s.request().Packet.ToBytes(), uint16(67))
	}
	for last := range byte(4) { // who takes what another has
		taken := said{kind: 3, mac: 9, more: map[uint8][]byte{50: {192, 168, 9, 50 + last}, 54: four("192.168.9.2")}}
		f.Add(taken.request().Packet.ToBytes(), []byte(nil), uint16(67))
	}
	for _, name := range []string{"captures/A-control.pcap", "captures/B-control.pcap", "captures/C-control.pcap", "captures/F3-control.pcap", "questions.pcap"} {
		var before []byte
		for _, p := range capture.ReadDHCP(f, "../../testdata/"+name) {
			f.Add(p.Payload, before, p.Dst.Port())
			before = p.Payload
		}
	}
	cfg, err := dnsmasq.Parse("x", []byte(few))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, first, second []byte, port uint16) {
		l := newLab(cfg)
		for n := range byte(3) { // others are there already
			l.ask(t, said{kind: 1, mac: 0x20 + n}.request().Packet, pxe.PortDHCPServer)
		}
		for _, b := range [][]byte{first, second, first} {
			if p, err := dhcp.Parse(b); err == nil {
				l.ask(t, p, port)
			}
		}
	})
}
