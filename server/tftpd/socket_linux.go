package tftpd

import (
	"net"

	"golang.org/x/sys/unix"
)

// tune clears "don't fragment", since path MTU discovery would drop the blocks it learns from and boot
// ROMs cannot cope (dnsmasq does the same), and asks for ICMP errors, so that a transfer to a closed
// port ends. Both are niceties: where they fail the transfer still works.
func tune(conn *net.UDPConn) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_DONT)
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_RECVERR, 1)
	})
}

// notes asks for the interface and the address at which each datagram arrives. What is not granted
// here, Serve asks for again and fails.
func notes(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_PKTINFO, 1) }
