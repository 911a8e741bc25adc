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

// room is what a socket may hold while leases are being stored. The kernel gives less if it must.
const room = 1 << 20

// A udpSocket has a port of one interface.
type udpSocket struct {
	conn     *ipv4.PacketConn
	port     uint16
	size     int // of a message
	messages []ipv4.Message
	want     int // of them
	heard    []machine.Datagram
}

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
	_ = udp.SetReadBuffer(room) // less does too
	raw, err := udp.SyscallConn()
	if err != nil {
		conn.Close()
		return nil, err
	}
	packets := ipv4.NewPacketConn(conn)
	if err := packets.SetControlMessage(ipv4.FlagDst, true); err != nil {
		conn.Close()
		return nil, err
	}
	return &udpSocket{conn: packets, port: port, size: longest(raw, link), want: 1}, nil
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

// Receive waits for datagrams, and takes what has come. It asks for as many as came last time: room costs time too.
func (s *udpSocket) Receive() ([]machine.Datagram, error) {
	for len(s.messages) < s.want {
		s.messages = append(s.messages, ipv4.Message{Buffers: [][]byte{make([]byte, s.size)}, OOB: make([]byte, 64)})
	}
	n, err := s.conn.ReadBatch(s.messages[:s.want], 0)
	if err != nil {
		return nil, err
	}
	if n < s.want {
		s.want = max(n, 1)
	} else {
		s.want = min(2*n, together)
	}
	s.heard = s.heard[:0]
	for _, m := range s.messages[:n] {
		src := m.Addr.(*net.UDPAddr).AddrPort()
		s.heard = append(s.heard, machine.Datagram{Src: netip.AddrPortFrom(src.Addr().Unmap(), src.Port()),
			Dst: netip.AddrPortFrom(arrival(m.OOB[:m.NN]), s.port), Payload: m.Buffers[0][:m.N]})
	}
	return s.heard, nil
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

// Close gives the port back.
func (s *udpSocket) Close() error { return s.conn.Close() }
