package dhcpd

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/machine"
)

// longest is how long a message of DHCP may be that comes to a socket of an interface (netdevice(7)). What is longer is
// cut short.
func longest(raw syscall.RawConn, link dhcp.Link) int {
	const ethernet, jumbo = 2048, 9216
	ask, err := unix.NewIfreq(link.Device())
	if err != nil {
		return ethernet
	}
	if e := raw.Control(func(fd uintptr) { err = unix.IoctlIfreq(int(fd), unix.SIOCGIFMTU, ask) }); e != nil || err != nil {
		return ethernet
	}
	return min(max(int(ask.Uint32()), ethernet), jumbo)
}

func listenUDP(link dhcp.Link, port uint16) (socket, error) {
	config := net.ListenConfig{Control: bindToDevice(link.Device())}
	conn, err := config.ListenPacket(context.Background(), "udp4", fmt.Sprintf("0.0.0.0:%d", port))
	if err != nil {
		return nil, err
	}
	return hear(conn, link, port)
}

// hear makes a socket of what is bound to a port of one interface. If it fails conn is closed.
func hear(conn net.PacketConn, link dhcp.Link, port uint16) (socket, error) {
	udp := conn.(*net.UDPConn)
	raw, err := udp.SyscallConn()
	if err != nil {
		conn.Close()
		return nil, err
	}
	_ = raw.Control(func(fd uintptr) { makeRoom(int(fd)) })
	if err := ipv4.NewPacketConn(conn).SetControlMessage(ipv4.FlagDst, true); err != nil {
		conn.Close()
		return nil, err
	}
	datagram := func(from netip.AddrPort, b, said []byte) (machine.Datagram, bool) {
		return machine.Datagram{Src: from, Dst: netip.AddrPortFrom(arrival(said), port), Payload: b}, true
	}
	return newHearing(conn, raw, longest(raw, link), datagram), nil
}

// bindToDevice ties a socket to one interface before it is bound to its port.
func bindToDevice(name string) func(network, address string, raw syscall.RawConn) error {
	return func(_, _ string, raw syscall.RawConn) error {
		var err error
		if e := raw.Control(func(fd uintptr) { err = unix.BindToDevice(int(fd), name) }); e != nil {
			return e
		}
		return err
	}
}

// arrival is the address that a datagram was sent to (ip(7), IP_PKTINFO).
func arrival(said []byte) netip.Addr {
	for len(said) > 0 {
		header, data, rest, err := unix.ParseOneSocketControlMessage(said)
		if err != nil {
			break
		}
		if header.Level == unix.IPPROTO_IP && header.Type == unix.IP_PKTINFO && len(data) >= unix.SizeofInet4Pktinfo {
			return netip.AddrFrom4([4]byte(data[8:12]))
		}
		said = rest
	}
	return netip.Addr{}
}
