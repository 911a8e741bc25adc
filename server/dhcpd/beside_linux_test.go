package dhcpd_test

import (
	"context"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	lacks "github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// startDnsmasq runs a DHCP server in the current namespace, and waits until it has port 67.
func startDnsmasq(t *testing.T, args ...string) {
	t.Helper()
	program, err := exec.LookPath("/usr/sbin/dnsmasq")
	if err != nil {
		lacks.Skip(t, lacks.Peers, "dnsmasq is not installed: `apt-get install dnsmasq-base`")
	}
	dnsmasq := exec.Command(program, append([]string{"-k", "--conf-file=/dev/null", "--port=0", "--user=root", "--pid-file=",
		"--dhcp-leasefile=" + filepath.Join(t.TempDir(), "leases"), "--no-ping", "--log-facility=-"}, args...)...)
	dnsmasq.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	said := &strings.Builder{}
	dnsmasq.Stderr = said
	must(t, dnsmasq.Start())
	t.Cleanup(func() {
		_ = dnsmasq.Process.Kill()
		_ = dnsmasq.Wait()
	})
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(10 * time.Second); ; <-tick.C {
		table, err := os.ReadFile("/proc/thread-self/net/udp")
		must(t, err)
		if strings.Contains(string(table), ":0043 ") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("dnsmasq does not listen; it says %q", said)
		}
	}
}

// serve runs a proxy in the current namespace until the test ends.
func serve(t *testing.T, w wire, cfg *proxydhcp.Config, events event.Recorder) {
	t.Helper()
	l, err := dhcpd.Listen([]dhcp.Link{w.link}, dhcpd.Needs{Groups: dhcpd.Groups(cfg)})
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() {
		served <- l.Serve(ctx, dhcpd.Config{PXE: cfg, Links: []dhcp.Link{w.link}, Events: events})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("ended with %v", err)
		}
	})
}

// exchange sends a packet and returns the answer that fits.
func exchange(t *testing.T, conn net.PacketConn, to string, packet *dhcpv4.DHCPv4, what string, fits func(*dhcpv4.DHCPv4) bool) *dhcpv4.DHCPv4 {
	t.Helper()
	if packet != nil {
		_, err := conn.WriteTo(packet.ToBytes(), net.UDPAddrFromAddrPort(netip.MustParseAddrPort(to)))
		must(t, err)
	}
	must(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	for buf := make([]byte, 2000); ; {
		n, _, err := conn.ReadFrom(buf)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if p, err := dhcpv4.FromBytes(buf[:n]); err == nil && fits(p) {
			return p
		}
	}
}

// A real dnsmasq gives addresses on the same host and in the same namespace; both are heard, dnsmasq
// keeps its renewals, and boot servers are found by unicast, broadcast and multicast.
func TestBesideARealDnsmasqInTheSameNamespace(t *testing.T) {
	for name, args := range map[string][]string{
		"with port 67 of all interfaces": nil,
		"with its interface alone":       {"--bind-interfaces", "--interface=eth0"},
	} {
		for _, order := range []string{"dnsmasq first", "bootrig first"} {
			t.Run(name+", "+order, func(t *testing.T) {
				w := newWire(t)
				var journal event.Journal
				if order == "bootrig first" {
					serve(t, w, note(t), &journal)
				}
				startDnsmasq(t, append(args, "--dhcp-range=192.168.9.100,192.168.9.110", "--dhcp-host="+guest+",192.168.9.50")...)
				if order == "dnsmasq first" {
					serve(t, w, note(t), &journal)
				}
				defer func() {
					if t.Failed() {
						t.Logf("the server says %q", facts(&journal))
					}
				}()
				boot(t, w)
			})
		}
	}
}

// boot asks everything that a client asks, beginning without an address.
func boot(t *testing.T, w wire) {
	t.Helper()
	conn := w.dial(t, "68")
	const everybody, server = "255.255.255.255:67", "192.168.9.2:67"
	lease := func(p *dhcpv4.DHCPv4) bool { return p.YourIPAddr.String() == "192.168.9.50" }
	var theirs, ours *dhcpv4.DHCPv4
	discover := asked(t, dhcpv4.MessageTypeDiscover, 1, "0.0.0.0", false)
	for packet := discover; theirs == nil || ours == nil; packet = nil {
		p := exchange(t, conn, everybody, packet, "an OFFER of both", func(p *dhcpv4.DHCPv4) bool { return p.MessageType() == dhcpv4.MessageTypeOffer })
		if lease(p) {
			theirs = p
		} else if p.BootFileName == "pxelinux.0" {
			ours = p
		}
	}
	request := asked(t, dhcpv4.MessageTypeRequest, 2, "0.0.0.0", false)
	request.Options[pxe.OptServerID] = []byte{192, 168, 9, 2}
	request.Options[pxe.OptRequestedAddress] = []byte{192, 168, 9, 50}
	ack := func(xid byte) func(*dhcpv4.DHCPv4) bool {
		return func(p *dhcpv4.DHCPv4) bool {
			return p.TransactionID[0] == xid && p.MessageType() == dhcpv4.MessageTypeAck
		}
	}
	exchange(t, conn, everybody, request, "dnsmasq's ACK", ack(2))
	renewal := exchange(t, conn, server, asked(t, dhcpv4.MessageTypeRequest, 3, "192.168.9.50", false), "the renewal, by unicast", ack(3))
	if !lease(renewal) || renewal.Options.Has(dhcpv4.OptionClassIdentifier) {
		t.Errorf("the renewal is %v", renewal)
	}
	for xid, to := range map[byte]string{
		4: "192.168.9.2:4011", 5: everybody, 6: "224.0.1.2:4011", 7: "224.0.1.2:67",
	} {
		// On port 67 dnsmasq answers too, as to a renewal.
		ours := func(p *dhcpv4.DHCPv4) bool { return ack(xid)(p) && p.BootFileName == "pxelinux.0" }
		p := exchange(t, conn, to, asked(t, dhcpv4.MessageTypeRequest, xid, "192.168.9.50", true), "boot item to "+to, ours)
		if p.ServerIPAddr.String() != "192.168.9.2" {
			t.Errorf("the boot item from %s is %v", to, p)
		}
	}
}
