package dhcpd_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	lacks "github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/internal/capture"
	"github.com/bootrig/bootrig/wire/event"
)

// A wire is a veth pair between two net namespaces that end with the test: ours at 192.168.9.2 and a
// client's at 192.168.9.50.
type wire struct {
	server, client netns.NsHandle
	link           dhcp.Link
}

func newWire(t *testing.T) wire {
	t.Helper()
	if os.Geteuid() != 0 {
		lacks.Skip(t, lacks.Root, "net namespaces want root")
	}
	runtime.LockOSThread()
	home, err := netns.Get()
	must(t, err)
	w := wire{}
	w.client, err = netns.New()
	must(t, err)
	w.server, err = netns.New()
	must(t, err)
	t.Cleanup(func() {
		must(t, netns.Set(home))
		runtime.UnlockOSThread()
		for _, ns := range []netns.NsHandle{home, w.client, w.server} {
			ns.Close()
		}
	})
	must(t, netlink.LinkAdd(&netlink.Veth{
		LinkAttrs: netlink.LinkAttrs{Name: "eth0"}, PeerName: "eth0", PeerNamespace: netlink.NsFd(w.client),
	}))
	addAddr(t, "10.0.0.1/8") // what the kernel would send a broadcast from
	index := addAddr(t, "192.168.9.2/24")
	w.link = dhcp.Link{Name: "eth0", Index: index, Prefix: netip.MustParsePrefix("192.168.9.2/24")}
	w.in(t, w.client, func() { addAddr(t, "192.168.9.50/24"); carries(t) })
	carries(t)
	return w
}

// carries waits until eth0 takes frames: a device that was set up drops them until the kernel's link watch,
// which may be busy with other namespaces, has given it its queue (net/core/link_watch.c).
func carries(t *testing.T) {
	t.Helper()
	done := make(chan struct{})
	defer close(done)
	updates := make(chan netlink.LinkUpdate)
	must(t, netlink.LinkSubscribeWithOptions(updates, done, netlink.LinkSubscribeOptions{ListExisting: true}))
	soon := time.After(10 * time.Second)
	for {
		select {
		case u := <-updates:
			if u.Attrs().Name == "eth0" && u.Attrs().OperState == netlink.OperUp {
				return
			}
		case <-soon:
			t.Fatal("eth0 does not come up")
		}
	}
}

// in runs f in another namespace and comes back to the server's.
func (w wire) in(t *testing.T, ns netns.NsHandle, f func()) {
	t.Helper()
	must(t, netns.Set(ns))
	f()
	must(t, netns.Set(w.server))
}

func addAddr(t *testing.T, cidr string) int {
	t.Helper()
	link, err := netlink.LinkByName("eth0")
	must(t, err)
	addr, err := netlink.ParseAddr(cidr)
	must(t, err)
	must(t, netlink.AddrAdd(link, addr))
	must(t, netlink.LinkSetUp(link))
	return link.Attrs().Index
}

func (w wire) dial(t *testing.T, port string) net.PacketConn {
	t.Helper()
	var conn net.PacketConn
	w.in(t, w.client, func() {
		config := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
			return raw.Control(func(fd uintptr) { _ = unix.BindToDevice(int(fd), "eth0") })
		}}
		var err error
		conn, err = config.ListenPacket(context.Background(), "udp4", "0.0.0.0:"+port)
		must(t, err)
	})
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestRealSocketsAnswerFromTheRightPlaceToTheRightPort(t *testing.T) {
	w := newWire(t)
	jumbo(t)
	w.in(t, w.client, func() { jumbo(t) })
	l, err := dhcpd.Listen([]dhcp.Link{w.link}, dhcpd.Needs{})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	var journal event.Journal
	served := make(chan error, 1)
	go func() {
		served <- l.Serve(ctx, dhcpd.Config{PXE: note(t), Links: []dhcp.Link{w.link}, Events: &journal})
	}()

	frames := readDHCP(t, "A-control.pcap")
	for name, c := range map[string]struct {
		from, to string
		payload  []byte
		want     string
	}{
		"a DISCOVER by broadcast":               {"68", "255.255.255.255:67", frames[0].Payload, "192.168.9.2:67"},
		"a boot item to port 4011":              {"68", "192.168.9.2:4011", frames[8].Payload, "192.168.9.2:4011"},
		"a boot item from port 4011, as EDK2":   {"4011", "192.168.9.2:4011", frames[8].Payload, "192.168.9.2:4011"},
		"a DISCOVER as long as a jumbo frame":   {"68", "255.255.255.255:67", padded(frames[0].Payload, 8900), "192.168.9.2:67"},
		"as long a boot item":                   {"68", "192.168.9.2:4011", padded(frames[8].Payload, 8900), "192.168.9.2:4011"},
		"garbage, then a DISCOVER by broadcast": {"68", "255.255.255.255:67", frames[0].Payload, "192.168.9.2:67"},
	} {
		client := w.dial(t, c.from)
		to := net.UDPAddrFromAddrPort(netip.MustParseAddrPort(c.to))
		if c.to == "255.255.255.255:67" {
			_, err := client.WriteTo([]byte("garbage"), to)
			must(t, err)
		}
		_, err := client.WriteTo(c.payload, to)
		must(t, err)
		must(t, client.SetReadDeadline(time.Now().Add(10*time.Second)))
		buf := make([]byte, 2000)
		n, src, err := client.ReadFrom(buf)
		if err != nil {
			t.Fatalf("%s: %v; the server says %q", name, err, facts(&journal))
		}
		if diff := cmp.Diff(c.want, src.String()); diff != "" {
			t.Errorf("%s: answered from (-want +got):\n%s", name, diff)
		}
		if got := capture.Fields(t, buf[:n])["siaddr"]; got != "192.168.9.2" {
			t.Errorf("%s: siaddr is %s", name, got)
		}
		client.Close()
	}

	cancel()
	if err := <-served; err != nil {
		t.Errorf("ended with %v", err)
	}
	again, err := dhcpd.Listen([]dhcp.Link{w.link}, dhcpd.Needs{})
	must(t, err) // the ports were given back
	must(t, again.Close())
}

// jumbo has eth0 take frames of 9000 bytes.
func jumbo(t *testing.T) {
	t.Helper()
	link, err := netlink.LinkByName("eth0")
	must(t, err)
	must(t, netlink.LinkSetMTU(link, 9000))
}

// padded has as many bytes, and its options behind all that was put in.
func padded(payload []byte, size int) []byte {
	const options = 240
	return slices.Concat(payload[:options], make([]byte, size-len(payload)), payload[options:])
}

func TestAPortThatIsTakenIsNamed(t *testing.T) {
	w := newWire(t)
	other, err := net.ListenPacket("udp4", "0.0.0.0:4011")
	must(t, err)
	defer other.Close()
	_, err = dhcpd.Listen([]dhcp.Link{w.link}, dhcpd.Needs{})
	var port *dhcpd.PortError
	if !errors.As(err, &port) || port.Port != 4011 || !errors.Is(err, syscall.EADDRINUSE) {
		t.Fatalf("the error is %v", err)
	}
	other.Close()
	l, err := dhcpd.Listen([]dhcp.Link{w.link}, dhcpd.Needs{})
	must(t, err) // port 67 was given back
	must(t, l.Close())
}
