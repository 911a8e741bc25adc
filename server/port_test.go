package server

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestHoldersNamesTheProgramThatHasThePort(t *testing.T) {
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	tcp, err := net.Listen("tcp", "[::1]:0")
	if err != nil { // a host without IPv6
		tcp, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	comm, err := os.ReadFile("/proc/self/comm")
	if err != nil {
		t.Skip(err) // no Linux: holder only names what /proc tells
	}
	want := fmt.Sprintf("%s (pid %d)", strings.TrimSpace(string(comm)), os.Getpid())
	for network, addr := range map[string]net.Addr{"udp": udp.LocalAddr(), "tcp": tcp.Addr()} {
		_, port, _ := net.SplitHostPort(addr.String())
		var n uint16
		_, _ = fmt.Sscan(port, &n)
		if got := (Holders{}).holder(network, n); got != want {
			t.Errorf("%s port %d is held by %q, want %q", network, n, got, want)
		}
	}
	if got := (Holders{}).holder("udp", 1); got != "another program (sudo ss -lnp shows which)" {
		t.Errorf("a port nobody has is held by %q", got)
	}
}

func TestInodeAt(t *testing.T) {
	for line, want := range map[string]string{
		"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops": "",
		"  97: 00000000:0043 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 31337 2 0 0":             "31337",
		"  97: 00000000:1043 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 31338 2 0 0":             "",
		"   0: 0100007F:0043 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 31339 1 0 20":            "",
		"   0: 00000000:0043 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31340 1 0 100":           "31340",
	} {
		got, ok := inodeAt(line, 67)
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%s\nis %q, want %q", line, got, want)
		}
	}
}

func TestExplain(t *testing.T) {
	program, _ := os.Executable()
	for name, c := range map[string]struct {
		err  error
		link string
		want string
	}{
		"taken on a link": {syscall.EADDRINUSE, "eth0", "UDP port 1 on eth0 is taken by another program (sudo ss -lnp shows which): stop it, or serve on other interfaces with --interface"},
		"taken":           {syscall.EADDRINUSE, "", "UDP port 1 is taken by another program (sudo ss -lnp shows which): stop it"},
		"no permission":   {syscall.EACCES, "", "UDP port 1: no permission: use sudo, or allow this program once and for all with sudo setcap cap_net_bind_service,cap_net_raw+ep " + program},
		"something else":  {syscall.ENODEV, "eth0", "UDP port 1 on eth0: no such device"},
	} {
		err := Holders{}.explain(c.err, "udp", 1, c.link)
		if got := err.Error(); got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
		if !errors.Is(err, c.err) {
			t.Errorf("%s: the cause is lost", name)
		}
	}
}
