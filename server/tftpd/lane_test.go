package tftpd

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/wire/machine"
)

func TestALaneThatSomebodySendsByIsLeftToHim(t *testing.T) {
	e := must(New(Config{Tree: root(t, map[string][]byte{"f": pattern(100)})}))
	defer e.Close()
	conn := from(t, 0)
	e.mu.Lock()
	defer e.mu.Unlock()
	now := time.Now()
	for _, l := range e.lanes {
		l.busy = true
	}
	e.m.Receive(now, machine.Datagram{Src: conn.LocalAddr().(*net.UDPAddr).AddrPort(), Dst: netip.MustParseAddrPort("127.0.0.1:69"), Payload: Request{Name: "f", Mode: "octet"}.Append(nil)})
	e.flush(now)
	e.m.Finish()
	e.m.stop(now, "the test wants no client to be left")
	e.flush(now)
	if e.closed || e.silent() {
		t.Fatal("the sockets were closed before all was sent")
	}
	if heard(conn) != "" {
		t.Error("somebody else has sent by a lane that was taken")
	}
	for _, l := range e.lanes {
		l.busy = false
	}
	e.flush(now)
	if text := heard(conn); len(text) != 4+100 {
		t.Errorf("%q came, want the block that was gathered", text)
	}
	if !e.closed {
		t.Error("all was sent, nobody is left, and the sockets are open")
	}
}

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
