package tap

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// host is a small machine.
var host = fstest.MapFS{
	"bin":           {Data: []byte("usr/bin"), Mode: fs.ModeSymlink},
	"usr/bin/sh":    {Mode: 0o755},
	"etc/passwd":    {},
	"etc/services":  {},
	"etc/dnsmasq.d": {Mode: fs.ModeDir},
	"dev/net/tun":   {},
	"dev/null":      {},
	"etc/shadow":    {},
	"var/log/a":     {},
	"root/secret":   {},
	"proc/1":        {},
	"sys/class":     {},
	"run/lock":      {},
	"tmp/secret":    {},
	"home/a/tree/x": {},
	"home/a/tree/y": {},
	"home/a/conf":   {},
}

func TestARootShowsTheMachineAndTheBinds(t *testing.T) {
	machine := []string{
		"mkdir /dev", "mkdir /dev/shm", "bind-file /dev/null /dev/null", "symlink /dev/stdin /proc/self/fd/0", "symlink /dev/stdout /proc/self/fd/1",
		"symlink /dev/stderr /proc/self/fd/2", "symlink /dev/fd /proc/self/fd", "symlink /bin usr/bin",
	}
	etc := "bind-dir /etc /etc ro"
	rest := []string{"bind-dir /proc /proc ro", "bind-dir /usr /usr ro", "bind-dir /var /var ro"}
	masks := []string{"mask-file /etc/shadow ro", "mask-dir /var/log ro"}
	for _, c := range []struct {
		name  string
		binds []Bind
		want  [][]string
	}{
		{
			name: "nothing bound: what the machine's programs are made of, and nothing that is somebody's",
			want: [][]string{machine, {etc}, rest},
		},
		{
			name:  "a path that the machine does not have",
			binds: []Bind{{Host: "/home/a/tree", Inside: "/tftpboot", ReadOnly: true}},
			want:  [][]string{machine, {etc}, rest, {"bind-dir /tftpboot /home/a/tree ro"}},
		},
		{
			name:  "a deep path that the machine does not have",
			binds: []Bind{{Host: "/home/a/tree", Inside: "/srv/tftp/tree"}},
			want:  [][]string{machine, {etc}, rest, {"mkdir /srv", "mkdir /srv/tftp", "bind-dir /srv/tftp/tree /home/a/tree"}},
		},
		{
			name:  "a file in a directory of the machine, whose other entries stay",
			binds: []Bind{{Host: "/home/a/conf", Inside: "/etc/dnsmasq.conf", ReadOnly: true}},
			want: [][]string{machine, rest, {
				"mkdir /etc", "bind-dir /etc/dnsmasq.d /etc/dnsmasq.d ro", "bind-file /etc/passwd /etc/passwd ro",
				"bind-file /etc/services /etc/services ro", "bind-file /etc/shadow /etc/shadow ro", "bind-file /etc/dnsmasq.conf /home/a/conf ro"}},
		},
		{
			name:  "a file that covers one of the machine's",
			binds: []Bind{{Host: "/home/a/conf", Inside: "/etc/passwd"}},
			want: [][]string{machine, rest, {
				"mkdir /etc", "bind-dir /etc/dnsmasq.d /etc/dnsmasq.d ro",
				"bind-file /etc/services /etc/services ro", "bind-file /etc/shadow /etc/shadow ro", "bind-file /etc/passwd /home/a/conf"}},
		},
		{
			name: "a file over one of a bound tree, which may be written",
			binds: []Bind{
				{Host: "/home/a/conf", Inside: "/tftpboot/x", ReadOnly: true},
				{Host: "/home/a/tree", Inside: "/tftpboot"},
			},
			want: [][]string{machine, {etc}, rest, {
				"mkdir /tftpboot", "bind-file /tftpboot/y /home/a/tree/y", "bind-file /tftpboot/x /home/a/conf ro"}},
		},
		{
			name:  "a file below /run, which is empty otherwise",
			binds: []Bind{{Host: "/home/a/conf", Inside: "/run/conf"}},
			want:  [][]string{machine, {etc}, rest, {"mkdir /run", "bind-file /run/conf /home/a/conf"}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			steps, err := planRoot(host, c.binds)
			if err != nil {
				t.Fatal(err)
			}
			var want, got []string
			for _, part := range append(c.want, masks) {
				want = append(want, part...)
			}
			for _, s := range steps {
				got = append(got, s.String())
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBindsThatMakeNoRoot(t *testing.T) {
	for _, c := range []struct {
		name  string
		binds []Bind
		want  string
	}{
		{"a relative path", []Bind{{Host: "/etc", Inside: "etc"}}, "not a clean absolute path"},
		{"a path that climbs", []Bind{{Host: "/etc", Inside: "/a/../b"}}, "not a clean absolute path"},
		{"the root itself", []Bind{{Host: "/etc", Inside: "/"}}, "not a clean absolute path"},
		{"the same path twice", []Bind{{Host: "/etc", Inside: "/a"}, {Host: "/usr", Inside: "/a"}}, "something else is bound"},
		{"nothing at the other end", []Bind{{Host: "/nothing", Inside: "/a"}}, "bind /nothing at /a"},
		{"a path below a bound file", []Bind{{Host: "/home/a/conf", Inside: "/a"}, {Host: "/etc", Inside: "/a/b"}}, "bind /etc at /a/b: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := planRoot(host, c.binds); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// String is the step as the tables above write it.
func (s step) String() string {
	words := []string{string(s.do), s.inside}
	if s.from != "" {
		words = append(words, s.from)
	}
	if s.ro {
		words = append(words, "ro")
	}
	return strings.Join(words, " ")
}
