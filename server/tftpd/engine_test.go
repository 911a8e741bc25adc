package tftpd

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/netip"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/wire/event"
)

// descriptors counts this process's open files, where there is a /proc.
func descriptors() int {
	all, _ := os.ReadDir("/proc/self/fd")
	return len(all)
}

// from is a client's socket at an address of the loopback.
func from(t *testing.T, i int) *net.UDPConn {
	t.Helper()
	conn := must(net.ListenUDP("udp4", &net.UDPAddr{IP: spread(i)}))
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestTransfersShareSocketsFilesAndGoroutines(t *testing.T) {
	at := serve(t, Config{Tree: root(t, map[string][]byte{"f": pattern(100_000)})})
	rrq := Request{Name: "f", Mode: "octet", Options: []Option{{"blksize", "512"}}}.Append(nil)
	begin := func(first, n int) {
		for i := range n {
			conn := from(t, first+i)
			must(conn.WriteToUDPAddrPort(rrq, at))
			_, tid := receive(t, conn)
			must(conn.WriteToUDPAddrPort([]byte{0, opACK, 0, 0}, tid))
			if data, _ := receive(t, conn); data[:4] != "\x00\x03\x00\x01" {
				t.Fatalf("client %d is sent %q", i, data[:4])
			}
		}
	}
	begin(0, 1)
	files := descriptors()
	const clients = 300
	begin(1, clients)
	// Each client's own socket is in this process too.
	if n := descriptors() - files - clients; n > 0 {
		t.Errorf("%d transfers of one file have opened %d more files", clients, n)
	}
	want := []string{"(*Server).Run"}
	for range 1 + min(runtime.GOMAXPROCS(0), mostLanes) { // one for requests, and one for each processor
		want = append(want, "(*Server).poll")
	}
	want = append(want, "(*Server).watch")
	got, others := goroutines()
	// The last of them may start when a client was served already.
	for patient := time.Now().Add(10 * time.Second); !slices.Equal(got, want) && time.Now().Before(patient); got, others = goroutines() {
		runtime.Gosched()
	}
	if diff := cmp.Diff(want, got); diff != "" || others != "" {
		t.Errorf("%d transfers have other goroutines than one (-want +got):\n%s%s", clients, diff, others)
	}
}

// goroutines are those of this package, by their functions, and the stacks of those that it should not have. That of
// the test does not count.
func goroutines() (names []string, others string) {
	own := regexp.MustCompile(`tftpd\.(\(\*Server\)\.(?:Run|poll|watch))\(`)
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	for _, stack := range strings.Split(string(buf), "\n\n")[1:] {
		if who := own.FindStringSubmatch(stack); who != nil {
			names = append(names, who[1])
		} else if strings.Contains(stack, "/tftpd.") && !strings.Contains(stack, "testing.tRunner") {
			others += stack + "\n\n"
		}
	}
	slices.Sort(names)
	return names, others
}

func TestAPortScanAndItsICMPErrorsEndNoTransfer(t *testing.T) {
	var journal event.Journal
	at := serve(t, Config{Tree: root(t, map[string][]byte{"f": pattern(50_000)}), Events: &journal})
	conn := from(t, 0)
	must(conn.WriteToUDPAddrPort(Request{Name: "f", Mode: "octet"}.Append(nil), at))
	data, tid := receive(t, conn)
	for n := uint16(1); ; n++ {
		// What a stranger sends is answered at a port that is closed by then, and so comes back as ICMP.
		stranger := must(net.ListenUDP("udp4", &net.UDPAddr{IP: spread(1)}))
		must(stranger.WriteToUDPAddrPort([]byte{0, opACK, 0, 1}, tid))
		must(stranger.WriteToUDPAddrPort([]byte{0, 2, 'x', 0}, at))
		stranger.Close()
		for binary.BigEndian.Uint16([]byte(data[2:])) < n { // it was sent again
			data, _ = receive(t, conn)
		}
		must(conn.WriteToUDPAddrPort(binary.BigEndian.AppendUint16([]byte{0, opACK}, n), tid))
		if len(data) < 4+512 {
			break
		}
		data, _ = receive(t, conn)
	}
	awaits(t, &journal, event.Got)
}

func TestAClientsOwnClosedPortEndsItsTransferOnly(t *testing.T) {
	var journal event.Journal
	at := serve(t, Config{Tree: root(t, map[string][]byte{"f": pattern(5000)}), Events: &journal, Ports: 1, Retransmit: 30 * time.Millisecond})
	rrq := Request{Name: "f", Mode: "octet"}.Append(nil)
	var conns []*net.UDPConn
	var tid netip.AddrPort
	for i := range 2 {
		conn := from(t, i)
		must(conn.WriteToUDPAddrPort(rrq, at))
		tid = until(t, conn, 1)
		for n := range byte(5) { // who has acknowledged five blocks is sent the sixth again as often
			must(conn.WriteToUDPAddrPort([]byte{0, opACK, 0, n + 1}, tid))
			until(t, conn, n+2)
		}
		conns = append(conns, conn)
	}
	gone := conns[0].LocalAddr().(*net.UDPAddr).AddrPort()
	conns[0].Close()
	if e := awaits(t, &journal, event.Abort); e.Text != "the client's port is closed" || e.Peer != gone {
		t.Errorf("%v ended with %q, want %v", e.Peer, e.Text, gone)
	}
	must(conns[1].WriteToUDPAddrPort([]byte{0, opACK, 0, 6}, tid))
	until(t, conns[1], 7)
}

// until reads until a block comes; others are sent again when the machine is slow.
func until(t *testing.T, conn *net.UDPConn, block byte) netip.AddrPort {
	t.Helper()
	for {
		if data, tid := receive(t, conn); data[:4] == string([]byte{0, opDATA, 0, block}) {
			return tid
		}
	}
}

func TestServeUsesAsManyPortsOfItsRangeAsItWants(t *testing.T) {
	taken := must(net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}))
	defer taken.Close()
	first := uint16(taken.LocalAddr().(*net.UDPAddr).Port)
	first = min(first, 65000)
	at := serve(t, Config{Tree: root(t, map[string][]byte{"f": pattern(600)}), FirstPort: first, LastPort: first + 9})
	seen := map[uint16]bool{}
	for range 100 {
		_, from, conn := exchange(t, at, Request{Name: "f", Mode: "octet"}.Append(nil))
		conn.Close()
		if seen[from.Port()] = true; from.Port() < first || from.Port() > first+9 {
			t.Fatalf("answered from %v, want a port from %d to %d", from, first, first+9)
		}
	}
	if len(seen) < 5 {
		t.Errorf("100 transfers speak from %d ports", len(seen))
	}
}

func TestServeSaysThatNoPortOfItsRangeIsFree(t *testing.T) {
	taken := must(net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}))
	defer taken.Close()
	port := uint16(taken.LocalAddr().(*net.UDPAddr).Port)
	conn := must(Listen(netip.MustParseAddrPort("127.0.0.1:0")))
	if err := Serve(t.Context(), Config{FirstPort: port, LastPort: port}, conn); err == nil {
		t.Error("no error")
	}
}

// A burst of large windows is sent whole, and in order.
func TestWindowsGoOutInOrder(t *testing.T) {
	want := pattern(64 * 1000)
	at := serve(t, Config{Tree: root(t, map[string][]byte{"f": want})})
	conn := from(t, 0)
	_ = conn.SetReadBuffer(1 << 20)
	must(conn.WriteToUDPAddrPort(Request{"f", "octet", []Option{{"blksize", "1000"}, {"windowsize", "64"}}}.Append(nil), at))
	_, tid := receive(t, conn)
	must(conn.WriteToUDPAddrPort([]byte{0, opACK, 0, 0}, tid))
	var got bytes.Buffer
	for n := uint16(1); n <= 64; n++ {
		data, _ := receive(t, conn)
		if block := binary.BigEndian.Uint16([]byte(data[2:])); block != n {
			t.Fatalf("block %d came, want %d", block, n)
		}
		got.WriteString(data[4:])
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Error("the bytes are others")
	}
}
