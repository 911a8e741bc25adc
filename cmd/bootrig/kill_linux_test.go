package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/internal/must"
)

// A victim is the program itself, which serves a lab in a net namespace and is killed there.
type victim struct {
	under   []string // a command that runs it; none: itself
	program string   // "": bootrig, which testscript.Main puts there
	args    []string
	files   []*os.File // its sockets, if somebody has opened them for it (sd_listen_fds(3))
	process *exec.Cmd
	said    bytes.Buffer
}

func (v *victim) start(t *testing.T) {
	t.Helper()
	v.said.Reset()
	line := slices.Concat(v.under, []string{cmp.Or(v.program, "bootrig")}, v.args)
	if len(v.files) > 0 {
		line = append([]string{"sh", "-c", fmt.Sprintf(`LISTEN_PID=$$ LISTEN_FDS=%d exec "$@"`, len(v.files)), "sh"}, line...)
	}
	v.process = exec.Command(line[0], line[1:]...)
	v.process.ExtraFiles = v.files
	v.process.Stdout, v.process.Stderr = &v.said, &v.said
	if err := v.process.Start(); err != nil {
		t.Fatal(err)
	}
}

// end waits until it is dead: what it sent by then is in our socket.
func (v *victim) end() { _ = v.process.Wait() } // it was killed

// tenants are the clients of the lab behind one socket, told apart by their MACs.
type tenants struct {
	conn net.PacketConn
	told map[netip.Addr]string // whose an address is, by all the ACKs that were seen
	xid  uint32
}

// TestEveryToldLeaseOutlivesTheKilledServer kills the program behind a seeded number of ACKs, in the middle of leases, and
// starts it again with the same state.
func TestEveryToldLeaseOutlivesTheKilledServer(t *testing.T) {
	const kills, together = 10, 8
	c := lab(t)
	conf := filepath.Join(public(t), "dnsmasq.conf")
	if err := os.WriteFile(conf, []byte("port=0\nno-ping\ndhcp-range=192.168.9.10,192.168.9.200\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	server := &victim{args: []string{"serve", "-C", conf, "-i", "eth0", "--state", filepath.Join(public(t), "state.db")}}
	random := rand.New(rand.NewPCG(1, 2))
	unanswered := 0
	for round := range kills {
		server.start(t)
		c.stillKnown(t, server)
		var wants [][]byte
		for n := range together {
			mac := net.HardwareAddr{2, 0, 0, 0, byte(round), byte(n)}
			offer := c.exchange(t, server, packet(mac, dhcpv4.MessageTypeDiscover))
			if whose := c.told[addrOf(offer)]; whose != "" {
				t.Fatalf("%s is offered to %s, and was told to %s", offer.YourIPAddr, mac, whose)
			}
			wants = append(wants, taking(mac, offer.YourIPAddr).ToBytes())
		}
		for _, want := range wants {
			c.send(t, want)
		}
		told := c.acks(t, server, random.IntN(together)) // the others are on their way
		_ = server.process.Process.Kill()
		server.end()
		unanswered += together - told - c.drain(t)
	}
	server.start(t)
	c.stillKnown(t, server)
	_ = server.process.Process.Kill()
	server.end()
	t.Logf("%d leases were told by a server that was killed %d times, %d more were asked for: none is lost, no address is two clients'", len(c.told), kills, unanswered)
	if len(c.told) == 0 || unanswered == 0 {
		t.Error("no kill came in the middle of the leases")
	}
}

// lab is a namespace for the server, where the test stays, and tenants in another one.
func lab(t *testing.T) *tenants {
	t.Helper()
	if os.Geteuid() != 0 {
		must.Skip(t, must.Root, "net namespaces want root")
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	up := func(cidr string) {
		eth0, err := netlink.LinkByName("eth0")
		must(err)
		addr, err := netlink.ParseAddr(cidr)
		must(err)
		must(netlink.AddrAdd(eth0, addr))
		must(netlink.LinkSetUp(eth0))
	}
	runtime.LockOSThread()
	home, err := netns.Get()
	must(err)
	clients, err := netns.New()
	must(err)
	server, err := netns.New()
	must(err)
	t.Cleanup(func() {
		must(netns.Set(home))
		runtime.UnlockOSThread()
		for _, ns := range []netns.NsHandle{home, clients, server} {
			ns.Close()
		}
	})
	must(netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "eth0"}, PeerName: "eth0", PeerNamespace: netlink.NsFd(clients)}))
	up("192.168.9.2/24")
	must(netns.Set(clients))
	up("192.168.9.250/24")
	config := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		return raw.Control(func(fd uintptr) { _ = unix.BindToDevice(int(fd), "eth0") })
	}}
	conn, err := config.ListenPacket(context.Background(), "udp4", "0.0.0.0:68")
	must(err)
	t.Cleanup(func() { conn.Close() })
	must(netns.Set(server))
	return &tenants{conn: conn, told: map[netip.Addr]string{}}
}

func packet(mac net.HardwareAddr, kind dhcpv4.MessageType) *dhcpv4.DHCPv4 {
	const broadcast = 0x8000
	return &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootRequest, HWType: 1, ClientHWAddr: mac, Flags: broadcast,
		Options: dhcpv4.Options{53: {byte(kind)}},
	}
}

// taking is a REQUEST of what was offered, asking for what one has is one after a reboot.
func taking(mac net.HardwareAddr, addr net.IP) *dhcpv4.DHCPv4 {
	p := asking(mac, addr)
	p.Options[54] = []byte{192, 168, 9, 2}
	return p
}

func asking(mac net.HardwareAddr, addr net.IP) *dhcpv4.DHCPv4 {
	p := packet(mac, dhcpv4.MessageTypeRequest)
	p.Options[50] = addr.To4()
	return p
}

func addrOf(p *dhcpv4.DHCPv4) netip.Addr {
	addr, _ := netip.AddrFromSlice(p.YourIPAddr.To4())
	return addr
}

func (c *tenants) send(t *testing.T, packet []byte) {
	t.Helper()
	if _, err := c.conn.WriteTo(packet, &net.UDPAddr{IP: net.IPv4bcast, Port: 67}); err != nil {
		t.Fatal(err)
	}
}

// next is the next reply, if one comes in time. What it tells is remembered.
func (c *tenants) next(t *testing.T, patience time.Duration) (*dhcpv4.DHCPv4, bool) {
	t.Helper()
	_ = c.conn.SetReadDeadline(time.Now().Add(patience))
	buf := make([]byte, 1500)
	n, _, err := c.conn.ReadFrom(buf)
	if err != nil {
		return nil, false
	}
	p, err := dhcpv4.FromBytes(buf[:n])
	if err != nil {
		t.Fatal(err)
	}
	if p.MessageType() == dhcpv4.MessageTypeAck {
		addr, mac := addrOf(p), p.ClientHWAddr.String()
		if other := c.told[addr]; other != "" && other != mac {
			t.Fatalf("%s was told to %s, and now to %s", addr, other, mac)
		}
		c.told[addr] = mac
	}
	return p, true
}

// exchange asks until there is an answer: a server that has just begun does not listen yet.
func (c *tenants) exchange(t *testing.T, server *victim, packet *dhcpv4.DHCPv4) *dhcpv4.DHCPv4 {
	t.Helper()
	c.xid++
	binary.BigEndian.PutUint32(packet.TransactionID[:], c.xid)
	for late := time.Now().Add(10 * time.Second); time.Now().Before(late); {
		c.send(t, packet.ToBytes())
		for p, ok := c.next(t, 200*time.Millisecond); ok; p, ok = c.next(t, 200*time.Millisecond) {
			if p.TransactionID == packet.TransactionID {
				return p
			}
		}
	}
	t.Fatalf("%s is not answered %s; the server says %s", packet.ClientHWAddr, packet.MessageType(), server.said.Bytes())
	return nil
}

// acks waits until so many leases are told, however slow the machine is.
func (c *tenants) acks(t *testing.T, server *victim, n int) (told int) {
	t.Helper()
	for told < n {
		p, ok := c.next(t, 10*time.Second)
		if !ok {
			t.Fatalf("%d leases of %d are told; the server says %s", told, n, server.said.Bytes())
		}
		if p.MessageType() == dhcpv4.MessageTypeAck {
			told++
		}
	}
	return told
}

// drain takes what is in the socket, and says how many leases are told there.
func (c *tenants) drain(t *testing.T) (told int) {
	t.Helper()
	for p, ok := c.next(t, time.Millisecond); ok; p, ok = c.next(t, time.Millisecond) {
		if p.MessageType() == dhcpv4.MessageTypeAck {
			told++
		}
	}
	return told
}

// stillKnown asks for all leases as clients do after a reboot: of one that it does not know the server would
// say nothing. Nobody else gets one of the addresses.
func (c *tenants) stillKnown(t *testing.T, server *victim) {
	t.Helper()
	stranger := net.HardwareAddr{2, 0, 0, 1, 0, 0}
	for addr, whose := range c.told {
		mac, _ := net.ParseMAC(whose)
		if got := c.exchange(t, server, asking(mac, addr.AsSlice())); got.MessageType() != dhcpv4.MessageTypeAck || addrOf(got) != addr {
			t.Fatalf("%s was told %s, and is answered %s of %s", whose, addr, got.MessageType(), got.YourIPAddr)
		}
		if got := c.exchange(t, server, packet(mac, dhcpv4.MessageTypeDiscover)); addrOf(got) != addr {
			t.Fatalf("%s was told %s, and is offered %s", whose, addr, got.YourIPAddr)
		}
		if got := c.exchange(t, server, taking(stranger, addr.AsSlice())); got.MessageType() != dhcpv4.MessageTypeNak {
			t.Fatalf("%s was told to %s, and a stranger is answered %s", addr, whose, got.MessageType())
		}
		stranger[5]++
	}
}
