package tftpd

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/wire/machine"
)

// mailed is an outbox, the socket it sends by, and two clients that hear it.
type mailed struct {
	outbox
	socket  *socket
	clients map[string]*net.UDPConn
	wrong   complaints
}

func mail(t *testing.T) *mailed {
	t.Helper()
	s, err := newSocket(onLoopback(t), 5000)
	if err != nil {
		t.Fatal(err)
	}
	if s.cuts == 0 {
		t.Fatal("this kernel cuts no messages, and all that bootrig runs on do")
	}
	return &mailed{socket: s, clients: map[string]*net.UDPConn{"a": onLoopback(t), "b": onLoopback(t)}}
}

func onLoopback(t *testing.T) *net.UDPConn {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// say puts "a3" as three bytes for client a, and so on.
func (w *mailed) say(words string) {
	for word := range strings.FieldsSeq(words) {
		client, text, _ := strings.Cut(word, ":")
		w.put(w.socket, machine.Datagram{Src: netip.MustParseAddrPort("127.0.0.1:5000"), Dst: boundTo(w.clients[client]), Payload: []byte(text)})
	}
}

// TestEachDatagramLeavesByItsOwnSocket gathers for several sockets in turn, and more for one than a call takes.
func TestEachDatagramLeavesByItsOwnSocket(t *testing.T) {
	w := mail(t)
	other, err := newSocket(onLoopback(t), 5001)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	say := func(by *socket, n int) {
		for range n {
			text := fmt.Sprint(len(want))
			w.put(by, machine.Datagram{Src: netip.MustParseAddrPort("127.0.0.1:5000"), Dst: boundTo(w.clients["a"]), Payload: []byte(text)})
			want = append(want, boundTo(by.conn).String()+" "+text)
		}
	}
	say(w.socket, 2)
	say(other, 1)
	say(w.socket, 1)
	for range maxBatch + 1 { // each by another socket than the one before
		say(other, 1)
		say(w.socket, 1)
	}
	w.send(&w.wrong)
	var got []string
	for range want {
		buf := make([]byte, 100)
		n, from, err := w.clients["a"].ReadFromUDPAddrPort(buf)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, from.String()+" "+string(buf[:n]))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what arrives, and from where (-want +got):\n%s", diff)
	}
	if len(w.wrong) > 0 || w.n > 0 {
		t.Errorf("%d are left, complaints: %v", w.n, w.wrong)
	}
}

// waiting is how many messages there are, and what each has.
func (w *mailed) waiting() (lengths []int) {
	for _, p := range w.parcels[:w.n] {
		lengths = append(lengths, p.count)
	}
	return lengths
}

// heard is what a client has been sent.
func (w *mailed) heard(t *testing.T, client string) (texts []string) {
	t.Helper()
	buf := make([]byte, 1<<16)
	for {
		// On the loopback a datagram is there when its send returns.
		_ = w.clients[client].SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		n, err := w.clients[client].Read(buf)
		if err != nil {
			return texts
		}
		texts = append(texts, string(buf[:n]))
	}
}

func TestDatagramsThatAreAMessageArriveAsTheyAre(t *testing.T) {
	for name, c := range map[string]struct {
		said     string
		messages []int
	}{
		"the blocks of a window are one message but for the first":   {"a:one1 a:two2 a:333", []int{1, 2}},
		"behind a short one comes another message":                   {"b:0 a:one1 a:333 a:fou4", []int{1, 2, 1}},
		"a longer one is another":                                    {"b:0 a:333 a:four", []int{1, 1, 1}},
		"each client has its own":                                    {"a:one1 b:two2 a:thr3", []int{1, 1, 1}},
		"windows of two clients":                                     {"a:one1 a:two2 b:one1 b:two2 b:3", []int{1, 1, 3}},
		"more than the kernel cuts":                                  {strings.Repeat("a:xy ", 66), []int{1, 64, 1}},
		"no more than UDP carries":                                   {strings.Repeat("a:"+strings.Repeat("x", 20_000)+" ", 5), []int{1, 3, 1}},
		"as many messages as one call takes, each of several blocks": {"a:0 b:xy b:z " + strings.Repeat("a:xy a:z b:xy b:z ", maxBatch/2-1), append([]int{1}, slices.Repeat([]int{2}, maxBatch-1)...)},
	} {
		t.Run(name, func(t *testing.T) {
			w := mail(t)
			w.say(c.said)
			if diff := cmp.Diff(c.messages, w.waiting()); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
			w.send(&w.wrong)
			w.compare(t, c.said)
		})
	}
}

// TestWhatTheKernelDoesNotCutGoesOutWhole has a socket without checksums, for which Linux refuses to cut. That is asked
// once for a size.
func TestWhatTheKernelDoesNotCutGoesOutWhole(t *testing.T) {
	w := mail(t)
	raw, err := w.socket.conn.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	_ = raw.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_NO_CHECK, 1) })
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		said     string
		messages []int
	}{
		{"b:0 a:one1 a:two2 a:3 b:one1 b:two2", []int{1, 3, 2}},
		{"b:0 a:one1 a:two2 a:thr3", []int{1, 1, 1, 1}},
		{"b:0 a:one a:two", []int{1, 2}}, // shorter ones may be cut, for all we know
	} {
		w.say(c.said)
		if diff := cmp.Diff(c.messages, w.waiting()); diff != "" {
			t.Errorf("messages of %q (-want +got):\n%s", c.said, diff)
		}
		w.send(&w.wrong)
		w.compare(t, c.said)
	}
}

// compare wants what was said to have arrived.
func (w *mailed) compare(t *testing.T, said string) {
	t.Helper()
	want := map[string][]string{}
	for word := range strings.FieldsSeq(said) {
		client, text, _ := strings.Cut(word, ":")
		want[client] = append(want[client], text)
	}
	for client := range w.clients {
		if diff := cmp.Diff(want[client], w.heard(t, client)); diff != "" {
			t.Errorf("client %s (-said +heard):\n%s", client, diff)
		}
	}
	if len(w.wrong) > 0 {
		t.Errorf("complaints: %v", w.wrong)
	}
}
