package httpd

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/server/content"
)

// onDisk is a tree of one file, whose bytes tell where they are from.
func onDisk(t testing.TB, size int) (tree content.Tree, path string, text []byte) {
	t.Helper()
	for i := range size / 8 {
		text = binary.BigEndian.AppendUint64(text, uint64(i))
	}
	path = filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	d, err := content.OpenDir(filepath.Dir(path), "/")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, path, text
}

func request(t *testing.T, url string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func fetch(t *testing.T, url, ranges string) ([]byte, error) {
	t.Helper()
	req := request(t, url)
	if ranges != "" {
		req.Header.Set("Range", ranges)
	}
	r, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	return io.ReadAll(r.Body)
}

func TestAFileOfTheHostIsSentAsItLies(t *testing.T) {
	const size = 10 << 20
	tree, _, text := onDisk(t, size)
	f, err := tree.Open("f")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	addr, _ := serving(t, Handler(tree, "x:1", nil, nil, nil))
	if sendfile(dial(t, "127.0.0.1", addr, ""), newBody(f)) == nil {
		t.Error("there is no way to send it but by copying")
	}
	for ranges, want := range map[string][]byte{
		"":                              text,
		"bytes=0-0":                     text[:1],
		"bytes=511-512":                 text[511:513],
		"bytes=5000000-":                text[5_000_000:],
		"bytes=-3":                      text[size-3:],
		"bytes=100000-9999999":          text[100_000:10_000_000],
		"bytes=4194304-8388608":         text[4<<20 : 8<<20+1],
		fmt.Sprintf("bytes=0-%d", size): text,
	} {
		if got, err := fetch(t, "http://"+addr+"/f", ranges); err != nil || !bytes.Equal(got, want) {
			t.Errorf("range %q: %d bytes that are others, want %d: %v", ranges, len(got), len(want), err)
		}
	}
}

// TestAFileThatIsCutOffEndsTheAnswer: the client sees that it has not got all, waits for nothing, and has what there was,
// also where it takes the last of it after the server is gone.
func TestAFileThatIsCutOffEndsTheAnswer(t *testing.T) {
	const left = 64 << 10
	tree, path, text := onDisk(t, 1<<20)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	answered, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- Serve(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer close(answered)
			f, err := tree.Open("f")
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			if err := os.Truncate(path, left); err != nil {
				t.Error(err)
			}
			(&answer{ResponseWriter: w}).file(r, f)
		}), Limits{}, l)
	}()
	small := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, 4096) })
	}}
	r, err := (&http.Transport{DisableKeepAlives: true, DialContext: small.DialContext, ReadBufferSize: 512}).RoundTrip(request(t, "http://"+l.Addr().String()+"/f"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	<-answered
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got, err := io.ReadAll(r.Body); !bytes.Equal(got, text[:left]) || err == nil {
		t.Errorf("%d bytes of %d, %v", len(got), left, err)
	}
}

// BenchmarkServe has curl fetch a large file over the loopback. What the server uses says more than the time.
func BenchmarkServe(b *testing.B) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		must.Skip(b, must.Peers, "curl is not installed")
	}
	const size = 256 << 20
	tree, _, _ := onDisk(b, size)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, Handler(tree, "x:1", nil, nil, nil), Limits{}, l) }()
	defer func() { cancel(); <-ended }()
	b.SetBytes(size)
	before := used(b)
	for b.Loop() {
		if out, err := exec.CommandContext(b.Context(), curl, "-sS", "-o", "/dev/null", "http://"+l.Addr().String()+"/f").CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
	}
	b.ReportMetric(float64((used(b)-before).Microseconds())/float64(b.N)/1000, "server-ms/op")
}

func used(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
