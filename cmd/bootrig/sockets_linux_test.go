package main

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/internal/must"
)

// With sockets that systemd opened nobody has to be allowed ports below 1024: DHCP's on an interface, TFTP's and HTTP's.
func TestSocketsOfSystemdWantNoPermission(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		must.Skip(t, must.Peers, "curl is not installed")
	}
	c := lab(t)
	lo, err := netlink.LinkByName("lo")
	ok(t, err)
	ok(t, netlink.LinkSetUp(lo)) // this host asks itself, too
	on := func(device string) net.ListenConfig {
		return net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
			return raw.Control(func(fd uintptr) { _ = unix.BindToDevice(int(fd), device) })
		}}
	}
	eth0, any := on("eth0"), on("")
	dhcp, err := eth0.ListenPacket(context.Background(), "udp4", "0.0.0.0:67")
	ok(t, err)
	tftp, err := any.ListenPacket(context.Background(), "udp4", "0.0.0.0:69")
	ok(t, err)
	http, err := any.Listen(context.Background(), "tcp", ":80") // as ListenStream=80 does
	ok(t, err)
	dir := public(t)
	ok(t, os.WriteFile(filepath.Join(dir, "a"), []byte("here"), 0o644))
	conf := filepath.Join(public(t), "bootrig.yaml")
	ok(t, os.WriteFile(conf, []byte("interfaces: {names: [eth0]}\nleases: {ranges: [{from: 192.168.9.10, to: 192.168.9.200}], no-ping: true}\ntftp: {root: "+dir+"}\nhttp: {port: 80}\n"), 0o644))
	server := &victim{
		under: []string{"setpriv", "--no-new-privs", "--bounding-set=-all,+net_raw"},
		args:  []string{"serve", "-c", conf, "--state", filepath.Join(public(t), "state.db")},
	}
	for _, socket := range []interface{ File() (*os.File, error) }{dhcp.(*net.UDPConn), tftp.(*net.UDPConn), http.(*net.TCPListener)} {
		f, err := socket.File()
		ok(t, err)
		defer f.Close()
		server.files = append(server.files, f)
	}
	server.start(t)
	end := sync.OnceFunc(func() {
		_ = server.process.Process.Kill()
		server.end()
	})
	defer end()
	c.become(t, server, 1)
	for _, url := range []string{"http://192.168.9.2/a", "tftp://192.168.9.2/a"} {
		if out, err := exec.Command("curl", "-sS", "--max-time", "10", url).CombinedOutput(); err != nil || string(out) != "here" {
			t.Errorf("%s: %v, %s", url, err, out)
		}
	}
	end()
	if said := server.said.String(); strings.Contains(said, "fault") {
		t.Error(said)
	}
}
