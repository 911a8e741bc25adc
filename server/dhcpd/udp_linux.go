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
)

// room is what a socket may hold while leases are being stored. The kernel gives less if it must.
const room = 1 << 20

// A udpSocket has a port of one interface.
type udpSocket struct {
	conn *ipv4.PacketConn
	port uint16
	buf  []byte
}

func listenUDP(link dhcp.Link, port uint16) (socket, error) {
	config := net.ListenConfig{Control: bindToDevice(link.Device())}
	conn, err := config.ListenPacket(context.Background(), "udp4", fmt.Sprintf("0.0.0.0:%d", port))
	if err != nil {
		return nil, err
	}
	return hear(conn, port)
}

// hear makes a socket of what is bound to a port of one interface. If it fails conn is closed.
func hear(conn net.PacketConn, port uint16) (socket, error) {
	_ = conn.(*net.UDPConn).SetReadBuffer(room) // less does too
	packets := ipv4.NewPacketConn(conn)
	if err := packets.SetControlMessage(ipv4.FlagDst, true); err != nil {
		conn.Close()
		return nil, err
	}
	return &udpSocket{packets, port, make([]byte, 65536)}, nil
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

// Receive waits for the next datagram.
func (s *udpSocket) Receive() (src, dst netip.AddrPort, payload []byte, err error) {
	n, control, from, err := s.conn.ReadFrom(s.buf)
	if err != nil {
		return src, dst, nil, err
	}
	src = from.(*net.UDPAddr).AddrPort()
	var to netip.Addr
	if control != nil {
		to, _ = netip.AddrFromSlice(control.Dst.To4())
	}
	return netip.AddrPortFrom(src.Addr().Unmap(), src.Port()), netip.AddrPortFrom(to, s.port), s.buf[:n], nil
}

// Close gives the port back.
func (s *udpSocket) Close() error { return s.conn.Close() }
