package relay

import (
	"bytes"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/sim"
	"github.com/bootrig/bootrig/wire/machine"
)

var (
	epoch     = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	clientMAC = net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}
	lab       = Config{
		Clients: Side{net.HardwareAddr{0x52, 0x54, 0, 0, 0, 0xfd}, netip.MustParsePrefix("192.168.10.254/24")},
		Servers: Side{net.HardwareAddr{0x52, 0x54, 0, 0, 0, 0xfe}, netip.MustParsePrefix("192.168.9.254/24")},
		To:      []netip.Addr{netip.MustParseAddr("192.168.9.1"), netip.MustParseAddr("192.168.9.2")},
		Circuit: "clients",
	}
)

// packet is a DHCP packet as an independent decoder makes it.
func packet(t testing.TB, edit func(p *dhcpv4.DHCPv4)) []byte {
	t.Helper()
	p, err := dhcpv4.New(dhcpv4.WithHwAddr(clientMAC), dhcpv4.WithMessageType(dhcpv4.MessageTypeDiscover), dhcpv4.WithTransactionID(dhcpv4.TransactionID{1, 2, 3, 4}))
	if err != nil {
		t.Fatal(err)
	}
	edit(p)
	return p.ToBytes()
}

func agentInfo(text string) dhcpv4.Option {
	return dhcpv4.OptRelayAgentInfo(dhcpv4.OptGeneric(dhcpv4.GenericOptionCode(1), []byte(text)))
}

// passed is what comes out of the agent: where, to whom, and as a decoder reads it.
type passed struct {
	Link     int
	Src, Dst string
	Giaddr   string
	Hops     uint8
	Circuit  string
}

func through(t *testing.T, cfg Config, in machine.Datagram) (all []passed, raw [][]byte) {
	t.Helper()
	a := &agent{cfg: cfg}
	a.cards = link.NewHost(a, link.StackConfig{MAC: cfg.Clients.MAC, Addr: cfg.Clients.Addr})
	before := bytes.Clone(in.Payload)
	a.Receive(epoch, in)
	if !bytes.Equal(before, in.Payload) {
		t.Error("the packet was changed in place: it is not the relay's")
	}
	for d, ok := a.Next(); ok; d, ok = a.Next() {
		p, err := dhcpv4.FromBytes(d.Payload)
		if err != nil {
			t.Fatal(err)
		}
		got := passed{Link: d.Link, Src: d.Src.String(), Dst: d.Dst.String(), Giaddr: p.GatewayIPAddr.String(), Hops: p.HopCount}
		if info := p.RelayAgentInfo(); info != nil {
			got.Circuit = string(info.Get(dhcpv4.GenericOptionCode(1)))
		}
		all, raw = append(all, got), append(raw, d.Payload)
	}
	return all, raw
}

func TestWhatARelayPassesOn(t *testing.T) {
	request := func(p *dhcpv4.DHCPv4) {}
	own, broadcast := net.IP{192, 168, 10, 254}, netip.MustParseAddrPort("255.255.255.255:67")
	to := func(dst, giaddr string, hops uint8, circuit string) passed {
		return passed{servers, "192.168.9.254:67", dst, giaddr, hops, circuit}
	}
	reply := func(edit func(p *dhcpv4.DHCPv4)) func(p *dhcpv4.DHCPv4) {
		return func(p *dhcpv4.DHCPv4) {
			p.OpCode, p.GatewayIPAddr = dhcpv4.OpcodeBootReply, own
			p.UpdateOption(dhcpv4.OptMessageType(dhcpv4.MessageTypeOffer))
			p.UpdateOption(agentInfo("clients"))
			edit(p)
		}
	}
	toClient := func(dst string) []passed {
		return []passed{{clients, "192.168.10.254:67", dst, "192.168.10.254", 0, ""}}
	}
	for name, c := range map[string]struct {
		from int
		dst  netip.AddrPort
		edit func(p *dhcpv4.DHCPv4)
		want []passed
	}{
		"a client's request goes to every server, signed": {clients, broadcast, request, []passed{
			to("192.168.9.1:67", "192.168.10.254", 1, "clients"), to("192.168.9.2:67", "192.168.10.254", 1, "clients")}},
		"another relay's signature stays": {clients, broadcast,
			func(p *dhcpv4.DHCPv4) {
				p.GatewayIPAddr, p.HopCount = net.IP{10, 0, 0, 1}, 1
				p.UpdateOption(agentInfo("far"))
			},
			[]passed{to("192.168.9.1:67", "10.0.0.1", 2, "far"), to("192.168.9.2:67", "10.0.0.1", 2, "far")}},
		"a request that went in a circle is dropped":       {clients, broadcast, func(p *dhcpv4.DHCPv4) { p.HopCount = 16 }, nil},
		"option 82 from a client is not believed":          {clients, broadcast, func(p *dhcpv4.DHCPv4) { p.UpdateOption(agentInfo("liar")) }, nil},
		"what servers ask is not relayed":                  {servers, broadcast, request, nil},
		"a packet for another port is none of the agent's": {clients, netip.MustParseAddrPort("255.255.255.255:69"), request, nil},
		"a reply goes to the client's new address": {servers, broadcast,
			reply(func(p *dhcpv4.DHCPv4) { p.YourIPAddr = net.IP{192, 168, 10, 100} }), toClient("192.168.10.100:68")},
		"or to all where the client asks for that": {servers, broadcast,
			reply(func(p *dhcpv4.DHCPv4) { p.YourIPAddr = net.IP{192, 168, 10, 100}; p.SetBroadcast() }), toClient("255.255.255.255:68")},
		"or to all where it gets no address":          {servers, broadcast, reply(request), toClient("255.255.255.255:68")},
		"a reply by way of another relay is not ours": {servers, broadcast, reply(func(p *dhcpv4.DHCPv4) { p.GatewayIPAddr = net.IP{10, 0, 0, 1} }), nil},
		"a reply from the clients' side is nobody's":  {clients, broadcast, reply(request), nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := through(t, lab, machine.Datagram{Link: c.from, Dst: c.dst, Payload: packet(t, c.edit)})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("passed on (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOption82IsTheLastAndLeavesNoTrace(t *testing.T) {
	asked := packet(t, func(p *dhcpv4.DHCPv4) { p.UpdateOption(dhcpv4.OptClassIdentifier("PXEClient")) })
	_, raw := through(t, lab, machine.Datagram{Link: clients, Dst: netip.MustParseAddrPort("255.255.255.255:67"), Payload: asked})
	tail := append([]byte{82, 9, 1, 7}, "clients\xff"...)
	if !bytes.HasSuffix(bytes.TrimRight(raw[0], "\x00"), tail) {
		t.Errorf("the request ends with % x", raw[0][len(raw[0])-20:])
	}
	answered := bytes.Clone(raw[0])
	answered[opField] = bootReply
	_, raw = through(t, lab, machine.Datagram{Link: servers, Dst: netip.MustParseAddrPort("192.168.10.254:67"), Payload: answered})
	want := bytes.Clone(asked)
	want[opField], want[hopsField] = bootReply, 1
	putAddr(want, giaddrField, lab.Clients.Addr.Addr())
	if diff := cmp.Diff(bytes.TrimRight(want, "\x00"), bytes.TrimRight(raw[0], "\x00")); diff != "" {
		t.Errorf("the reply without its option 82 (-want +got):\n%s", diff)
	}
	if len(raw[0]) < minPacket {
		t.Errorf("%d bytes, RFC 1542 wants 300", len(raw[0]))
	}
}

func TestOption82IsLeftOutWhereTheReplyWouldGrowTooLong(t *testing.T) {
	long := func(room uint16) []byte {
		return packet(t, func(p *dhcpv4.DHCPv4) {
			p.UpdateOption(dhcpv4.OptMaxMessageSize(room))
			p.UpdateOption(dhcpv4.OptGeneric(dhcpv4.GenericOptionCode(224), make([]byte, 250)))
			p.UpdateOption(dhcpv4.OptGeneric(dhcpv4.GenericOptionCode(225), make([]byte, 40)))
		})
	}
	for name, c := range map[string]struct {
		room uint16
		want string
	}{
		"a client with little room": {576, ""},
		"a client with more":        {1500, "clients"},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := through(t, lab, machine.Datagram{Link: clients, Dst: netip.MustParseAddrPort("255.255.255.255:67"), Payload: long(c.room)})
			if len(got) != 2 || got[0].Circuit != c.want {
				t.Errorf("passed on %+v", got)
			}
		})
	}
}

// A peer sends one datagram at a time and keeps what it hears.
type peer struct{ out, got []machine.Datagram }

func (p *peer) Receive(_ time.Time, in machine.Input) {
	if d, ok := in.(machine.Datagram); ok {
		d.Payload = bytes.Clone(d.Payload)
		p.got = append(p.got, d)
	}
}
func (p *peer) Expire(time.Time)            {}
func (p *peer) Deadline() (time.Time, bool) { return time.Time{}, false }
func (p *peer) Next() (machine.Datagram, bool) {
	if len(p.out) == 0 {
		return machine.Datagram{}, false
	}
	d := p.out[0]
	p.out = p.out[1:]
	return d, true
}

func TestTheRouterCarriesTheRestOfTheBoot(t *testing.T) {
	lan := link.NewLAN(1)
	near := netip.MustParsePrefix("192.168.10.100/24")
	far := netip.MustParsePrefix("192.168.9.2/24")
	var client, server peer
	ports := lan.PlugHost("relay", New(lab)...)
	lan.SetVLAN(ports[1], 1)
	lan.Plug("client", link.NewStack(link.StackConfig{MAC: clientMAC, Addr: near,
		NextHop: link.Via(near, link.Route{To: netip.MustParsePrefix("0.0.0.0/0"), Via: lab.Clients.Addr.Addr()})}, &client))
	behind := link.NewStack(link.StackConfig{MAC: net.HardwareAddr{0x52, 0x54, 0, 0, 0, 2}, Addr: far,
		NextHop: link.Via(far, link.Route{To: near.Masked(), Via: lab.Servers.Addr.Addr()})}, &server)
	at := lan.Plug("server", behind)
	lan.SetVLAN(at, 1)
	tftp := netip.MustParseAddrPort("192.168.9.2:69")
	client.out = []machine.Datagram{{Src: netip.MustParseAddrPort("192.168.10.100:2070"), Dst: tftp, Payload: []byte("a file")}}
	world := sim.New(lan, epoch)
	world.Run(epoch.Add(time.Minute), nil)
	if len(server.got) != 1 || server.got[0].Src != netip.MustParseAddrPort("192.168.10.100:2070") {
		t.Fatalf("the server got %+v", server.got)
	}
	server.out = []machine.Datagram{{Src: tftp, Dst: server.got[0].Src, Payload: []byte("its blocks")}}
	lan.Poke(world.Now(), at)
	world.Run(epoch.Add(2*time.Minute), nil)
	if len(client.got) != 1 || string(client.got[0].Payload) != "its blocks" {
		t.Errorf("the client got %+v", client.got)
	}
	answer := packet(t, func(p *dhcpv4.DHCPv4) {
		p.OpCode, p.GatewayIPAddr = dhcpv4.OpcodeBootReply, lab.Clients.Addr.Addr().AsSlice()
		p.YourIPAddr = near.Addr().AsSlice()
	})
	server.out = []machine.Datagram{{Src: netip.MustParseAddrPort("192.168.9.2:67"), Dst: netip.MustParseAddrPort("192.168.10.254:67"), Payload: answer}}
	lan.Poke(world.Now(), at)
	world.Run(epoch.Add(3*time.Minute), nil)
	if len(client.got) != 2 || client.got[1].Dst != netip.MustParseAddrPort("192.168.10.100:68") {
		t.Errorf("the client got %+v", client.got[1:])
	}
}

func FuzzRelay(f *testing.F) {
	f.Add(packet(f, func(*dhcpv4.DHCPv4) {}), 0)
	f.Add(packet(f, func(p *dhcpv4.DHCPv4) {
		p.OpCode, p.GatewayIPAddr = dhcpv4.OpcodeBootReply, net.IP{192, 168, 10, 254}
		p.UpdateOption(agentInfo("clients"))
	}), 1)
	f.Fuzz(func(t *testing.T, payload []byte, from int) {
		a := &agent{cfg: lab}
		a.cards = link.NewHost(a, link.StackConfig{MAC: lab.Clients.MAC, Addr: lab.Clients.Addr})
		a.Receive(epoch, machine.Datagram{Link: from, Dst: netip.MustParseAddrPort("255.255.255.255:67"), Payload: payload})
		for d, ok := a.Next(); ok; d, ok = a.Next() {
			if d.Link == clients && has(d.Payload, agentOption) {
				t.Error("option 82 came through to a client")
			}
			if d.Link == servers && addrAt(d.Payload, giaddrField).IsUnspecified() {
				t.Error("a request without giaddr came through to a server")
			}
		}
	})
}
