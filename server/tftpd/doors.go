package tftpd

import (
	"fmt"
	"net"
	"net/netip"
)

// Move has requests come to these of our addresses, at Port, and to no others; 0.0.0.0 is all. What cannot be opened
// is in failed, and may be tried again. Transfers go on, as long as the host has their address.
func (e *Server) Move(to []netip.Addr) (failed map[netip.Addr]error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil
	}
	failed = map[netip.Addr]error{}
	wanted := map[netip.Addr]bool{}
	for _, addr := range to {
		wanted[addr] = true
	}
	for addr, s := range e.doors { // first: 0.0.0.0 and another cannot both be open
		if !wanted[addr] {
			s.lane.poller.remove(s)
			s.conn.Close()
			delete(e.doors, addr)
		}
	}
	for addr := range wanted {
		if e.doors[addr] != nil {
			continue
		}
		conn, err := e.cfg.Listen(netip.AddrPortFrom(addr, Port))
		if err == nil {
			err = e.enter(conn)
		}
		if err != nil {
			failed[addr] = err
		}
	}
	return failed
}

// enter has requests come to conn too. If it fails conn is closed.
func (e *Server) enter(conn *net.UDPConn) error {
	s, err := newSocket(conn, Port)
	if err == nil {
		err = e.lanes[0].add(s)
	}
	if err != nil {
		conn.Close()
		return fmt.Errorf("tftp on %s: %w", conn.LocalAddr(), err)
	}
	e.doors[conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()] = s
	return nil
}
