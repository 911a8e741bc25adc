package mmsg_test

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"testing"

	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/internal/mmsg"
)

// socket is one of this host, and how to reach its descriptor.
func socket(t *testing.T) (*net.UDPConn, netip.AddrPort, func(do func(fd uintptr))) {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := ipv4.NewPacketConn(conn).SetControlMessage(ipv4.FlagDst, true); err != nil {
		t.Fatal(err)
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	return conn, conn.LocalAddr().(*net.UDPAddr).AddrPort(), func(do func(fd uintptr)) {
		if err := raw.Control(do); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatIsSentTogetherComesTogether(t *testing.T) {
	_, from, out := socket(t)
	_, to, in := socket(t)
	const many = 3
	send, receive := mmsg.New(many), mmsg.New(many+1)
	var rooms, controls [many + 1][]byte
	for i := range rooms {
		rooms[i], controls[i] = make([]byte, 8), make([]byte, 64)
		receive.Put(i, rooms[i], controls[i])
	}
	for round := range 2 { // the second time in the same room
		for i := range many {
			send.Put(i, fmt.Appendf(nil, "%d: %d", round, i), nil)
			send.To(i, to)
		}
		out(func(fd uintptr) {
			if n, err := send.Send(fd, 0, 1); n != 1 || err != nil {
				t.Fatalf("%d are sent, %v", n, err)
			}
			if n, err := send.Send(fd, 1, many-1); n != many-1 || err != nil {
				t.Fatalf("%d are sent, %v", n, err)
			}
		})
		in(func(fd uintptr) {
			n, err := receive.Receive(fd, many+1)
			if n != many || err != nil {
				t.Fatalf("%d came, %v", n, err)
			}
			for i := range n {
				size, said := receive.Got(i)
				if got, want := string(rooms[i][:size]), fmt.Sprintf("%d: %d", round, i); got != want || receive.Addr(i) != from {
					t.Errorf("%q came from %v, want %q from %v", got, receive.Addr(i), want, from)
				}
				var m ipv4.ControlMessage
				if err := m.Parse(controls[i][:said]); err != nil || !m.Dst.Equal(to.Addr().AsSlice()) {
					t.Errorf("it came to %v, %v; want %v", m.Dst, err, to.Addr())
				}
			}
		})
	}
}

func TestNobodyWaitsForWhatDoesNotCome(t *testing.T) {
	_, _, in := socket(t)
	batch := mmsg.New(1)
	batch.Put(0, make([]byte, 8), nil)
	in(func(fd uintptr) {
		if n, err := batch.Receive(fd, 1); n != 0 || err != nil {
			t.Errorf("%d came, %v", n, err)
		}
		if n, err := batch.Receive(fd, 0); n != 0 || err != nil {
			t.Errorf("%d came into no room, %v", n, err)
		}
	})
}

// What is longer than its room is cut, and the error of a message is about the first that was not sent.
func TestALongMessageIsCutAndAnErrorIsOfOne(t *testing.T) {
	_, _, out := socket(t)
	_, to, in := socket(t)
	send, receive := mmsg.New(2), mmsg.New(2)
	send.Put(0, []byte("0123456789"), nil)
	send.To(0, to)
	send.Put(1, make([]byte, 1<<16), nil) // longer than a datagram can be
	send.To(1, to)
	room := make([]byte, 4)
	receive.Put(0, room, nil)
	out(func(fd uintptr) {
		if n, err := send.Send(fd, 0, 2); n != 1 || err != nil {
			t.Errorf("%d are sent, %v", n, err)
		}
		if n, err := send.Send(fd, 1, 1); n != 0 || !errors.Is(err, unix.EMSGSIZE) {
			t.Errorf("%d are sent, %v", n, err)
		}
	})
	in(func(fd uintptr) {
		n, err := receive.Receive(fd, 1)
		if size, _ := receive.Got(0); n != 1 || err != nil || size != 4 || string(room) != "0123" {
			t.Errorf("%d came, %v: %d bytes, %q", n, err, size, room)
		}
	})
}
