package dhcp

import "github.com/bootrig/bootrig/wire/pxe"

// Ports are those of DHCP where they are others than 67 and 68. Port 4011 stays what it is, and so does the
// port that a relay asks its server at (dnsmasq, dhcp-alternate-port).
type Ports struct {
	Server, Client uint16 // 0: 67 and 68
	Rule           string
}

// DHCPServer is the port that clients and relays ask at, and that we answer from.
func (p Ports) DHCPServer() uint16 {
	if p.Server != 0 {
		return p.Server
	}
	return pxe.PortDHCPServer
}

// DHCPClient is the port that clients hear us at.
func (p Ports) DHCPClient() uint16 {
	if p.Client != 0 {
		return p.Client
	}
	return pxe.PortDHCPClient
}

// Listens tells whether a UDP port is the DHCP service's.
func (p Ports) Listens(port uint16) bool {
	return port == p.DHCPServer() || port == pxe.PortBootServer
}
