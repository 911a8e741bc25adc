package tftpd

import (
	"net"
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

func TestTheMTUIsThatOfTheInterface(t *testing.T) {
	conn, err := Listen(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	lo, err := net.InterfaceByIndex(loopback)
	if err != nil {
		t.Fatal(err)
	}
	if got := mtu(conn, loopback); got != lo.MTU {
		t.Errorf("%d, net says %d", got, lo.MTU)
	}
	if got := mtu(conn, 1<<30); got != 0 {
		t.Errorf("an interface that is not there has an MTU of %d", got)
	}
}
