package httpd

import (
	"context"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/bootrig/bootrig/internal/must"
)

// serving runs Serve until the test ends and checks that nothing of it remains.
func serving(t *testing.T, h http.Handler, limits ...Limits) (addr string, stop func()) {
	t.Helper()
	leaks := goleak.IgnoreCurrent()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, h, append(limits, Limits{})[0], l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
		goleak.VerifyNone(t, leaks)
	})
	return l.Addr().String(), cancel
}

func TestServeGivesCurlWhatItAsks(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		must.Skip(t, must.Peers, "curl is not installed")
	}
	addr, _ := serving(t, Handler(tree(t), "x:1", nil, nil, nil))
	for _, c := range []struct{ args, want string }{
		{"/boot/linux", "0123456789"},
		{"-r 3-5 /boot/linux", "345"},
		{"-r 0-0 /boot/linux", "0"},
		{"-r -3 /boot/linux", "789"},
		{"-H Range:bytes=u-u /boot/linux", "0123456789"},
		{"-o /dev/null -w %{http_code} -r 20- /boot/linux", "416"},
		{"--path-as-is //boot//linux", "0123456789"},
		{"/boot/.treeinfo", "[general]"},
		{"--path-as-is /a/../boot/linux", "0123456789"},
		{"-L /site", "<p>home</p>"},
		{"-o /dev/null -w %{http_code} /nosuch", "404"},
		{"-I -o /dev/null -w %header{content-length} /boot/linux", "10"},
	} {
		args := strings.Fields(c.args)
		args[len(args)-1] = "http://" + addr + args[len(args)-1]
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		got, err := exec.CommandContext(ctx, curl, append([]string{"-s", "-S"}, args...)...).Output()
		cancel()
		if err != nil || string(got) != c.want {
			t.Errorf("curl %s: %q, %v, want %q", c.args, got, err, c.want)
		}
	}
}

func TestServeLetsABodyFinish(t *testing.T) {
	begun, goOn := make(chan bool), make(chan bool)
	addr, stop := serving(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun <- true
		<-goOn
		_, _ = io.WriteString(w, "all of it")
	}))
	body := make(chan string, 1)
	go func() {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		got, err := client.Get("http://" + addr)
		if err != nil {
			body <- err.Error()
			return
		}
		defer got.Body.Close()
		text, _ := io.ReadAll(got.Body)
		body <- string(text)
	}()
	<-begun
	stop()
	goOn <- true
	if got := <-body; got != "all of it" {
		t.Errorf("the body that was under way: %q", got)
	}
}

func TestServeSaysThatItsListenerFailed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := Serve(t.Context(), http.NotFoundHandler(), Limits{}, l); err == nil {
		t.Error("no error")
	}
}
