package httpd

import (
	"bytes"
	"context"
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

	"github.com/bootrig/bootrig/internal/must"
	"github.com/bootrig/bootrig/server/content"
)

// onDisk is a tree of one file, whose bytes tell where they are from.
func onDisk(t testing.TB, size int) (tree content.Tree, path string, text []byte) {
	t.Helper()
	for i := range size / 8 {
		text = fmt.Appendf(text, "%07x\n", i)
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

func fetch(t *testing.T, url, ranges string) ([]byte, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
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

// TestAFileThatIsCutOffEndsTheAnswer: the client sees that it has not got all, and waits for nothing.
func TestAFileThatIsCutOffEndsTheAnswer(t *testing.T) {
	tree, path, _ := onDisk(t, 64<<20)
	addr, _ := serving(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := tree.Open("f")
		if err != nil {
			t.Error(err)
			return
		}
		defer f.Close()
		if err := os.Truncate(path, 20<<20); err != nil {
			t.Error(err)
		}
		(&answer{ResponseWriter: w}).file(r, f)
	}))
	if got, err := fetch(t, "http://"+addr+"/f", ""); len(got) != 20<<20 || err == nil {
		t.Errorf("%d bytes, %v", len(got), err)
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
