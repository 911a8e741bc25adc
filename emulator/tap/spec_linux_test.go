package tap

import (
	"bytes"
	"context"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/link"
)

func TestWhatAProcessSees(t *testing.T) {
	if !inside(t) {
		return
	}
	tree, file := t.TempDir(), filepath.Join(t.TempDir(), "overlay")
	for name, content := range map[string]string{tree + "/a": "a of the tree\n", tree + "/b": "b of the tree\n", file: "b above it\n"} {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	l := newLab(t)
	h := startHost(t, l, HostSpec{
		Name: "shell", NICs: []NIC{{MAC: serverMAC}}, Env: []string{"WORD=hello"}, Stdout: &out,
		Argv: []string{"sh", "-c", `
cat /srv/deep/tree/a /srv/deep/tree/b
(: >/srv/deep/tree/a) 2>/dev/null || echo a read-only bind is read-only
: >/etc/overlay && echo another is not
(: >/usr/bootrig-test) 2>/dev/null || echo the machine is read-only
: >/tmp/x && : >/run/x && : >/dev/null && echo /tmp, /run and /dev are not
pwd; echo $WORD $HOME $BOOTRIG_TAP_TEST_INSIDE
test -x ` + Self + ` && echo it sees the program
test $(cut -d' ' -f6 /proc/$$/stat) = $$ && echo ^C at the terminal is not for it
echo its files: $(ls /proc/self/fd)`},
		Binds: []Bind{
			{Host: tree, Inside: "/srv/deep/tree", ReadOnly: true},
			{Host: file, Inside: "/srv/deep/tree/b", ReadOnly: true},
			{Host: file, Inside: "/etc/overlay"},
		},
	})
	await(t, h.Done())
	want := `a of the tree
b above it
a read-only bind is read-only
another is not
the machine is read-only
/tmp, /run and /dev are not
/
hello /
it sees the program
^C at the terminal is not for it
its files: 0 1 2 3
`
	if diff := cmp.Diff(want, out.String()); diff != "" || h.Err() != nil {
		t.Errorf("%v (-want +got):\n%s", h.Err(), diff)
	}
	if info, err := os.Stat(file); err != nil || info.Size() != 0 {
		t.Errorf("what it wrote to a bind is not in the file: %v %v", info, err)
	}
}

func TestWhatCannotStartSaysWhy(t *testing.T) {
	if !inside(t) {
		return
	}
	good := self("echo")
	for _, c := range []struct {
		name string
		edit func(*HostSpec)
		want string
	}{
		{"a program that is not installed", func(s *HostSpec) { s.Argv = []string{"no-such-server"} }, "host server: there is no no-such-server in /"},
		{"a program that is not in the root", func(s *HostSpec) { s.Argv = []string{"/no/such"} }, "host server: fork/exec /no/such: no such file"},
		{"content that is not there", func(s *HostSpec) { s.Binds = []Bind{{Host: "/no/such", Inside: "/tftpboot"}} }, "host server: bind /no/such at /tftpboot: "},
		{"a relative path inside", func(s *HostSpec) { s.Binds = []Bind{{Host: "/etc", Inside: "tftpboot"}} }, `"tftpboot" is not a clean absolute path`},
		{"no name", func(s *HostSpec) { s.Name = "" }, `host ""`},
		{"no MAC address", func(s *HostSpec) { s.NICs = []NIC{{}} }, "host server: "},
		{"no card", func(s *HostSpec) { s.NICs = nil }, "host server: it has no card"},
		{"a route through nobody's network", func(s *HostSpec) {
			s.Routes = []link.Route{{To: netip.MustParsePrefix("10.0.0.0/8"), Via: netip.MustParseAddr("10.0.0.1")}}
		}, "host server: route to 10.0.0.0/8 via 10.0.0.1: "},
		{"a multicast MAC address", func(s *HostSpec) { s.NICs = []NIC{{MAC: []byte{1, 0, 0, 0, 0, 1}}} }, "host server: eth0: set address 01:00:00:00:00:01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, spec := newLab(t), good
			c.edit(&spec)
			if _, err := l.Host(spec); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if left, _ := filepath.Glob(hostsDir + "/*"); len(left) > 0 {
		t.Errorf("roots that were not removed: %v", left)
	}
}

func TestAServerThatIgnoresSIGTERMIsKilledWithItsDaemons(t *testing.T) {
	if !inside(t) {
		return
	}
	l := Drive(link.NewLAN(1))
	spec := self("stubborn")
	spec.Grace = time.Millisecond
	h := startHost(t, l, spec)
	ready(t, h, regexpOf("^daemon"))
	pids := h.ns.processes()
	if len(pids) != 2 {
		t.Fatalf("%d processes run, not the server and its daemon", len(pids))
	}
	if err := h.Stop(); err == nil || !strings.Contains(err.Error(), "did not end within 1ms of SIGTERM") {
		t.Errorf("Stop: %v", err)
	}
	for _, pid := range pids {
		if state, _ := status(pid); state != "gone" && state != "Z" {
			t.Errorf("process %d lives on", pid)
		}
	}
	if _, err := os.Stat(h.root); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its root remains: %v", err)
	}
	if err := l.Close(); err == nil || !strings.Contains(err.Error(), "did not end within 1ms of SIGTERM") {
		t.Errorf("Close: %v", err)
	}
}

func TestALabAtItsEndTakesNoHosts(t *testing.T) {
	if !inside(t) {
		return
	}
	l := Drive(link.NewLAN(1))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Run(ended); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Host(self("echo")); err == nil || !strings.HasSuffix(err.Error(), "the lab is at its end") {
		t.Errorf("Host: %v", err)
	}
	if _, _, err := l.Socket("guest", 0); err == nil || !strings.HasSuffix(err.Error(), "the lab is at its end") {
		t.Errorf("Socket: %v", err)
	}
}
