package tftpd

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/wire/machine"
)

// laned is a Server that nobody runs, with so many lanes for transfers, which fetch f.
type laned struct {
	*Server
	now time.Time
}

func lanes(t *testing.T, n int) *laned {
	t.Helper()
	return lanesFor(t, n, root(t, map[string][]byte{"f": pattern(100)}))
}

func lanesFor(t *testing.T, n int, tree content.Tree) *laned {
	t.Helper()
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	e := must(New(Config{Tree: tree}))
	t.Cleanup(func() { e.Close() })
	return &laned{e, time.Now()}
}

// asks has a client ask for f, and gives the lane of its transfer.
func (e *laned) asks(conn *net.UDPConn, options ...Option) *lane {
	client := boundTo(conn)
	e.m.Receive(e.now, machine.Datagram{Src: client, Dst: netip.MustParseAddrPort("127.0.0.1:69"), Payload: Request{"f", "octet", options}.Append(nil)})
	return e.sockets[e.m.table.clients[client].local.Port()].lane
}

// hears takes an ACK of a client, and flushes.
func (e *laned) hears(conn *net.UDPConn, ack byte) {
	client := boundTo(conn)
	e.m.Receive(e.now, machine.Datagram{Src: client, Dst: e.m.table.clients[client].local, Payload: []byte{0, opACK, 0, ack}})
	e.flushes()
}

func (e *laned) taken(is bool) {
	for _, l := range e.lanes {
		l.busy = is
	}
}

// flushes has somebody flush.
func (e *laned) flushes() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.flush(e.now)
}

func TestALaneThatSomebodySendsByIsLeftToHim(t *testing.T) {
	e := lanes(t, 2)
	a, b := from(t, 0), from(t, 1)
	mine := e.asks(a)
	for e.asks(b) == mine {
		b = from(t, 1) // which of the ports it gets is drawn
	}
	mine.busy = true
	e.flushes()
	if heard(b) == "" {
		t.Error("a lane that is free waits for another")
	}
	if heard(a) != "" {
		t.Error("somebody else has sent by a lane that was taken")
	}
	e.taken(false)
	e.flushes()
	if text := heard(a); len(text) != 4+100 {
		t.Errorf("%q came, want the block that was gathered", text)
	}
}

func TestALaneThatIsTakenGathersNoMoreThanItSendsAtOnce(t *testing.T) {
	e := lanes(t, 1)
	var clients []*net.UDPConn
	for i := range 2*maxBatch + 10 {
		clients = append(clients, from(t, i))
		e.asks(clients[i])
	}
	e.taken(true)
	e.flushes()
	e.flushes()
	if n := e.lanes[1].out.n; n < maxBatch || n > maxBatch+2 {
		t.Errorf("%d messages wait, of %d at once", n, maxBatch)
	}
	e.taken(false)
	e.flushes()
	for i, conn := range clients {
		if heard(conn) == "" {
			t.Errorf("client %d was forgotten", i)
		}
	}
}

func TestTheSocketsAreOpenUntilAllIsSent(t *testing.T) {
	e := lanes(t, 1)
	e.taken(true)
	e.Finish()
	if e.closed {
		t.Error("they were closed under somebody who sends")
	}
	e.taken(false)
	e.flushes()
	if !e.closed {
		t.Error("nobody is left, and they are open")
	}
}

// slow is a tree in which a file called slow is waited for.
type slow struct {
	content.Tree
	opens chan struct{}
}

func (s slow) Open(name string) (*content.File, error) {
	if name == "slow" {
		<-s.opens
		name = "f"
	}
	return s.Tree.Open(name)
}

func TestAFileThatIsWaitedForHoldsUpNoAnswer(t *testing.T) {
	tree := slow{root(t, map[string][]byte{"f": pattern(100)}), make(chan struct{})}
	e := lanesFor(t, 1, tree)
	door := must(Listen(netip.MustParseAddrPort("127.0.0.1:0")))
	if err := e.enter(door); err != nil {
		t.Fatal(err)
	}
	in := newInbox(e.doors[netip.MustParseAddr("127.0.0.1")])
	in.want = 2
	quick, patient := from(t, 0), from(t, 1)
	must(quick.WriteToUDPAddrPort(Request{Name: "f", Mode: "octet"}.Append(nil), boundTo(door)))
	must(patient.WriteToUDPAddrPort(Request{Name: "slow", Mode: "octet"}.Append(nil), boundTo(door)))
	if n, err := in.read(); n != 2 || err != nil {
		t.Fatalf("%d were read, %v", n, err)
	}
	done := make(chan struct{})
	go func() { e.take(in, 2, false); close(done) }()
	if data, _ := receive(t, quick); len(data) != 4+100 {
		t.Errorf("%q came", data)
	}
	close(tree.opens)
	<-done
	if heard(patient) == "" {
		t.Error("nothing came of the file that was waited for")
	}
}

// disk is a file of 1 MiB, and from where on it was read.
type disk struct{ reads []int64 }

func (d *disk) Open(string) (*content.File, error) {
	return content.NewFile("f", d, 1<<20, time.Time{}, nil), nil
}

func (d *disk) ReadAt(b []byte, at int64) (int, error) {
	d.reads = append(d.reads, at)
	return len(b), nil
}

func TestTheNextWindowIsReadBeforeItsAckComes(t *testing.T) {
	const block, piece = 1408, 32 << 10
	for name, c := range map[string]struct {
		clients int
		read    [][]int64 // with each window that is sent
	}{
		"a lone client": {1, [][]int64{{0, piece}, {2 * piece}, {}}},
		"a crowd":       {few + 1, [][]int64{{}, {0, piece}, {2 * piece}}},
	} {
		t.Run(name, func(t *testing.T) {
			var d disk
			e := lanesFor(t, 1, &d)
			var conn *net.UDPConn
			for i := range c.clients {
				conn = from(t, i)
				e.asks(conn, Option{"blksize", fmt.Sprint(block)}, Option{"windowsize", "16"})
			}
			e.flushes()
			for i, want := range c.read {
				d.reads = nil
				e.hears(conn, byte(16*i))
				if i == 0 {
					d.reads = d.reads[16:] // the first blocks are read one by one
				}
				if diff := cmp.Diff(want, d.reads, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("with window %d (-want +got):\n%s", i+1, diff)
				}
			}
		})
	}
}

func TestEachLaneHasItsPartOfThePorts(t *testing.T) {
	e := lanes(t, 3)
	n := map[*lane]int{}
	for _, s := range e.sockets {
		n[s.lane]++
	}
	for i, l := range e.lanes[1:] {
		if n[l] < len(e.sockets)/3 {
			t.Errorf("lane %d has %d of %d ports", i, n[l], len(e.sockets))
		}
	}
}

func TestWhoTakesIsToldHowManyClientsThereAre(t *testing.T) {
	e := lanes(t, 1)
	door := must(Listen(netip.MustParseAddrPort("127.0.0.1:0")))
	if err := e.enter(door); err != nil {
		t.Fatal(err)
	}
	in := newInbox(e.doors[netip.MustParseAddr("127.0.0.1")])
	for want := range 3 {
		must(from(t, want).WriteToUDPAddrPort(Request{Name: "f", Mode: "octet"}.Append(nil), boundTo(door)))
		n, err := in.read()
		if got := e.take(in, n, false); n != 1 || err != nil || got != want+1 {
			t.Errorf("%d were read, %v; %d clients, want %d", n, err, got, want+1)
		}
	}
}

func boundTo(conn *net.UDPConn) netip.AddrPort { return conn.LocalAddr().(*net.UDPAddr).AddrPort() }

// heard is a datagram that is there.
func heard(conn *net.UDPConn) string {
	_ = conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	buf := make([]byte, 2000)
	n, _ := conn.Read(buf)
	return string(buf[:n])
}

// Many windows at once, by all lanes: each client's blocks come in their order, and none twice.
func TestManyWindowsAtOnceKeepTheirOrder(t *testing.T) {
	want := pattern(200_000)
	at := serve(t, Config{Tree: root(t, map[string][]byte{"f": want})})
	var group errgroup.Group
	for i := range 60 {
		conn := from(t, i)
		_ = conn.SetReadBuffer(1 << 20)
		group.Go(func() error { return inOrder(conn, at, want) })
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}

// inOrder fetches a file by windows of 16, and takes only the block that is next: nothing is sent again within a minute.
func inOrder(conn *net.UDPConn, at netip.AddrPort, want []byte) error {
	_ = conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	if _, err := conn.WriteToUDPAddrPort(Request{"f", "octet", []Option{{"blksize", "1000"}, {"windowsize", "16"}, {"timeout", "60"}}}.Append(nil), at); err != nil {
		return err
	}
	var got []byte
	buf := make([]byte, 2000)
	for block := uint16(0); ; block++ {
		n, tid, err := conn.ReadFromUDPAddrPort(buf)
		switch {
		case err != nil:
			return err
		case block == 0 && buf[1] == opOACK:
		case buf[1] != opDATA || binary.BigEndian.Uint16(buf[2:]) != block:
			return fmt.Errorf("block %d is due, and %q comes", block, buf[:min(n, 20)])
		default:
			got = append(got, buf[4:n]...)
		}
		last := block > 0 && n < 4+1000
		if last || block%16 == 0 {
			if _, err := conn.WriteToUDPAddrPort(binary.BigEndian.AppendUint16([]byte{0, opACK}, block), tid); err != nil {
				return err
			}
		}
		if last && !bytes.Equal(got, want) {
			return fmt.Errorf("the %d bytes are others", len(got))
		}
		if last {
			return nil
		}
	}
}
