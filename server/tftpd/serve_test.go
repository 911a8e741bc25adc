package tftpd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pin/tftp/v3"
	"go.uber.org/goleak"

	"github.com/bootrig/bootrig/internal/event"
	"github.com/bootrig/bootrig/server/content"
)

// serve runs Serve on a loopback port until the test ends, and checks that nothing of it remains.
func serve(t *testing.T, cfg Config, links ...Link) netip.AddrPort {
	t.Helper()
	leaks := goleak.IgnoreCurrent()
	conn, err := Listen(netip.MustParseAddrPort("127.0.0.1:0"))
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
func root(t *testing.T, files map[string][]byte) content.Tree {
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

// sizes are files around the edges of blocks and windows.
func sizes() map[string][]byte {
	files := map[string][]byte{}
	for _, n := range []int{0, 1, 511, 512, 513, 1428 * 8, 1428*8 + 1, 300_000} {
		files["f"+strconv.Itoa(n)] = pattern(n)
	}
	return files
}

func TestServeGivesPinTFTPEveryFile(t *testing.T) {
	files := sizes()
	at := serve(t, Config{Tree: root(t, files)})
	for _, block := range []int{0, 512, 1428, 65464} {
		c := must(tftp.NewClient(at.String()))
		c.RequestTSize(block != 0)
		c.SetBlockSize(block)
		for name, want := range files {
			var got bytes.Buffer
			r, err := c.Receive("/tftpboot/"+name, "octet")
			if err != nil {
				t.Fatalf("blksize %d, %s: %v", block, name, err)
			}
			if size, ok := r.(tftp.IncomingTransfer).Size(); block != 0 && (!ok || size != int64(len(want))) {
				t.Errorf("blksize %d, %s: tsize %d %v", block, name, size, ok)
			}
			if _, err := r.WriteTo(&got); err != nil || !bytes.Equal(got.Bytes(), want) {
				t.Errorf("blksize %d, %s: %d bytes and %v, want %d bytes", block, name, got.Len(), err, len(want))
			}
		}
		if _, err := c.Receive("nosuch", "octet"); err == nil {
			t.Errorf("a missing file was received")
		}
	}
}

func TestServeCopesWithManyClientsAtOnce(t *testing.T) {
	want := pattern(200_000)
	at := serve(t, Config{Tree: root(t, map[string][]byte{"f": want})})
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			c := must(tftp.NewClient(at.String()))
			c.SetBlockSize(1428)
			var got bytes.Buffer
			r, err := c.Receive("f", "octet")
			if err == nil {
				_, err = r.WriteTo(&got)
			}
			if err != nil || !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%d bytes, %v", got.Len(), err)
			}
		})
	}
	wg.Wait()
}

// run starts a program that fetches `name` into a file, or skips when it is not installed.
func fetch(t *testing.T, out string, program string, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("%s is not installed: this peer was not tested", program)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, text)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestServeGivesIndependentClientsEveryFile(t *testing.T) {
	files := sizes()
	at := serve(t, Config{Tree: root(t, files)})
	host, port := at.Addr().String(), strconv.Itoa(int(at.Port()))
	for _, c := range []struct {
		peer string
		args func(name, out string) []string
	}{
		{"atftp", func(name, out string) []string {
			return []string{"-g", "-r", name, "-l", out, host, port}
		}},
		{"atftp", func(name, out string) []string {
			return []string{"--option", "windowsize 8", "--option", "blksize 1428", "--option", "tsize 0", "-g", "-r", name, "-l", out, host, port}
		}},
		{"atftp", func(name, out string) []string {
			return []string{"--option", "windowsize 1000", "--option", "timeout 3", "-g", "-r", name, "-l", out, host, port}
		}},
		{"tftp", func(name, out string) []string {
			return []string{"-m", "binary", host, port, "-c", "get", name, out}
		}},
		{"curl", func(name, out string) []string {
			return []string{"-s", "-S", "--tftp-blksize", "1400", "-o", out, fmt.Sprintf("tftp://%s/%s", at, name)}
		}},
	} {
		t.Run(fmt.Sprint(append([]string{c.peer}, c.args("f", "out")[:2]...)), func(t *testing.T) {
			dir := t.TempDir()
			for name, want := range files {
				if c.peer == "curl" && len(want) == 0 {
					continue // curl writes no file for it
				}
				out := filepath.Join(dir, name)
				if got := fetch(t, out, c.peer, c.args(name, out)...); !bytes.Equal(got, want) {
					t.Errorf("%s: %d bytes, want %d", name, len(got), len(want))
				}
			}
		})
	}
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
	_, _, conn := exchange(t, at, Request{Name: "f", Mode: "octet"}.Append(nil))
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

func TestServeStaysWithinItsLimit(t *testing.T) {
	var journal event.Journal
	at := serve(t, Config{Tree: root(t, map[string][]byte{"f": pattern(600)}), Events: &journal, MaxTransfers: 1})
	rrq := Request{Name: "f", Mode: "octet"}.Append(nil)
	exchange(t, at, rrq)
	conn := must(net.Dial("udp4", at.String()))
	defer conn.Close()
	must(conn.Write(rrq))
	if e := awaits(t, &journal, event.Ignore); e.Text != "tftp: there are as many transfers as we may have" {
		t.Errorf("ignored because %q", e.Text)
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
	links := []Link{{Name: "eth0", Index: 2, Addr: a}, {Name: "by index", Index: 5}, {Name: "by address", Addr: b}}
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
	} {
		got, ok := chosen(links, c.index, c.local)
		if diff := cmp.Diff(c.want, got.Name); diff != "" || ok != (c.want != "") {
			t.Errorf("%s (-want +got):\n%s", c.rule, diff)
		}
	}
}
