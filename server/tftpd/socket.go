package tftpd

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/net/ipv4"
)

// A socket is one port of ours, for all clients.
type socket struct {
	conn     *net.UDPConn
	packets  *ipv4.PacketConn
	port     uint16 // as the Machine knows it
	troubled bool   // it has told of an ICMP error
}

func newSocket(conn *net.UDPConn, port uint16) (*socket, error) {
	s := &socket{conn: conn, packets: ipv4.NewPacketConn(conn), port: port}
	// The socket may be bound to one address, or to all; only the control message tells where a datagram went.
	if err := s.packets.SetControlMessage(ipv4.FlagInterface|ipv4.FlagDst, true); err != nil {
		return nil, err
	}
	tune(conn)
	return s, nil
}

// openPorts opens the ports that transfers share, at the address that requests come to. In a range that
// has more than we want they are any; those that somebody else has are left out.
func (e *engine) openPorts(at netip.Addr) (ports []uint16, err error) {
	for _, port := range e.candidates() {
		if len(ports) == e.cfg.Ports {
			break
		}
		conn, failed := Listen(netip.AddrPortFrom(at, port))
		if failed != nil {
			err = failed
			if errors.Is(failed, syscall.EADDRINUSE) {
				continue
			}
			break
		}
		port = conn.LocalAddr().(*net.UDPAddr).AddrPort().Port()
		s, failed := newSocket(conn, port)
		if failed != nil {
			conn.Close()
			err = failed
			break
		}
		e.sockets[port] = s
		ports = append(ports, port)
	}
	if len(ports) == 0 {
		return nil, fmt.Errorf("tftp: there is no port for transfers: %w", err)
	}
	return ports, nil
}

// candidates are the ports to try; 0 is any.
func (e *engine) candidates() []uint16 {
	if e.cfg.FirstPort == 0 {
		return make([]uint16, e.cfg.Ports)
	}
	all := make([]uint16, int(e.cfg.LastPort)-int(e.cfg.FirstPort)+1)
	for i, j := range rand.Perm(len(all)) {
		all[i] = e.cfg.FirstPort + uint16(j)
	}
	return all
}
