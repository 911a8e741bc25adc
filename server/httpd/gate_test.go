package httpd

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/wire/event"
)

// dial opens a connection from an address of the loopback, and says something on it.
func dial(t *testing.T, from, to, say string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	c, err := d.DialContext(t.Context(), "tcp", to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if _, err := io.WriteString(c, say); err != nil {
		t.Fatal(err)
	}
	return c
}

// ends tells whether the server closes a connection within a time; what it says before is read.
func ends(c net.Conn, within time.Duration) bool {
	_ = c.SetReadDeadline(time.Now().Add(within))
	_, err := io.Copy(io.Discard, c)
	return err == nil || !strings.Contains(err.Error(), "timeout")
}

// statusOf is the first line of an answer.
func statusOf(c net.Conn) string {
	line, _ := bufio.NewReader(c).ReadString('\n')
	return line
}

// huge is a tree of one sparse file.
func huge(t *testing.T) content.Tree {
	t.Helper()
	dir := t.TempDir()
	at := filepath.Join(dir, "big")
	if err := os.WriteFile(at, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(at, 1<<30); err != nil {
		t.Fatal(err)
	}
	d, err := content.OpenDir(dir, "/")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

const get = "GET /boot/linux HTTP/1.1\r\nHost: x\r\n"

func TestABodyThatNeverComesIsNotWaitedFor(t *testing.T) {
	addr, _ := serving(t, Handler(tree(t), "x:1", nil, nil, nil), Limits{Body: 50 * time.Millisecond})
	for rule, request := range map[string]string{
		"of a GET":   get + "Content-Length: 100\r\n\r\n",
		"of a POST":  "POST /boot/linux HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n",
		"in chunks":  get + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n",
		"very large": get + "Content-Length: 1000000000\r\n\r\n",
		"expected":   get + "Expect: 100-continue\r\nContent-Length: 100\r\n\r\n",
	} {
		c := dial(t, "127.0.0.1", addr, request)
		if status := statusOf(c); !strings.Contains(status, " 200 ") && !strings.Contains(status, " 405 ") {
			t.Errorf("%s: it is answered %q", rule, status)
		}
		if !ends(c, 5*time.Second) {
			t.Errorf("%s: the connection stays open", rule)
		}
	}
}

func TestAClientThatTakesNothingIsGivenUpAndOneThatTakesLittleIsNot(t *testing.T) {
	const patience = time.Second
	addr, _ := serving(t, Handler(huge(t), "x:1", nil, nil, nil), Limits{Stall: patience})
	dead := dial(t, "127.0.0.1", addr, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
	_ = dead.(*net.TCPConn).SetReadBuffer(4096)
	slow := dial(t, "127.0.0.1", addr, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
	// What the kernels hold is taken without the client; then every piece takes longer than a third of the patience.
	piece := make([]byte, 256<<10)
	for until := time.Now().Add(3 * patience); time.Now().Before(until); time.Sleep(patience / 10) {
		if _, err := io.ReadFull(slow, piece); err != nil {
			t.Fatalf("the slow client was given up: %v", err)
		}
	}
	// It learns at once, though it has not taken what was sent before.
	if _, err := io.Copy(io.Discard, dead); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the client that took nothing for %v has %v", 3*patience, err)
	}
}

func TestConnectionsHaveLimits(t *testing.T) {
	var mu sync.Mutex
	var said []string
	limits := Limits{Conns: 8, PerClient: 4, Events: event.Func(func(e event.Event) {
		mu.Lock()
		defer mu.Unlock()
		if e.Kind == event.Fault {
			said = append(said, e.Text)
		}
	})}
	addr, _ := serving(t, Handler(huge(t), "x:1", nil, nil, nil), limits)
	const ask = "GET /nosuch HTTP/1.1\r\nHost: x\r\n\r\n"
	open := func(from, say string) net.Conn {
		c := dial(t, from, addr, say)
		if strings.HasSuffix(say, "\r\n\r\n") {
			_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
			if _, err := c.Read(make([]byte, 64)); err != nil {
				t.Fatalf("%s is not answered: %v", from, err)
			}
		}
		return c
	}
	busy := open("127.0.0.2", "GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
	var idle []net.Conn
	for _, say := range []string{"", "GET /half HTTP/1.1\r\nHo", ask} {
		idle = append(idle, open("127.0.0.2", say))
		time.Sleep(20 * time.Millisecond) // so that it is known who is oldest
	}
	open("127.0.0.2", ask)
	if !ends(idle[0], 5*time.Second) {
		t.Error("the oldest that asks for nothing has not given way to a fifth of its client")
	}
	other := open("127.0.0.3", ask)
	for range 10 {
		open("127.0.0.2", ask)
	}
	if ends(other, 100*time.Millisecond) {
		t.Error("one client's connections have driven out another's")
	}
	_ = busy.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.ReadFull(busy, make([]byte, 1<<20)); err != nil {
		t.Errorf("who is being answered has given way: %v", err)
	}
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"http: 127.0.0.2 has 4 connections, as many as one address may have: those that ask for nothing give way"}; !slices.Equal(said, want) {
		t.Errorf("told %q, want %q", said, want)
	}
}

func TestWhatIsNoRequestIsToldToo(t *testing.T) {
	told := make(chan event.Event, 9)
	addr, _ := serving(t, Handler(tree(t), "x:1", nil, nil, nil), Limits{Rule: func() string { return "x:1" }, Events: event.Func(func(e event.Event) { told <- e })})
	c := dial(t, "127.0.0.1", addr, get+"\r\n")
	if status := statusOf(c); !strings.Contains(status, " 200 ") {
		t.Fatalf("answered %q", status)
	}
	time.Sleep(20 * time.Millisecond)
	if _, err := io.WriteString(c, "GET /a b\x1b[31m HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case e := <-told:
		got := fmt.Sprint(e.Kind, e.Code, e.Path, e.Rule, e.Client)
		if want := fmt.Sprint(event.HTTPResponse, 400, `"GET /a b\x1b[31m HTTP/1.1"`, "x:1", "127.0.0.1"); got != want {
			t.Errorf("told %s, want %s", got, want)
		}
	case <-time.After(5 * time.Second):
		t.Error("nothing is told")
	}
}
