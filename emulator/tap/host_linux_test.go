package tap

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
)

var listening = regexp.MustCompile(`^listening$`)

// newLab makes a lab that lives as long as the test.
func newLab(t testing.TB) *Lab {
	l := Drive(link.NewLAN(1))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return l
}

// self is a host that runs this test binary in a role.
func self(role string, binds ...Bind) HostSpec {
	return HostSpec{
		Name: "server", NICs: serverNIC,
		Argv: []string{Self}, Env: []string{roleVar + "=" + role, quickRace}, Binds: binds,
	}
}

func startHost(t testing.TB, l *Lab, spec HostSpec) *Host {
	t.Helper()
	h, err := l.Host(spec)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func ready(t testing.TB, h *Host, line *regexp.Regexp) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := h.Expect(ctx, line); err != nil {
		t.Fatal(err)
	}
}

func TestAProcessAnswersAScriptedClientOverTheLAN(t *testing.T) {
	if !inside(t) {
		return
	}
	l := newLab(t)
	h := startHost(t, l, self("echo"))
	ready(t, h, listening)
	var got string
	client := ask(7, "is there anybody?", func(answer string) { got = answer })
	plugClient(l, client)
	await(t, client.done)
	if got != "is there anybody?" {
		t.Fatalf("the echo is %q", got)
	}
	if err := h.Stop(); err != nil {
		t.Fatal(err)
	}
	if tail := strings.Join(h.Tail(9), "\n"); tail != "listening\ngoodbye" {
		t.Errorf("SIGTERM let the server say %q", tail)
	}
}

func TestAServerSeesTheScenariosFilesAtTheirConfiguredPaths(t *testing.T) {
	if !inside(t) {
		return
	}
	tree := t.TempDir()
	if err := os.WriteFile(tree+"/hello", []byte("from the tree"), 0o644); err != nil {
		t.Fatal(err)
	}
	l := newLab(t)
	h := startHost(t, l, self("tftpd", Bind{Host: tree, Inside: "/tftpboot", ReadOnly: true}))
	ready(t, h, listening)
	var got bytes.Buffer
	client := fetch("/tftpboot/hello", 512, func(block []byte) { got.Write(block) })
	plugClient(l, client)
	await(t, client.done)
	if got.String() != "from the tree" {
		t.Fatalf("fetched %q", got.String())
	}
}

func TestAProcessThatIsKilledStartsAgain(t *testing.T) {
	if !inside(t) {
		return
	}
	l := newLab(t)
	h := startHost(t, l, self("echo"))
	ready(t, h, listening)
	if err := h.Start(); err == nil || !strings.Contains(err.Error(), "is running") {
		t.Errorf("it was started twice: %v", err)
	}
	first := h.Done()
	h.Kill()
	await(t, first)
	if err := h.Err(); err != nil {
		t.Errorf("a process that we killed is told as a failure: %v", err)
	}
	if u := h.Usage(); u.Memory != 0 {
		t.Errorf("something runs that uses %d bytes", u.Memory)
	}
	if err := h.Start(); err != nil {
		t.Fatal(err)
	}
	ready(t, h, listening)
	var got string
	client := ask(7, "again?", func(answer string) { got = answer })
	plugClient(l, client)
	await(t, client.done)
	if got != "again?" {
		t.Fatalf("the echo is %q", got)
	}
	if err := h.Stop(); err != nil {
		t.Fatal(err)
	}
	if tail := strings.Join(h.Tail(9), "\n"); tail != "listening\nlistening\ngoodbye" {
		t.Errorf("both wrote %q", tail)
	}
}
