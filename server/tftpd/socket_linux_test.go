package tftpd

import (
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"
)

func TestBlocksMayBeFragmented(t *testing.T) {
	conn := must(Listen(netip.MustParseAddrPort("127.0.0.1:0")))
	defer conn.Close()
	tune(conn)
	raw := must(conn.SyscallConn())
	var discover int
	var err error
	if failed := raw.Control(func(fd uintptr) {
		discover, err = unix.GetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_MTU_DISCOVER)
	}); failed != nil || err != nil {
		t.Fatal(failed, err)
	}
	if discover != unix.IP_PMTUDISC_DONT {
		t.Errorf("IP_MTU_DISCOVER is %d, so blocks go out with DF set", discover)
	}
}
