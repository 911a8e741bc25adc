package tftpd

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// Change lets a Server that runs go on with another configuration: new transfers are as it says, and those under way
// end as they began, also at ports that it does not have. What Finish said is taken back. If the ports cannot be had
// nothing is another; the error of a Server that has ended is net.ErrClosed.
func (e *Server) Change(cfg Config) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return net.ErrClosed
	}
	if cfg.Links == nil {
		cfg.Links = e.cfg.Links
	}
	cfg = cfg.filled()
	ports, same := e.m.ports, cfg.sharesPortsOf(e.cfg)
	if !same {
		var err error
		if ports, err = e.openPorts(cfg); err != nil {
			return err
		}
	}
	e.cfg = cfg
	e.m.change(cfg, ports)
	e.retire()
	return nil
}

// Finish takes no more requests. When the last transfer has ended Run returns.
func (e *Server) Finish() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.m.Finish()
	e.flush(time.Now())
}

func (c Config) sharesPortsOf(other Config) bool {
	return c.SinglePort == other.SinglePort && c.Ports == other.Ports && c.FirstPort == other.FirstPort && c.LastPort == other.LastPort
}

// openPorts opens the ports that transfers share. In a range that
// has more than we want they are any; those that somebody else has are left out, and those that we have already
// count.
func (e *Server) openPorts(cfg Config) (ports []uint16, err error) {
	if cfg.SinglePort {
		return []uint16{Port}, nil
	}
	for _, port := range cfg.candidates() {
		if len(ports) == cfg.Ports {
			break
		}
		got, failed := e.openPort(port)
		if failed != nil {
			err = failed
			if errors.Is(failed, syscall.EADDRINUSE) {
				continue
			}
			break
		}
		ports = append(ports, got)
	}
	if len(ports) == 0 {
		return nil, fmt.Errorf("tftp: there is no port for transfers: %w", err)
	}
	return ports, nil
}

// openPort opens one port, any if it is 0, unless it is open.
func (e *Server) openPort(port uint16) (uint16, error) {
	if port != 0 && e.sockets[port] != nil {
		return port, nil
	}
	conn, err := Listen(netip.AddrPortFrom(netip.IPv4Unspecified(), port))
	if err != nil {
		return 0, err
	}
	port = conn.LocalAddr().(*net.UDPAddr).AddrPort().Port()
	s, err := newSocket(conn, port)
	if err == nil {
		err = e.lanes[1+len(e.sockets)%(len(e.lanes)-1)].add(s)
	}
	if err != nil {
		conn.Close()
		return 0, err
	}
	e.sockets[port] = s
	return port, nil
}

// candidates are the ports to try; 0 is any.
func (c Config) candidates() []uint16 {
	if c.FirstPort == 0 {
		return make([]uint16, c.Ports)
	}
	all := make([]uint16, int(c.LastPort)-int(c.FirstPort)+1)
	for i, j := range rand.Perm(len(all)) {
		all[i] = c.FirstPort + uint16(j)
	}
	return all
}

// retire closes the sockets that new transfers do not get, as soon as the last of the old ones has ended.
func (e *Server) retire() {
	if len(e.sockets) <= len(e.m.ports) && !e.cfg.SinglePort {
		return
	}
	used := map[uint16]bool{}
	for _, r := range e.m.table.clients {
		used[r.local.Port()] = true
	}
	for port, s := range e.sockets {
		if !used[port] && !slices.Contains(e.m.ports, port) {
			s.lane.poller.remove(s)
			s.conn.Close()
			delete(e.sockets, port)
		}
	}
}
