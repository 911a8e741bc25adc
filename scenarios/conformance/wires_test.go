package conformance

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vishvananda/netlink"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/peer"
	bootrig "github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
)

// Wires are those of a host that stands on two: eth0 is the clients', eth1 leads elsewhere.
const (
	clientsWire uint16 = 1
	otherWire   uint16 = 2
)

var (
	gateway  = netip.MustParsePrefix("192.168.20.1/24") // of the host under test, on the clients' wire
	second   = netip.MustParsePrefix("192.168.21.1/24") // the same
	elsehost = netip.MustParsePrefix("192.168.9.1/24")  // on the other wire
	otherMAC = net.HardwareAddr{0x52, 0x54, 0, 0, 0, 1}
	lastMAC  = net.HardwareAddr{0x52, 0x54, 0, 0xff, 0xff, 0xff} // of sentinels
)

// A bench is a host under test, who stands on the wires beside it, and all DHCP that leaves a host.
type bench struct {
	lab   *tap.Lab
	sent  chan leaving
	ports map[link.Port]string
	in    map[uint16]link.Port // where clients are
	at    uint16               // the server's port
}

// A leaving is a packet that leaves a host.
type leaving struct {
	who  string // "tested eth0 to 52:54:00:00:00:09"
	last bool   // it is the answer to a sentinel, or to ARP, and no more is known of it
	reply
}

// A wiring says who is there.
type wiring struct {
	conf  string // of the host under test
	other string // of the dnsmasq on the other wire; "": nobody
	bare  bool   // eth1 has no address
	only  string // the one interface that is served; "": both
	cards bool   // what leaves by one card may come before what left by another
}

// wire makes the bench, with the host under test being dnsmasq or ours.
func wire(t *testing.T, d peer.Program, w wiring, ours bool) *bench {
	t.Helper()
	lan := link.NewLAN(1)
	b := &bench{sent: make(chan leaving, 256), ports: map[link.Port]string{}, in: map[uint16]link.Port{}, at: 67}
	for _, vlan := range []uint16{clientsWire, otherWire} {
		b.in[vlan] = lan.External(fmt.Sprint("clients", vlan), func([]byte) {})
		lan.SetVLAN(b.in[vlan], vlan)
	}
	lan.WatchAll(func(_ time.Time, from link.Port, frame []byte) { b.watch(from, frame) })
	b.lab = tap.Drive(lan)
	ctx, cancel := context.WithCancel(context.Background()) // the servers end first, in their own cleanup
	ended := make(chan error, 1)
	go func() { ended <- b.lab.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	if strings.Contains(w.conf, "dhcp-alternate-port") {
		b.at = 1067
	}
	if w.other != "" {
		b.host(t, d, tap.HostSpec{Name: "other", NICs: []tap.NIC{{MAC: otherMAC, Prefix: elsehost, VLAN: otherWire}},
			Routes: []link.Route{{To: netip.MustParsePrefix("192.168.20.0/23"), Via: server.Addr()}}}, w.other)
	}
	spec := tap.HostSpec{Name: "tested", NICs: []tap.NIC{{MAC: serverMAC, Prefix: gateway, VLAN: clientsWire}, {MAC: routerMAC, VLAN: otherWire}}}
	if !w.bare {
		spec.NICs[1].Prefix = server
	}
	if !ours {
		host := b.host(t, d, spec, w.conf)
		in(t, host, b.neighbours)
		return b
	}
	host := b.host(t, d, spec, "")
	in(t, host, b.neighbours)
	b.serve(t, host, w)
	return b
}

var routerMAC = net.HardwareAddr{0x52, 0x54, 0, 0, 0, 3}

// host starts a host with dnsmasq, or without a configuration with nothing.
func (b *bench) host(t *testing.T, d peer.Program, spec tap.HostSpec, conf string) *tap.Host {
	t.Helper()
	if conf != "" {
		file := filepath.Join(t.TempDir(), "dnsmasq.conf")
		if err := os.WriteFile(file, []byte("port=0\nno-ping\n"+conf), 0o644); err != nil {
			t.Fatal(err)
		}
		spec.Argv, spec.Binds = run(d, leaseFile), shown(d, file)
	}
	host, err := b.lab.Host(spec)
	if err != nil {
		t.Fatal(err)
	}
	b.lab.Do(func(time.Time, *link.LAN) {
		for i, p := range host.Ports() {
			b.ports[p] = fmt.Sprint(spec.Name, " eth", i)
		}
	})
	if conf == "" {
		return host
	}
	soon, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	if _, err := host.Expect(soon, regexp.MustCompile(`^dnsmasq-dhcp: DHCP`)); err != nil {
		t.Fatal(err)
	}
	return host
}

func in(t *testing.T, host *tap.Host, f func() error) {
	t.Helper()
	if err := host.In(f); err != nil {
		t.Fatal(err)
	}
}

// neighbours gives eth0 its second address, and makes every client known: nobody answers ARP for them.
func (b *bench) neighbours() error {
	eth0, err := netlink.LinkByName("eth0")
	if err != nil {
		return err
	}
	addr := netlink.Addr{IPNet: &net.IPNet{IP: second.Addr().AsSlice(), Mask: net.CIDRMask(second.Bits(), 32)}}
	if err := netlink.AddrAdd(eth0, &addr); err != nil {
		return err
	}
	eth1, err := netlink.LinkByName("eth1")
	if err != nil {
		return err
	}
	mac := kinds()[0].mac
	for _, card := range []netlink.Link{eth0, eth1} {
		for client := gateway.Addr().Next(); gateway.Contains(client); client = client.Next() {
			err := netlink.NeighAdd(&netlink.Neigh{LinkIndex: card.Attrs().Index, State: netlink.NUD_PERMANENT, IP: client.AsSlice(), HardwareAddr: mac[:]})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// serve runs our server in the host, with its real sockets.
func (b *bench) serve(t *testing.T, host *tap.Host, w wiring) {
	t.Helper()
	cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte("port=0\nno-ping\n"+w.conf))
	if err != nil {
		t.Fatal(err)
	}
	c := bootrig.Config{Settings: *cfg}
	in(t, host, func() error { c.Links, c.Others, err = cards(w.only); return err })
	s, err := bootrig.New(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- host.In(func() error { return s.Run(ctx) }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case <-s.Ready():
	case err := <-ended:
		ended <- nil
		t.Fatal("our server ended: ", err)
	}
}

// cards are the links of a namespace: those of the interfaces to serve that have an address, and the others.
func cards(only string) (links, others []dhcp.Link, err error) {
	for _, name := range []string{"eth0", "eth1"} {
		card, err := netlink.LinkByName(name)
		if err != nil {
			return nil, nil, err
		}
		addrs, err := netlink.AddrList(card, netlink.FAMILY_V4)
		if err != nil {
			return nil, nil, err
		}
		l := dhcp.Link{Name: name, Index: card.Attrs().Index}
		if len(addrs) == 0 {
			others = append(others, l)
		}
		for _, a := range addrs {
			l.Prefix = netip.MustParsePrefix(a.IPNet.String())
			if only == "" || only == name {
				links = append(links, l)
			} else {
				others = append(others, l)
			}
		}
	}
	return links, others, nil
}
