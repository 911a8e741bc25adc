package lease

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A Server gives addresses. It opens nothing and reads no clock; it is not for several goroutines.
type Server struct {
	cfg   *Config
	pxe   *proxydhcp.Config // with the networks of cfg
	hosts map[netip.Addr]string
	table *table
	full  map[*Range]full
}

// New makes a Server that knows of some leases. A configuration without Ranges makes a pure proxy.
func New(cfg *Config, proxy *proxydhcp.Config, known []Lease) *Server {
	s := &Server{table: newTable(known)}
	s.Change(cfg, proxy)
	return s
}

// Change gives it another configuration. Who has which address stays as it is.
func (s *Server) Change(cfg *Config, proxy *proxydhcp.Config) {
	all := *proxy
	all.Networks = slices.Concat(proxy.Networks, cfg.Networks())
	s.cfg, s.pxe, s.full, s.hosts = cfg, &all, map[*Range]full{}, map[netip.Addr]string{}
	s.table.max = cmp.Or(cfg.Max, defaultMax)
	for _, h := range proxy.Policy.Hosts {
		if h.Addr.IsValid() {
			s.hosts[h.Addr] = h.Rule
		}
	}
}

// Decide says what a request deserves, and keeps the lease it makes of it.
func (s *Server) Decide(now time.Time, req dhcp.Request) dhcp.Decision {
	d := s.besides(proxydhcp.Decide(s.pxe, req), req)
	item := d.Asked == event.BootRequest && s.pxe.Menus()
	if d.Reply != nil || item || len(s.cfg.Ranges) == 0 || req.Port == pxe.PortBootServer || req.Packet.OpCode != dhcpv4.OpcodeBootRequest {
		return d
	}
	if req.Packet.MessageType() == dhcp.LeaseQuery {
		return s.query(now, req)
	}
	sc := s.scope(req)
	if len(sc) == 0 {
		if none, nowhere := s.pxe.NoNetwork(req); nowhere {
			return none
		}
		return d
	}
	c := s.client(now, req, sc)
	switch req.Packet.MessageType() {
	case dhcpv4.MessageTypeNone:
		return s.bootp(c)
	case dhcpv4.MessageTypeDiscover:
		return s.discover(c)
	case dhcpv4.MessageTypeRequest:
		return s.request(c)
	case dhcpv4.MessageTypeDecline:
		return s.decline(c)
	case dhcpv4.MessageTypeRelease:
		return s.giveBack(c)
	case dhcpv4.MessageTypeInform:
		return s.inform(c)
	}
	return c.silence(event.BuiltIn, req.Packet.MessageType().String()+" is not for a server")
}

// Serves tells whether the sender of a request is on a network of ours.
func (s *Server) Serves(req dhcp.Request) bool {
	_, nowhere := s.pxe.NoNetwork(req)
	return !nowhere
}

// Changes are the leases that changed since the last call, in that order. They must be stored before
// the replies leave.
func (s *Server) Changes() []Change {
	changes := s.table.changes
	s.table.changes = nil
	return changes
}

// Taken says that somebody has the address a Decision wanted probed: it rests, and the request must be
// decided again.
func (s *Server) Taken(now time.Time, addr netip.Addr) { s.table.declined(addr, now) }
