package tftpd

import (
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"
)

// ports opens the sockets of transfers. In a range it begins behind the port given out last, so that a
// late packet of one transfer does not meet the next.
type ports struct {
	first, count uint32 // a count of 0: any port
	given        atomic.Uint32
}

func newPorts(cfg Config) *ports {
	if cfg.FirstPort == 0 {
		return &ports{}
	}
	return &ports{first: uint32(cfg.FirstPort), count: uint32(cfg.LastPort) - uint32(cfg.FirstPort) + 1}
}

func (p *ports) listen(local netip.Addr) (*net.UDPConn, error) {
	at := &net.UDPAddr{IP: local.AsSlice()}
	if p.count == 0 {
		return net.ListenUDP("udp4", at)
	}
	var err error
	for range p.count {
		at.Port = int(p.first + (p.given.Add(1)-1)%p.count)
		var conn *net.UDPConn
		if conn, err = net.ListenUDP("udp4", at); !errors.Is(err, syscall.EADDRINUSE) {
			return conn, err
		}
	}
	return nil, err
}
