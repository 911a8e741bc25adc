package tftpd

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/wire/event"
)

// serve runs Serve on a loopback port until the test ends, and checks that nothing of it remains.
func serve(t testing.TB, cfg Config, links ...Link) netip.AddrPort {
	t.Helper()
	return serveAt(t, "127.0.0.1:0", cfg, links...)
}

func serveAt(t testing.TB, at string, cfg Config, links ...Link) netip.AddrPort {
	t.Helper()
	leaks := goleak.IgnoreCurrent()
	conn, err := Listen(netip.MustParseAddrPort(at))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, cfg, conn, links...) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
		goleak.VerifyNone(t, leaks)
	})
	return conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

// root makes a directory of files that others may read, known as /tftpboot.
func root(t testing.TB, files map[string][]byte) content.Tree {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := content.OpenDir(dir, "/tftpboot")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	return tree
}

// exchange sends a packet from a new socket and returns the first answer and where it came from.
func exchange(t *testing.T, to netip.AddrPort, packet []byte) (string, netip.AddrPort, *net.UDPConn) {
	t.Helper()
	conn := must(net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}))
	t.Cleanup(func() { conn.Close() })
	must(conn.WriteToUDPAddrPort(packet, to))
	answer, from := receive(t, conn)
	return answer, from, conn
}

func receive(t *testing.T, conn *net.UDPConn) (string, netip.AddrPort) {
	t.Helper()
	buf := make([]byte, 70000)
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	n, from, err := conn.ReadFromUDPAddrPort(buf)
	if err != nil {
		t.Fatal(err)
	}
	return string(buf[:n]), from
}

func TestServeAnswersARepeatedRequestFromTheSamePort(t *testing.T) {
	at := serve(t, Config{Tree: root(t, map[string][]byte{"f": pattern(100)})})
	rrq := Request{Name: "f", Mode: "octet"}.Append(nil)
	first, from, conn := exchange(t, at, rrq)
	must(conn.WriteToUDPAddrPort(rrq, at))
	second, again := receive(t, conn)
	if first != second || from != again || from.Port() == at.Port() {
		t.Errorf("the answers came from %v and %v (server %v)", from, again, at)
	}
	other := Request{Name: "nosuch", Mode: "octet"}.Append(nil)
	must(conn.WriteToUDPAddrPort(other, at))
	if third, anew := receive(t, conn); anew == from || third[:4] != "\x00\x05\x00\x01" {
		t.Errorf("another file from the same port is answered %q from %v", third, anew)
	}
}

func TestServeAnswersFromTheAddressThatWasAsked(t *testing.T) {
	at := serveAt(t, "0.0.0.0:0", Config{Tree: root(t, map[string][]byte{"f": pattern(100)})}, Link{Addr: netip.MustParseAddr("127.0.0.5")})
	asked := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.5"), at.Port())
	if _, from, _ := exchange(t, asked, (Request{Name: "f", Mode: "octet"}).Append(nil)); from.Addr() != asked.Addr() {
		t.Errorf("asked %v, answered from %v", asked, from)
	}
}

func TestServeTellsAStrangerAndGoesOn(t *testing.T) {
	at := serve(t, Config{Tree: root(t, map[string][]byte{"f": pattern(600)})})
	_, tid, conn := exchange(t, at, Request{Name: "f", Mode: "octet"}.Append(nil))
	if told, _, _ := exchange(t, tid, []byte{0, opACK, 0, 1}); told[:4] != "\x00\x05\x00\x05" {
		t.Errorf("the stranger was told %q", told)
	}
	must(conn.WriteToUDPAddrPort([]byte{0, opACK, 0, 1}, tid))
	if data, _ := receive(t, conn); data[:4] != "\x00\x03\x00\x02" || len(data) != 4+88 {
		t.Errorf("after the stranger came %d bytes: %q", len(data), data[:4])
	}
}

// awaits gives the first fact of one kind.
func awaits(t *testing.T, j *event.Journal, kind event.Kind) event.Event {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		all, more := j.After(0)
		for _, e := range all {
			if e.Kind == kind {
				return e
			}
		}
		select {
		case <-more:
		case <-deadline:
			t.Fatalf("no fact %q among %v", kind, all)
		}
	}
}

func TestServeEndsATransferWhoseClientIsGone(t *testing.T) {
	var journal event.Journal
	// The retransmission is what finds the port closed.
	at := serve(t, Config{Tree: root(t, map[string][]byte{"f": pattern(600)}), Events: &journal, Retransmit: 20 * time.Millisecond})
	_, tid, conn := exchange(t, at, Request{Name: "f", Mode: "octet"}.Append(nil))
	must(conn.WriteToUDPAddrPort([]byte{0, opACK, 0, 1}, tid))
	receive(t, conn)
	conn.Close()
	if e := awaits(t, &journal, event.Abort); e.Text != "the client's port is closed" {
		t.Errorf("the transfer ended with %q", e.Text)
	}
}

func TestServeLeavesOtherLinksAlone(t *testing.T) {
	var journal event.Journal
	at := serve(t, Config{Tree: root(t, nil), Events: &journal}, Link{Name: "eth9", Index: 99, Addr: netip.MustParseAddr("192.0.2.1")})
	conn := must(net.Dial("udp4", at.String()))
	defer conn.Close()
	must(conn.Write(Request{Name: "f", Mode: "octet"}.Append(nil)))
	if e := awaits(t, &journal, event.Ignore); e.Text != "tftp: 127.0.0.1 on interface 1 is not served" {
		t.Errorf("ignored because %q", e.Text)
	}
}

func TestServeLetsRequestsWaitBeyondItsLimit(t *testing.T) {
	at := serve(t, Config{Tree: root(t, map[string][]byte{"f": pattern(6)}), MaxTransfers: 1})
	rrq := Request{Name: "f", Mode: "octet"}.Append(nil)
	_, tid, first := exchange(t, at, rrq)
	second := must(net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}))
	defer second.Close()
	must(second.WriteToUDPAddrPort(rrq, at))
	must(first.WriteToUDPAddrPort([]byte{0, opACK, 0, 1}, tid))
	if data, _ := receive(t, second); data[:4] != "\x00\x03\x00\x01" {
		t.Errorf("the request that waited is answered %q", data)
	}
}

func TestServeSpeaksFromThePortsItIsTold(t *testing.T) {
	tree := root(t, map[string][]byte{"f": pattern(600)})
	free := must(net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}))
	port := free.LocalAddr().(*net.UDPAddr).AddrPort().Port()
	free.Close()
	at := serve(t, Config{Tree: tree, FirstPort: port, LastPort: port})
	if _, from, _ := exchange(t, at, Request{Name: "f", Mode: "octet"}.Append(nil)); from.Port() != port {
		t.Errorf("answered from %v, want port %d", from, port)
	}
}

func TestServeOnOnePort(t *testing.T) {
	at := serve(t, Config{Tree: root(t, map[string][]byte{"f": pattern(600)}), SinglePort: true})
	for range 3 {
		_, from, conn := exchange(t, at, Request{Name: "f", Mode: "octet"}.Append(nil))
		must(conn.WriteToUDPAddrPort([]byte{0, opACK, 0, 1}, from))
		if data, again := receive(t, conn); from != at || again != at || data[:4] != "\x00\x03\x00\x02" {
			t.Errorf("asked %v, answered %q from %v and %v", at, data[:4], from, again)
		}
	}
}

func TestServeSaysWhenItsSocketIsTaken(t *testing.T) {
	conn := must(Listen(netip.MustParseAddrPort("127.0.0.1:0")))
	taken := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	if _, err := Listen(taken); err == nil {
		t.Error("a port could be opened twice")
	}
	conn.Close()
	if err := Serve(t.Context(), Config{}, conn); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve on a closed socket gives %v", err)
	}
}

func TestChosenLinks(t *testing.T) {
	a, b := netip.MustParseAddr("192.168.9.2"), netip.MustParseAddr("10.0.0.2")
	c, d, e := netip.MustParseAddr("10.0.7.2"), netip.MustParseAddr("10.0.7.3"), netip.MustParseAddr("10.0.8.2")
	links := []Link{{Name: "eth0", Index: 2, Addr: a}, {Name: "by index", Index: 5}, {Name: "by address", Addr: b},
		{Name: "eth7", Index: 7, Addr: c, Reach: AnyAddr}, {Name: "eth7 too", Index: 7, Addr: d, Reach: AnyAddr}, {Name: "eth8", Index: 8, Addr: e, Reach: AnyInterface}}
	for _, c := range []struct {
		rule  string
		index int
		local netip.Addr
		want  string
	}{
		{"the address and the interface fit", 2, a, "eth0"},
		{"the address fits, asked from this host itself", loopback, a, "eth0"},
		{"the address fits, but it came by another interface", 3, a, ""},
		{"another address of the interface", 2, netip.MustParseAddr("192.168.9.3"), ""},
		{"an interface alone takes all its addresses", 5, netip.MustParseAddr("192.168.9.3"), "by index"},
		{"an address alone takes all interfaces", 7, b, "by address"},
		{"an interface that takes any address", 7, a, "eth7"},
		{"the second of two addresses", 7, d, "eth7 too"},
		{"its address by another interface", 8, c, ""},
		{"an address that is taken by any interface", 9, e, "eth8"},
		{"its interface with another address", 8, a, ""},
		{"two that reach so far: the first", 7, e, "eth7"},
	} {
		got, ok := chosen(links, c.index, c.local)
		if diff := cmp.Diff(c.want, got.Name); diff != "" || ok != (c.want != "") {
			t.Errorf("%s (-want +got):\n%s", c.rule, diff)
		}
	}
}

func TestAMachineIsNotHeardFromTheNetworkOfAnotherLink(t *testing.T) {
	net := netip.MustParsePrefix
	links := []Link{{Name: "eth0", Index: 2, Net: net("10.0.0.0/24")}, {Name: "eth0 too", Index: 2, Net: net("10.0.5.0/24")}, {Name: "eth1", Index: 3, Net: net("10.0.1.0/24")}, {Name: "eth2", Index: 4}}
	for _, c := range []struct {
		index      int
		from, want string
	}{
		{2, "10.0.0.3", ""}, {2, "10.0.5.3", ""}, {2, "10.0.1.3", "eth1"}, {2, "172.16.0.1", ""},
		{3, "10.0.5.3", "eth0 too"}, {4, "10.0.0.3", ""}, {9, "10.0.0.3", ""},
	} {
		if other, is := foreign(links, c.index, netip.MustParseAddr(c.from)); other.Name != c.want && is || is != (c.want != "") {
			t.Errorf("%s by interface %d is of %q, %t; want %q", c.from, c.index, other.Name, is, c.want)
		}
	}
}
