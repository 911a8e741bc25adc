package tftpd

import (
	"net"
	"syscall"

	"golang.org/x/net/ipv4"
)

// A socket is one port of ours, for all clients.
type socket struct {
	lane     *lane
	conn     *net.UDPConn
	raw      syscall.RawConn
	packets  *ipv4.PacketConn
	port     uint16 // as the Machine knows it
	cuts     int    // into how many datagrams the kernel cuts a message, at most; 0: into none
	troubled bool   // it has told of an ICMP error
}

func newSocket(conn *net.UDPConn, port uint16) (*socket, error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, err
	}
	s := &socket{conn: conn, raw: raw, packets: ipv4.NewPacketConn(conn), port: port}
	// The socket may be bound to one address, or to all; only the control message tells where a datagram went.
	if err := s.packets.SetControlMessage(ipv4.FlagInterface|ipv4.FlagDst, true); err != nil {
		return nil, err
	}
	tune(conn)
	s.cuts = mostCuts(conn)
	return s, nil
}
