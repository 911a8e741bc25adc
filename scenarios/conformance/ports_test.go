package conformance

import (
	"net/netip"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// alternate are the ports of configurations with dhcp-alternate-port. All of them have these, but for that
// of the clients.
var alternate = dhcp.Ports{Server: 1067, Client: 1068}

// on is a question as it is asked where DHCP has other ports. A client that asks at port 4011 does not know
// of them.
func (q question) on(ports dhcp.Ports) question {
	moved := func(at netip.AddrPort) netip.AddrPort {
		switch at.Port() {
		case pxe.PortDHCPServer:
			return netip.AddrPortFrom(at.Addr(), ports.DHCPServer())
		case pxe.PortDHCPClient:
			return netip.AddrPortFrom(at.Addr(), ports.DHCPClient())
		}
		return at
	}
	if q.dst.Port() != pxe.PortBootServer {
		q.src = moved(q.src)
	}
	q.dst = moved(q.dst)
	return q
}

// clients is the port that clients hear at.
func (x exchange) clients() uint16 {
	cfg, err := dnsmasq.Parse("dnsmasq.conf", []byte(x.conf))
	if err != nil {
		return pxe.PortDHCPClient
	}
	return cfg.DHCP.Ports.DHCPClient()
}
