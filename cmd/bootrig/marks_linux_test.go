package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/vishvananda/netlink"

	"github.com/bootrig/bootrig/server/control"
	"github.com/bootrig/bootrig/server/machines"
)

// booting is the DISCOVER of a ROM.
func booting(mac net.HardwareAddr) *dhcpv4.DHCPv4 {
	p := packet(mac, dhcpv4.MessageTypeDiscover)
	p.Options[60], p.Options[93] = []byte("PXEClient:Arch:00000:UNDI:002001"), []byte{0, 0}
	return p
}

// file is what the ROM of a machine is told to load.
func (c *tenants) file(t *testing.T, server *victim, mac net.HardwareAddr) string {
	t.Helper()
	return c.exchange(t, server, booting(mac)).BootFileName
}

// installs is a lab where those with the tag install are given a file. It gives addresses, so that all are answered.
func installs(t *testing.T) (conf, state, socket string) {
	t.Helper()
	dir := public(t)
	conf = filepath.Join(dir, "dnsmasq.conf")
	ok(t, os.WriteFile(conf, []byte("port=0\nno-ping\ndhcp-range=192.168.9.10,192.168.9.200\ndhcp-boot=tag:install,pxelinux.0\n"), 0o644))
	return conf, filepath.Join(dir, "state", "state.db"), filepath.Join(dir, "state", "control.sock")
}

// listening waits until a server answers at its socket.
func listening(t *testing.T, server *victim, socket string) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for late := time.Now().Add(20 * time.Second); time.Now().Before(late); <-tick.C {
		if _, err := control.Ask(t.Context(), socket, []string{"leases"}, func(string) {}); err == nil {
			return
		}
	}
	t.Fatalf("no server answers; it says %s", server.said.Bytes())
}

// Two machines with marks of their own, and one without, at once, in both languages.
func TestMachinesBootWhatTheyAreMarkedFor(t *testing.T) {
	for name, text := range map[string]string{
		"dnsmasq.conf": "port=0\nno-ping\ndhcp-range=192.168.9.10,192.168.9.200\ndhcp-boot=tag:install,install.0\ndhcp-boot=tag:rescue,rescue.0\ndhcp-boot=tag:!install,tag:!rescue,disk.0\n",
		"bootrig.yaml": "leases: {ranges: [{from: 192.168.9.10, to: 192.168.9.200}], no-ping: true}\n" +
			"boot: [{file: install.0, tags: install}, {file: rescue.0, tags: rescue}, {file: disk.0, tags: [not install, not rescue]}]\n",
	} {
		t.Run(name, func(t *testing.T) {
			c := lab(t)
			dir := public(t)
			conf, socket := filepath.Join(dir, name), filepath.Join(dir, "state", "control.sock")
			ok(t, os.WriteFile(conf, []byte(text), 0o644))
			flag := map[string]string{"dnsmasq.conf": "-C", "bootrig.yaml": "-c"}[name]
			server := &victim{args: []string{"serve", flag, conf, "-i", "eth0", "--state", filepath.Join(dir, "state", "state.db")}}
			server.start(t)
			defer server.end()
			defer func() { _ = server.process.Process.Kill() }()
			listening(t, server, socket)
			asked(t, socket, "once", "02:00:00:05:00:01", until, "install")
			asked(t, socket, "set", "02:00:00:05:00:02", "rescue")
			want := []string{"install.0", "rescue.0", "disk.0"}
			for range 2 { // the second time as a ROM that asks again
				var got []string
				for n := range want {
					got = append(got, c.file(t, server, net.HardwareAddr{2, 0, 0, 5, 0, byte(n + 1)}))
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
			asked(t, socket, "done", "02:00:00:05:00:01")
			asked(t, socket, "set", "02:00:00:05:00:02")
			for n := range 2 {
				if got := c.file(t, server, net.HardwareAddr{2, 0, 0, 5, 0, byte(n + 1)}); got != "disk.0" {
					t.Errorf("machine %d is given %s when its mark is taken away", n+1, got)
				}
			}
		})
	}
}

func TestMarksAreMadeAndTold(t *testing.T) {
	lab(t)
	conf, state, socket := installs(t)
	server := &victim{args: []string{"serve", "-C", conf, "-i", "eth0", "--state", state}}
	server.start(t)
	defer func() { server.end() }()
	defer func() { _ = server.process.Process.Kill() }()
	listening(t, server, socket)
	const list = `^MACHINE +ADDRESS +ARCH +HEARD +BOOTS +MARK +LAST BOOT\n`
	for _, s := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"machines", "once", "02-00-00-06-00-01"}, 0, `^02:00:00:06:00:01: install at its next boot\n$`},
		{[]string{"machines", "once", "0200.0006.0002", "install", "--until", "a b/%2f"}, 0, `^02:00:00:06:00:02: install at its next boot, until it fetches a b/%2f\n$`},
		{[]string{"machines", "set", "02:00:00:06:00:03", "rack2", "install"}, 0,
			`^02:00:00:06:00:03: rack2 install\nnote: no line of the configuration asks for the tag rack2, so nothing is another for it\n$`},
		{[]string{"machines", "once", "02:00:00:06:00:03", "--until", "callback"}, 0, `^02:00:00:06:00:03: rack2 install; install at its next boot, until it calls back\n$`},
		{args: nil}, // it is killed, and started anew
		{[]string{"machines"}, 0, list + `02:00:00:06:00:01  - +- +- +0 +install at its next boot +was told nothing\n` +
			`02:00:00:06:00:02  - +- +- +0 +install at its next boot, until it fetches a b/%2f +was told nothing\n` +
			`02:00:00:06:00:03  - +- +- +0 +rack2 install; install at its next boot, until it calls back +was told nothing\n$`},
		{[]string{"machines", "--json"}, 0, `^\{"mac":"02:00:00:06:00:01","boots":0,"boot":\{"files":0,"bytes":0\},"mark":\{"once":\{"tags":\["install"\],"made":"[^"]+"\}\}\}\n`},
		{[]string{"machines", "once", "02:00:00:06:00:01", "--done"}, 0, `^$`},
		{[]string{"machines", "once", "02:00:00:06:00:01", "--done"}, 1, `^02:00:00:06:00:01 has no mark for a boot\n$`},
		{[]string{"machines", "set", "02:00:00:06:00:03"}, 0, `^02:00:00:06:00:03: install at its next boot, until it calls back\n$`},
		{[]string{"machines", "forget", "02:00:00:06:00:03"}, 0, `^$`},
		{[]string{"machines", "forget", "02:00:00:06:00:03"}, 1, `^02:00:00:06:00:03 was not heard of\n$`},
		{args: nil}, // it is killed, and started anew
		{[]string{"machines"}, 0, list + `02:00:00:06:00:02 +.*fetches a b/%2f +was told nothing\n$`},
		{[]string{"machines", "set", "pc", "x"}, 2, `^"pc" is no MAC address, such as 52:54:00:12:34:56\n$`},
		{[]string{"machines", "set", "02:00:00:06:00:02", "!x"}, 2, `^"!x" is no tag: a word such as install, without comma`},
		{[]string{"machines", "once", "02:00:00:06:00:02", ""}, 2, `^"" is no tag`},
		{[]string{"machines", "once", "02:00:00:06:00:02", "--done", "--until", "x"}, 2, `^bootrig: --until and --done can't be used together`},
	} {
		if s.args == nil {
			_ = server.process.Process.Kill()
			server.end()
			server.start(t)
			listening(t, server, socket)
			continue
		}
		got, code := says(t, append(s.args, "--socket", socket)...)
		if code != s.code || !regexp.MustCompile(s.want).MatchString(got) {
			t.Errorf("bootrig %q exits with %d, want %d, and says\n%s\nwhich is no\n%s", s.args, code, s.code, got, s.want)
		}
	}
}

// A proxy serves whatever becomes of its file. Who wants a mark is told why there is none, and nobody is marked.
func TestMarksThatCannotBeKeptAreRefused(t *testing.T) {
	dir := public(t)
	conf, lease := filepath.Join(dir, "proxy.conf"), filepath.Join(dir, "lease.conf")
	ok(t, os.WriteFile(conf, []byte("port=0\ndhcp-range=192.168.9.0,proxy\ndhcp-boot=pxelinux.0\n"), 0o644))
	ok(t, os.WriteFile(lease, []byte("port=0\nno-ping\ndhcp-range=192.168.9.10,192.168.9.200\ndhcp-boot=pxelinux.0\n"), 0o644))
	ok(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o644))
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"a directory that cannot be made": {[]string{"-C", conf, "--state", filepath.Join(dir, "file", "state.db")},
			`state: mkdir .*/file: not a directory: let this user write there, or name another file, --state FILE`},
		"a file of another bootrig": {[]string{"-C", conf, "--state", filepath.Join(dir, "used", "used.db")},
			`state: .*/used\.db is in use by another bootrig: end that one, or name another file, --state FILE: .*`},
		"a file of leases": {[]string{"-C", lease, "--state", filepath.Join(dir, "file", "state.db")},
			`state: mkdir .*/file: not a directory: let this user write there, or name another file, --state FILE`},
		"a dry run": {[]string{"-C", conf, "--dry-run", "--state", filepath.Join(dir, "dry.db")}, `a dry run keeps nothing`},
	} {
		t.Run(name, func(t *testing.T) {
			c2 := lab(t)
			socket := filepath.Join(public(t), "control.sock")
			other := &victim{args: []string{"serve", "-C", lease, "-i", "lo", "--state", filepath.Join(dir, "used", "used.db"), "--socket", socket + "2"}}
			if name == "a file of another bootrig" {
				other.start(t)
				defer other.end()
				defer func() { _ = other.process.Process.Kill() }()
				listening(t, other, socket+"2")
			}
			server := &victim{args: append([]string{"serve", "-i", "eth0", "--socket", socket}, c.args...)}
			server.start(t)
			defer server.end()
			defer func() { _ = server.process.Process.Kill() }()
			listening(t, server, socket)
			for _, args := range [][]string{{"once"}, {"set"}} {
				got, code := says(t, "machines", args[0], "02:00:00:07:00:01", "install", "--socket", socket)
				if code != 1 || !regexp.MustCompile(`^02:00:00:07:00:01 is not marked: `+c.want+`\n$`).MatchString(got) {
					t.Errorf("it exits with %d and says %s", code, got)
				}
			}
			if all := known(t, socket); len(all) > 0 {
				t.Errorf("it knows %v", all)
			}
			if name == "a dry run" {
				if made, _ := filepath.Glob(filepath.Join(dir, "dry.db*")); len(made) > 0 {
					t.Errorf("it wrote %v", made)
				}
				return
			}
			if got := c2.file(t, server, net.HardwareAddr{2, 0, 0, 7, 0, 1}); got != "pxelinux.0" {
				t.Errorf("a machine is given %q", got)
			}
			if got := known(t, socket)["02:00:00:07:00:01"]; got.Boots != 1 {
				t.Errorf("known is %v", got)
			}
		})
	}
}

// An installer is given its answers, which have it call back when it has finished: the machine is marked no more.
func TestAnInstallThatCallsBackIsOver(t *testing.T) {
	c := lab(t)
	lo, err := netlink.LinkByName("lo")
	ok(t, err)
	ok(t, netlink.LinkSetUp(lo))
	dir := public(t)
	for name, text := range map[string]string{
		"netboot/pxelinux.0":           "PXELINUX 6.04 PXE\n",
		"netboot/pxelinux.cfg/default": "DEFAULT linux\nLABEL linux\n  LINUX linux\n",
		"answers/preseed.cfg":          "d-i preseed/late_command string wget -q -O- {{callback}}\n",
		"bootrig.yaml": "networks: [{network: 192.168.9.0/24}]\nmedia: {paths: [netboot], seed: answers}\nhttp: {port: 80}\n" +
			"ignore: [{tags: not install}]\n",
	} {
		ok(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		ok(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	socket := filepath.Join(dir, "state", "control.sock")
	server := &victim{args: []string{"serve", "-c", filepath.Join(dir, "bootrig.yaml"), "-i", "eth0", "--state", filepath.Join(dir, "state", "state.db")}}
	server.start(t)
	defer server.end()
	defer func() { _ = server.process.Process.Kill() }()
	listening(t, server, socket)
	const mac = "02:00:00:08:00:01"
	asked(t, socket, "once", mac, until+machines.Callback, "install")
	pc := net.HardwareAddr{2, 0, 0, 8, 0, 1}
	c.exchange(t, server, booting(pc))
	answers := get(t, "/seed/"+mac+"/preseed.cfg")
	_, callback, found := strings.Cut(answers, "http://192.168.9.2")
	if !found || known(t, socket)[mac].Mark == nil {
		t.Fatalf("its answers are %q, and it is marked %v", answers, known(t, socket)[mac].Mark)
	}
	get(t, strings.TrimSpace(callback))
	if m := known(t, socket)[mac]; m.Mark != nil || m.Boot.Done != "installed" {
		t.Errorf("it called back, is marked %v, and came so far: %s", m.Mark, m.Boot.Line())
	}
}

// get asks the server over HTTP. It dials by itself: the threads of http are in other namespaces.
func get(t *testing.T, path string) string {
	t.Helper()
	conn, err := net.Dial("tcp", "192.168.9.2:80")
	ok(t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "GET %s HTTP/1.0\r\nHost: 192.168.9.2\r\n\r\n", path)
	ok(t, err)
	text, err := io.ReadAll(conn)
	ok(t, err)
	if !regexp.MustCompile(`^HTTP/1.[01] 20`).Match(text) {
		t.Fatalf("%s is answered %s", path, text)
	}
	_, body, _ := strings.Cut(string(text), "\r\n\r\n")
	return body
}
