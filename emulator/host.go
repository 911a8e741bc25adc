package emulator

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/wire/machine"
)

// A HostConfig is a host of the LAN that is a part of this process.
type HostConfig struct {
	Name   string           // default: its address
	Addr   netip.Prefix     // its address and the length of its network: 192.168.9.2/24
	MAC    net.HardwareAddr // default: 52:54:00 and the last three bytes of its address
	Routes []link.Route     // to networks behind routers
	// Listens tells which UDP ports of a Machine are open, and nil that all are. A closed one answers ICMP port
	// unreachable, which some firmware believes.
	Listens func(port uint16) bool
	TCP     bool // a Machine gets segments of TCP too, as the one of web.Serve wants them
}

// A Host is a host of the LAN whose UDP ports any Go server can listen on.
type Host struct {
	lab   *Lab
	name  string
	addr  netip.Addr
	stack *link.Stack
	port  link.Port
	once  sync.Once

	// All below is touched under the lab's lock.
	conns map[uint16]*conn
	next  uint16 // where the search for a free port begins
	out   []machine.Datagram
}

// Host puts a host on the LAN. It answers ARP and ping at once, and UDP where ListenPacket was called.
func (l *Lab) Host(cfg HostConfig) (*Host, error) {
	h := &Host{lab: l, addr: cfg.Addr.Addr(), conns: map[uint16]*conn{}, next: 49152}
	cfg.Listens, cfg.TCP = func(port uint16) bool { return h.conns[port] != nil }, false
	return h, l.host(h, cfg, (*sockets)(h))
}

// Machine puts a host on the LAN that is a machine.Machine and no more: our own server without sockets is one.
func (l *Lab) Machine(cfg HostConfig, m machine.Machine) (link.Port, error) {
	h := &Host{lab: l}
	err := l.host(h, cfg, m)
	return h.port, err
}

func (l *Lab) host(h *Host, cfg HostConfig, m machine.Machine) (err error) {
	h.name = cfg.Name
	if h.name == "" {
		h.name = cfg.Addr.Addr().String()
	}
	if cfg.MAC == nil && cfg.Addr.Addr().Is4() {
		ip := cfg.Addr.Addr().As4()
		cfg.MAC = net.HardwareAddr{0x52, 0x54, 0, ip[1], ip[2], ip[3]}
	}
	if cfg.Addr == (netip.Prefix{}) {
		return fmt.Errorf("%s: a host needs an address: set Addr, to 192.168.9.2/24 for example", h.name)
	}
	if err := l.hosts.take(h.name, cfg.MAC, cfg.Addr); err != nil {
		return err
	}
	h.stack = link.NewStack(link.StackConfig{
		MAC: cfg.MAC, Addr: cfg.Addr, Listens: cfg.Listens, TCP: cfg.TCP, NextHop: link.Via(cfg.Addr, cfg.Routes...),
	}, replies{m, h})
	if h.port, err = l.plug(h.name, h.stack, h.shut); err != nil {
		l.hosts.leave(h.name)
	}
	return err
}

// ListenPacket opens a UDP port of the host, 0 for any that is free. The connection takes and gives *net.UDPAddr, it
// hears what is sent to the host, to everybody and to groups, and may itself send to everybody: what DHCP and TFTP
// servers ask of a *net.UDPConn. It ends with the host and the lab.
//
// A server may go on for ever on a connection that is closed under it: end yours before the lab.
func (h *Host) ListenPacket(port uint16) (net.PacketConn, error) {
	var c *conn
	err := fmt.Errorf("listen at %s: %w", h.name, net.ErrClosed)
	h.lab.Do(func(time.Time, *link.LAN) {
		if h.conns == nil {
			return
		}
		if port == 0 {
			port = h.free()
		}
		switch {
		case port == 0:
			err = fmt.Errorf("listen at %s: no UDP port is free", h.name)
			return
		case h.conns[port] != nil:
			err = fmt.Errorf("listen at %s: UDP port %d is open already", h.name, port)
			return
		}
		c, err = newConn(h, netip.AddrPortFrom(h.addr, port)), nil
		h.conns[port] = c
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// free is a port that nobody has; 0 when there is none.
func (h *Host) free() uint16 {
	for range 1 << 14 {
		port := h.next
		if h.next++; h.next == 0 {
			h.next = 49152
		}
		if h.conns[port] == nil {
			return port
		}
	}
	return 0
}

// Port is where it is plugged in.
func (h *Host) Port() link.Port { return h.port }

// Close takes the host off the LAN and closes its connections.
func (h *Host) Close() { h.once.Do(func() { h.lab.unplug(h.name, h.port) }) }

// shut closes its connections.
func (h *Host) shut() {
	for _, c := range h.conns {
		c.end()
	}
	h.conns = nil
}

// send queues a datagram.
func (h *Host) send(d machine.Datagram) {
	h.lab.Do(func(now time.Time, lan *link.LAN) {
		d.Payload = bytes.Clone(d.Payload)
		h.out = append(h.out, d)
		lan.Poke(now, h.port)
	})
}

// sockets is a Host as a machine.Machine.
type sockets Host

func (s *sockets) Receive(_ time.Time, in machine.Input) {
	if d, ok := in.(machine.Datagram); ok {
		if c := s.conns[d.Dst.Port()]; c != nil {
			c.put(d)
		}
	}
}

func (s *sockets) Expire(time.Time) {}

func (s *sockets) Next() (machine.Datagram, bool) {
	if len(s.out) == 0 {
		return machine.Datagram{}, false
	}
	d := s.out[0]
	s.out = slices.Delete(s.out, 0, 1)
	return d, true
}

func (s *sockets) Deadline() (time.Time, bool) { return time.Time{}, false }

// replies is a host's machine. Before a DHCP reply goes to an address that its client does not have yet, the client's
// MAC is put into the ARP table (RFC 2131, 4.1): servers on a kernel do that with SIOCSARP or send raw frames, and
// neither can be asked of a net.PacketConn.
type replies struct {
	machine.Machine
	host *Host
}

func (r replies) Next() (machine.Datagram, bool) {
	d, ok := r.Machine.Next()
	const reply, yiaddr, chaddr, options = 2, 16, 28, 236
	if ok && d.Src.Port() == 67 && d.Dst.Port() == 68 && len(d.Payload) >= options && d.Payload[0] == reply {
		if ip := netip.AddrFrom4([4]byte(d.Payload[yiaddr:])); ip == d.Dst.Addr() {
			r.host.stack.Learn(ip, d.Payload[chaddr:chaddr+6])
		}
	}
	return d, ok
}

// udpAddr is an address as package net has it.
func udpAddr(a netip.AddrPort) *net.UDPAddr { return net.UDPAddrFromAddrPort(a) }

// addrPort reads an address of package net.
func addrPort(a net.Addr) (netip.AddrPort, error) {
	if u, ok := a.(*net.UDPAddr); ok && u != nil {
		at := u.AddrPort()
		return netip.AddrPortFrom(at.Addr().Unmap(), at.Port()), nil
	}
	if a == nil {
		return netip.AddrPort{}, &net.AddrError{Err: "missing address"}
	}
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return netip.AddrPort{}, err
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return netip.AddrPort{}, err
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return netip.AddrPortFrom(ip.Unmap(), uint16(n)), err
}
