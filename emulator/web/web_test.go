package web_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/emulator/sim"
	"github.com/bootrig/bootrig/emulator/tftp"
	"github.com/bootrig/bootrig/emulator/web"
	"github.com/bootrig/bootrig/wire/machine"
)

var large = bytes.Repeat([]byte("a kernel"), 1<<17)

// pages is what the server has.
func pages(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/large":
		http.ServeContent(w, r, "large", time.Time{}, bytes.NewReader(large))
	case "/unsaid": // its length is said by the end of the connection alone
		for range 10 {
			_, _ = w.Write(large[:10_000])
		}
	case "/chunked":
		w.Header().Set("Transfer-Encoding", "chunked")
		fmt.Fprintf(w, "%x\r\n%s\r\n5\r\n0\r\n\r\n\r\n0\r\n\r\n", len(large), large) // the last but one chunk looks like an end
	case "/whom":
		local := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
		_, _ = io.WriteString(w, r.Method+" "+r.Host+" "+r.RemoteAddr+" "+local.String()+" "+r.Header.Get("User-Agent"))
	case "/secret":
		http.Error(w, "no", http.StatusForbidden)
	default:
		http.NotFound(w, r)
	}
}

// none is a server without UDP.
type none struct{}

func (none) Receive(time.Time, machine.Input) {}
func (none) Expire(time.Time)                 {}
func (none) Next() (machine.Datagram, bool)   { return machine.Datagram{}, false }
func (none) Deadline() (time.Time, bool)      { return time.Time{}, false }

// get reads a file over a LAN in virtual time, after those of before by the same connection.
func get(t *testing.T, faults link.Faults, files ...web.Config) *web.Transfer {
	t.Helper()
	lan := link.NewLAN(1)
	lan.SetFaults(faults)
	server := web.Serve(none{}, func(port uint16) bool { return port == 80 }, http.HandlerFunc(pages))
	defer server.(io.Closer).Close()
	lan.Plug("server", link.NewStack(link.StackConfig{MAC: net.HardwareAddr{2, 0, 0, 0, 0, 2}, Addr: netip.MustParsePrefix("192.168.9.2/24"), TCP: true}, server))
	world := sim.New(lan, time.Unix(1e9, 0))
	var last *web.Transfer
	for i, cfg := range files {
		cfg.Local, cfg.Host = netip.AddrPortFrom(netip.MustParseAddr("192.168.9.100"), 1024), "192.168.9.2"
		if !cfg.Server.IsValid() {
			cfg.Server = netip.MustParseAddrPort("192.168.9.2:80")
		}
		cfg.Request, cfg.Over = "{method} {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: rom\r\n\r\n", last
		last = web.New(world.Now(), cfg)
		port := lan.Plug("client", link.NewStack(link.StackConfig{MAC: net.HardwareAddr{2, 0, 0, 0, 1, byte(i)}, TCP: true}, last))
		world.Run(world.Now().Add(time.Hour), func() bool { _, _, done := last.Done(); return done })
		lan.Unplug(port)
	}
	return last
}

func TestAFileComesWholeWhateverTheWireDoes(t *testing.T) {
	for _, faults := range []link.Faults{{}, {Loss: 0.02, Duplicate: 0.02, Reorder: 0.02}} {
		for path, want := range map[string][]byte{"/large": large, "/unsaid": bytes.Repeat(large[:10_000], 10), "/chunked": []byte(string(large) + "0\r\n\r\n")} {
			content, err, done := get(t, faults, web.Config{Path: path}).Done()
			if err != nil || !done || !bytes.Equal(content, want) {
				t.Errorf("%+v: %s: %d bytes, %v, done %t, want %d bytes", faults, path, len(content), err, done, len(want))
			}
		}
	}
}

func TestTheHandlerSeesTheRequest(t *testing.T) {
	content, err, _ := get(t, link.Faults{}, web.Config{Path: "/large", Probe: true}, web.Config{Path: "/whom"}).Done()
	if want := "GET 192.168.9.2 192.168.9.100:1024 192.168.9.2:80 rom"; string(content) != want || err != nil {
		t.Errorf("%q, %v, want %q", content, err, want)
	}
}

func TestAProbeLearnsTheSizeAndLeavesTheFile(t *testing.T) {
	probe := get(t, link.Faults{}, web.Config{Path: "/large", Probe: true})
	if content, err, done := probe.Done(); err != nil || !done || content != nil || probe.Size() != int64(len(large)) {
		t.Errorf("%d bytes, %v, done %t, size %d, want none and size %d", len(content), err, done, probe.Size(), len(large))
	}
}

func TestWhyAFileDoesNotCome(t *testing.T) {
	for _, tc := range []struct {
		what string
		cfg  web.Config
		want tftp.Reason
		text string
	}{
		{"it is not there", web.Config{Path: "/none"}, tftp.NotFound, "404 Not Found to GET /none"},
		{"it is not for us", web.Config{Path: "/secret", Probe: true}, tftp.AccessDenied, "403 Forbidden to HEAD /secret"},
		{"the port is closed", web.Config{Path: "/", Server: netip.MustParseAddrPort("192.168.9.2:81")}, tftp.Unreachable, "nobody listens at 192.168.9.2:81"},
		{"there is no host", web.Config{Path: "/", Server: netip.MustParseAddrPort("192.168.9.3:80")}, tftp.OpenTimeout, "192.168.9.3:80 did not answer"},
		{"nothing says its size", web.Config{Path: "/unsaid", Probe: true}, tftp.NoSize, "does not say how long /unsaid is"},
		{"it is larger than memory", web.Config{Path: "/large", Memory: 1000}, tftp.TooBig, "has 1048576 bytes, memory for files is 1000"},
	} {
		_, err, _ := get(t, link.Faults{}, tc.cfg).Done()
		if err == nil || err.Reason != tc.want || !strings.Contains(err.Text, tc.text) {
			t.Errorf("%s: %+v, want %s: %s", tc.what, err, tc.want, tc.text)
		}
	}
}

func TestAServerThatGoesSilentIsNotWaitedForLongerThanSaid(t *testing.T) {
	start := time.Unix(1e9, 0)
	cfg := web.Config{Server: netip.MustParseAddrPort("192.168.9.2:80"), Path: "/", Wait: 500 * time.Millisecond}
	transfer := web.New(start, cfg)
	at, _ := transfer.Deadline()
	transfer.Expire(at)
	if _, err, done := transfer.Done(); !done || err.Reason != tftp.ReadTimeout || at.Sub(start) != cfg.Wait {
		t.Errorf("after %s: %+v, done %t, want a read timeout after %s", at.Sub(start), err, done, cfg.Wait)
	}
}
