package server

import (
	"fmt"
	"net"
	"net/netip"
	"os"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/tftpd"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A given is a socket that whoever started this program has opened for it. It stays open as long as the server runs:
// what serves has a copy, and may give that back and take another.
type given struct {
	file    *os.File
	network string // "tcp", "udp"; "": it is neither
	addr    netip.AddrPort
}

type givens []given

// gives reads what some sockets are.
func gives(files []*os.File) (all givens) {
	for _, f := range files {
		g := given{file: f}
		if l, err := net.FileListener(f); err == nil {
			if addr, is := l.Addr().(*net.TCPAddr); is {
				g.network, g.addr = "tcp", addr.AddrPort()
			}
			l.Close()
		} else if c, err := net.FilePacketConn(f); err == nil {
			if addr, is := c.LocalAddr().(*net.UDPAddr); is {
				g.network, g.addr = "udp", addr.AddrPort()
			}
			c.Close()
		}
		all = append(all, g)
	}
	return all
}

// tcp is the socket for an entrance of HTTP: one of its port and address, of all addresses, of its interface or of
// all. nil: there is none.
func (all givens) tcp(e entrance) net.Listener {
	want, _ := netip.ParseAddrPort(e.addr) // ":80" is no address
	for _, g := range all {
		device := device(g.file)
		if g.network != "tcp" || g.addr.Port() != e.port || device != "" && device != e.name {
			continue
		}
		if addr := g.addr.Addr().Unmap(); addr.IsUnspecified() || addr == want.Addr() {
			if l, err := net.FileListener(g.file); err == nil {
				return l
			}
		}
	}
	return nil
}

// udp is the socket of an address and port. nil: there is none.
func (all givens) udp(at netip.AddrPort, fits func(device string) bool) *net.UDPConn {
	for _, g := range all {
		if g.network == "udp" && g.addr == at && fits(device(g.file)) {
			if c, err := net.FilePacketConn(g.file); err == nil {
				return c.(*net.UDPConn)
			}
		}
	}
	return nil
}

// tftp is the socket that requests of TFTP come to, of whatever interface.
func (all givens) tftp(at netip.AddrPort) (*net.UDPConn, error) {
	if c := all.udp(at, func(string) bool { return true }); c != nil {
		return c, nil
	}
	return tftpd.Listen(at)
}

// dhcp is the socket of a port of a link: who answers by an interface has to know by which he was asked.
func (all givens) dhcp(on dhcp.Link, port uint16) net.PacketConn {
	c := all.udp(netip.AddrPortFrom(netip.IPv4Unspecified(), port), func(device string) bool { return device == on.Device() })
	if c == nil {
		return nil
	}
	return c
}

// unfit says why the plan has no use for a socket, whatever links come; "": it has.
func (p *plan) unfit(g given) string {
	addr, port := g.addr.Addr().Unmap(), g.addr.Port()
	switch {
	case g.network == "":
		return "it is neither of TCP nor of UDP"
	case p.silent:
		return "nothing is sent"
	case g.network == "udp" && !g.addr.Addr().Is4():
		return fmt.Sprintf("machines boot by IPv4: say ListenDatagram=0.0.0.0:%d", port)
	case g.network == "udp" && (port != tftpd.Port || p.tree == nil):
		return p.unfitForDHCP(g)
	case g.network == "udp" && addr.IsUnspecified() == p.settings.Interfaces.ByAddress:
		return "TFTP is asked at other addresses"
	case g.network == "tcp" && (p.pages == nil || port != p.settings.HTTP.Port):
		return "HTTP is not on this port"
	case g.network == "tcp" && !addr.IsUnspecified() && addr != p.settings.HTTP.Addr:
		return "HTTP is asked at other addresses"
	}
	return ""
}

// unfitForDHCP is unfit for a socket that may be of port 67 or 4011.
func (p *plan) unfitForDHCP(g given) string {
	needs, port := p.needs(), g.addr.Port()
	switch {
	case port == needs.Ports.DHCPServer() && !needs.Addresses && !needs.Relays:
		return "a proxy hears this port beside whoever has it"
	case port != needs.Ports.DHCPServer() && port != pxe.PortBootServer:
		return "nothing is served on this port"
	case device(g.file) == "":
		return "DHCP wants a socket for each interface: say BindToDevice="
	}
	return ""
}

// drop closes the sockets that the plan has no use for, and says why.
func (all givens) drop(p *plan) (rest givens, why []string) {
	for _, g := range all {
		reason := p.unfit(g)
		if reason == "" {
			rest = append(rest, g)
			continue
		}
		what := g.file.Name()
		if g.network != "" {
			what += ", " + g.network + " " + g.addr.String()
		}
		why = append(why, fmt.Sprintf("the socket that the service manager gave (%s) is not used: %s", what, reason))
		g.file.Close()
	}
	return rest, why
}

func (all givens) close() {
	for _, g := range all {
		g.file.Close()
	}
}
