package control

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

// serve answers at a path until the test ends.
func serve(t *testing.T, path string, h Handler) {
	t.Helper()
	l, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.Serve(ctx, h) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		goleak.VerifyNone(t)
		if _, err := os.Lstat(path); err == nil {
			t.Errorf("%s is left", path)
		}
	})
}

func TestARequestHasLinesAndACodeForAnAnswer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run", "control.sock")
	serve(t, path, func(words []string, say func(string)) int {
		say(strings.Join(words, "+"))
		say("two\nlines")
		return len(words)
	})
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
	for range 2 * maxConns {
		var got []string
		code, err := Ask(t.Context(), path, []string{"reload", "now"}, func(line string) { got = append(got, line) })
		if err != nil || code != 2 {
			t.Errorf("%d, %v", code, err)
		}
		if diff := cmp.Diff([]string{"reload+now", "two", "lines"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// Whoever sends nothing, too much, or goes away holds nobody up.
func TestStrangersHoldNobodyUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "control.sock")
	serve(t, path, func([]string, func(string)) int { return 0 })
	for i, sends := range []string{"", "no line", strings.Repeat("x", 2*maxRequest), "reload\n"} {
		c, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprint(c, sends) // it may be closed under us
		if i%2 == 0 {
			defer c.Close()
			continue
		}
		c.Close()
	}
	if code, err := Ask(t.Context(), path, []string{"reload"}, func(string) {}); code != 0 || err != nil {
		t.Errorf("%d, %v", code, err)
	}
}

func TestWhereASocketCannotBe(t *testing.T) {
	dir := t.TempDir()
	taken, file, left, long := filepath.Join(dir, "taken"), filepath.Join(dir, "file"), filepath.Join(dir, "left"), filepath.Join(dir, strings.Repeat("long", 30))
	serve(t, taken, func([]string, func(string)) int { return 0 })
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	killed, err := net.Listen("unix", left)
	if err != nil {
		t.Fatal(err)
	}
	killed.(*net.UnixListener).SetUnlinkOnClose(false)
	killed.Close()
	for path, want := range map[string]string{
		taken: "the control socket: a server answers at " + taken + " already",
		file:  "the control socket: " + file + " is there already and is no socket",
		long:  "the control socket: listen unix " + long + ": bind: invalid argument",
		left:  "",
	} {
		l, err := Listen(path)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			l.Close()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestWhoIsNotThereIsSaidInOneLine(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "none")
	_, err := Ask(t.Context(), path, nil, nil)
	if want := "no bootrig serve listens at " + path + ": start one, or say where it does with --socket PATH"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	for says, want := range map[string]string{
		"":               " ended before it had answered",
		"HTTP/1.1 400\n": `is the socket of no bootrig: it said "HTTP/1.1 400\n"`,
	} {
		l, err := net.Listen("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			c, err := l.Accept()
			if err == nil {
				_, _ = c.Read(make([]byte, 100))
				_, _ = fmt.Fprint(c, says)
				c.Close()
			}
		}()
		if _, err := Ask(t.Context(), path, []string{"reload"}, nil); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", says, err, want)
		}
		l.Close()
	}
}
