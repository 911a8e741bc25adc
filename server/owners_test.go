package server_test

import (
	"fmt"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/machine"
	"github.com/bootrig/bootrig/wire/pxe"
)

// says is a client's message to our server about an address: the one it has, or asks for.
func says(kind dhcpv4.MessageType, has, wants string) []byte {
	p := &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootRequest, HWType: 1, ClientHWAddr: []byte{0x52, 0x54, 0, 0x12, 0x34, 0x56},
		ClientIPAddr: net.ParseIP(has).To4(), Options: dhcpv4.Options{
			pxe.OptMessageType: {byte(kind)},
			pxe.OptVendorClass: []byte("PXEClient:Arch:00000:UNDI:002001"),
			pxe.OptClientArch:  {0, 0},
			pxe.OptServerID:    {192, 168, 9, 2},
		},
	}
	if wants != "" {
		p.Options[pxe.OptRequestedAddress] = net.ParseIP(wants).To4()
	}
	return p.ToBytes()
}

// leased is another server's ACK, on its way back through our relay.
func leased(addr string) []byte {
	p := &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootReply, HWType: 1, ClientHWAddr: []byte{0x52, 0x54, 0, 0x12, 0x34, 0x56},
		YourIPAddr: net.ParseIP(addr).To4(), GatewayIPAddr: net.IP{192, 168, 9, 2},
		Options: dhcpv4.Options{pxe.OptMessageType: {byte(dhcpv4.MessageTypeAck)}},
	}
	return p.ToBytes()
}

// Every fact of a file names the machine that fetches it as the facts of DHCP do, by its MAC.
func TestFactsOfFilesNameTheMachine(t *testing.T) {
	const (
		mac   = "52:54:00:12:34:56"
		addr  = "192.168.9.50"
		proxy = "dhcp-range=192.168.9.0,proxy\ndhcp-boot=a.0\n"
		lease = "no-ping\ndhcp-range=192.168.9.50,192.168.9.50\n"
	)
	type packet struct {
		src, dst string
		payload  []byte
	}
	table := func(name string, client netip.Addr) (net.HardwareAddr, bool) {
		return net.HardwareAddr{2, 0, 0, 0, 0, 9}, name == "" && client.String() == addr
	}
	taken := []packet{{"0.0.0.0:68", "255.255.255.255:67", discover(0)}, {"0.0.0.0:68", "255.255.255.255:67", says(dhcpv4.MessageTypeRequest, "0.0.0.0", addr)}}
	broadcast := func(payload []byte) packet { return packet{"0.0.0.0:68", "255.255.255.255:67", payload} }
	for _, c := range []struct {
		says     string
		conf     string
		heard    []packet
		neighbor server.Neighbor
		want     string
	}{
		{"we gave the address", lease, taken, nil, mac},
		{"we only offered the address", lease, taken[:1], nil, addr},
		{"it asked port 4011 from its address", proxy, []packet{{addr + ":68", "192.168.9.2:4011", says(dhcpv4.MessageTypeRequest, addr, "")}}, nil, mac},
		{"it renews the lease of another server", proxy, []packet{broadcast(says(dhcpv4.MessageTypeRequest, addr, ""))}, nil, mac},
		{"it asks another server for an address, which may be refused", proxy, []packet{broadcast(says(dhcpv4.MessageTypeRequest, "0.0.0.0", addr))}, nil, addr},
		{"the ARP table knows it", proxy, nil, table, "02:00:00:00:00:09"},
		{"DHCP wins over the ARP table", proxy, []packet{{addr + ":68", "192.168.9.2:4011", says(dhcpv4.MessageTypeRequest, addr, "")}}, table, mac},
		{"it gave the address back", lease, append(taken[:2:2], packet{addr + ":68", "192.168.9.2:67", says(dhcpv4.MessageTypeRelease, addr, "")}), nil, addr},
		{"we relayed its lease", "dhcp-relay=192.168.9.2,10.0.0.1\n", []packet{{"10.0.0.1:67", "192.168.9.2:67", leased(addr)}}, nil, mac},
		{"nobody knows it", proxy, nil, nil, addr},
	} {
		t.Run(c.says, func(t *testing.T) {
			got := map[string]bool{}
			s, err := server.New(server.Config{
				Links: eth0(), Settings: parse(t, c.conf+"enable-tftp\ntftp-root="+t.TempDir()+"\n"), Neighbor: c.neighbor,
				Events: event.Func(func(e event.Event) {
					if e.Path == "nosuch" || e.Text == "tftp: an ERROR to port 69 belongs to no transfer" {
						got[e.Client] = true
					}
				}),
			})
			if err != nil {
				t.Fatal(err)
			}
			m := s.Machine()
			for _, p := range c.heard {
				ask(m, p.src, p.dst, p.payload)
			}
			ask(m, addr+":2000", "192.168.9.2:69", []byte("\x00\x01nosuch\x00octet\x00"))
			ask(m, addr+":2000", "192.168.9.2:69", []byte("\x00\x05\x00\x00no\x00"))
			if diff := cmp.Diff(map[string]bool{c.want: true}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The ARP table is read once for a transfer, however many facts it has.
func TestWhoAClientIsIsAskedOnceForATransfer(t *testing.T) {
	asked, facts := 0, 0
	s, err := server.New(server.Config{
		Links: eth0(), Events: event.Func(func(event.Event) { facts++ }),
		Neighbor: func(string, netip.Addr) (net.HardwareAddr, bool) { asked++; return nil, false },
	})
	if err != nil {
		t.Fatal(err)
	}
	m := s.Machine()
	data := ask(m, "192.168.9.50:2000", "192.168.9.2:69", []byte("\x00\x01bootrig.0\x00octet\x00"))
	for n := byte(1); n < 4 && len(data) > 0; n++ {
		data = ask(m, "192.168.9.50:2000", data[0].Src.String(), []byte{0, 4, 0, n})
	}
	if asked != 1 || facts < 3 {
		t.Errorf("%d facts, and %d questions whose they are", facts, asked)
	}
}

// A machine that boots asks for a dozen names: the ARP table, which has all machines, is not read for each. An address may be
// another machine's later, and one that is not known yet is looked for each time.
func TestTheARPTableIsNotReadForEachName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked, known, mac := 0, false, byte(1)
		got := map[string]bool{}
		s, err := server.New(server.Config{
			Links: eth0(), Events: event.Func(func(e event.Event) { got[e.Client] = e.Kind == event.Miss || got[e.Client] }),
			Neighbor: func(string, netip.Addr) (net.HardwareAddr, bool) {
				asked++
				return net.HardwareAddr{2, 0, 0, 0, 0, mac}, known
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		m := s.Machine()
		names := func(n int) (client string) {
			clear(got)
			asked = 0
			for port := range n {
				ask(m, fmt.Sprintf("192.168.9.50:%d", 2000+port), "192.168.9.2:69", []byte("\x00\x01nosuch\x00octet\x00"))
			}
			for client = range got {
			}
			return client
		}
		if client := names(12); client != "192.168.9.50" || asked != 12 {
			t.Errorf("%q, and the table was read %d times for a machine that it does not have", client, asked)
		}
		known = true
		if client := names(12); client != "02:00:00:00:00:01" || asked != 1 {
			t.Errorf("%q, and the table was read %d times for 12 names", client, asked)
		}
		time.Sleep(3 * time.Second)
		mac = 2
		if client := names(12); client != "02:00:00:00:00:02" || asked != 1 {
			t.Errorf("%q, and the table was read %d times when another machine has the address", client, asked)
		}
	})
}

// What is remembered of clients has an end.
func TestOwnersAreForgottenBeforeThereAreTooMany(t *testing.T) {
	s, err := server.New(server.Config{Links: eth0(), Events: event.Discard})
	if err != nil {
		t.Fatal(err)
	}
	m := s.Machine()
	for i := range 20_000 {
		addr := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		m.Receive(time.Unix(0, 0), machine.Datagram{
			Src: netip.AddrPortFrom(addr, 68), Dst: netip.MustParseAddrPort("192.168.9.2:67"), Payload: says(dhcpv4.MessageTypeRequest, addr.String(), ""),
		})
		for _, ok := m.Next(); ok; _, ok = m.Next() {
		}
	}
	if n := server.Owners(s); n == 0 || n > 1<<14 {
		t.Error(fmt.Sprint(n, " clients are remembered"))
	}
}
