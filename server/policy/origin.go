package policy

import (
	"net/netip"
	"strings"
)

// An Origin gives a tag for where a request comes from. One of its fields says where.
type Origin struct {
	Tag       string
	Interface string       // with * at the end all that begin so
	Network   netip.Prefix // the client is in it
	Relay     netip.Addr   // it came through this one
	Rule      string
}

func (m Origin) fits(c Client) bool {
	switch {
	case m.Interface != "":
		prefix, wild := strings.CutSuffix(m.Interface, "*")
		return c.Interface == m.Interface || wild && strings.HasPrefix(c.Interface, prefix)
	case m.Network.IsValid():
		return m.Network.Contains(c.In)
	}
	relay, _ := netip.AddrFromSlice(c.Packet.GatewayIPAddr.To4())
	return m.Relay.IsValid() && relay == m.Relay
}
