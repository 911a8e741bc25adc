package server

import (
	"time"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/tftpd"
	"github.com/bootrig/bootrig/wire/machine"
)

// Machine is the server without sockets or clock: its DHCP service and its TFTP server. A Datagram's
// Link is an index into Config.Links, or those that Move told last.
func (s *Server) Machine() machine.Machine {
	p := s.plan.Load()
	s.sim = &whole{ports: p.settings.DHCP.Ports, dhcp: dhcpd.NewMachine(s.dhcpConfig(p, p.wired))}
	if p.tree != nil {
		s.sim.tftp = tftpd.NewMachine(s.tftp())
	}
	return s.sim
}

// simulate has the Machine go on by another plan.
func (s *Server) simulate(p *plan) {
	s.sim.ports = p.settings.DHCP.Ports
	s.sim.dhcp.Change(s.dhcpConfig(p, p.wired))
	switch tftp := s.sim.tftp; {
	case p.tree == nil && tftp != nil:
		tftp.Finish()
	case p.tree != nil && tftp != nil:
		tftp.Change(s.tftp())
	case p.tree != nil:
		s.sim.tftp = tftpd.NewMachine(s.tftp())
	}
}

// dhcpConfig is what the DHCP service is told.
func (s *Server) dhcpConfig(p *plan, links []dhcp.Link) dhcpd.Config {
	return dhcpd.Config{
		PXE: &p.settings.DHCP, Lease: &p.settings.Leases, Links: links, Events: s.owners.hear(s.events),
		Known: p.leases.known, Store: p.leases.store, Clock: p.leases.clock, Learn: s.cfg.Learn, Relays: p.settings.Relays, Uplinks: p.uplinks,
		Machines: s.cfg.Machines, Elsewhere: p.tree == nil && p.pages == nil || s.owners.neighbor == nil && len(p.settings.Leases.Ranges) == 0,
	}
}

// Listens tells whether something is behind a UDP port; what comes to others deserves an ICMP port
// unreachable.
func (s *Server) Listens(port uint16) bool {
	p := s.plan.Load()
	switch {
	case p.settings.DHCP.Ports.Listens(port):
		return len(p.dhcp) > 0
	case p.tree == nil:
		return false
	case s.sim != nil: // who simulates asks for every packet
		return s.sim.tftp.Listens(port)
	}
	// A transfer's port is known only while it runs, so a server with TFTP may be behind any high port.
	return tftpd.NewMachine(s.tftp()).Listens(port)
}

// A whole is the parts of a server as one machine.
type whole struct {
	ports dhcp.Ports
	dhcp  *dhcpd.Machine
	tftp  *tftpd.Machine // nil without TFTP
}

func (m *whole) parts() []machine.Machine {
	if m.tftp == nil {
		return []machine.Machine{m.dhcp}
	}
	return []machine.Machine{m.dhcp, m.tftp}
}

// Receive gives datagrams to the part that has the port, and what is for the whole host to all parts.
func (m *whole) Receive(now time.Time, in machine.Input) {
	d, datagram := in.(machine.Datagram)
	switch {
	case datagram && (m.ports.Listens(d.Dst.Port()) || d.Dst.Port() == m.ports.DHCPClient()):
		m.dhcp.Receive(now, in)
	case datagram && m.tftp != nil:
		m.tftp.Receive(now, in)
	case !datagram:
		for _, part := range m.parts() {
			part.Receive(now, in)
		}
	}
}

// Expire passes the time on.
func (m *whole) Expire(now time.Time) {
	for _, part := range m.parts() {
		part.Expire(now)
	}
}

// Next yields what the parts have to send.
func (m *whole) Next() (machine.Datagram, bool) {
	for _, part := range m.parts() {
		if d, ok := part.Next(); ok {
			return d, true
		}
	}
	return machine.Datagram{}, false
}

// Deadline is the earliest of the parts'.
func (m *whole) Deadline() (earliest time.Time, some bool) {
	for _, part := range m.parts() {
		if at, ok := part.Deadline(); ok && (!some || at.Before(earliest)) {
			earliest, some = at, true
		}
	}
	return earliest, some
}
