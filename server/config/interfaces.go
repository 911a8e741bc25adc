package config

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/dhcp"
)

// Interfaces limits the server to some of the host's interfaces. A `*` at the end of a name stands for
// any rest, as in dnsmasq.
type Interfaces struct {
	Names  []string     // "eth0", "vlan*"; with Addrs empty too: all
	Addrs  []netip.Addr // the interfaces that have these
	Except []string     // not these, unless Addrs has theirs
	NoDHCP []string     // not DHCP and not TFTP on these
	Rule   string       // of the last of Names or Addrs

	Bridges []Bridge

	ByAddress bool // TFTP is asked at the addresses of these; without it the port is taken at all addresses of the host

	BindRule string // the line that wants Names and Addrs to be there at the start (bind-interfaces); "": they may come later

	NoDHCPRule string // of the last of NoDHCP
}

// match tells whether an interface is one to serve (dnsmasq, network.c, iface_check). addrs are its own.
func (i Interfaces) match(name string, addrs ...netip.Addr) bool {
	for _, addr := range addrs {
		if slices.Contains(i.Addrs, addr) {
			return true
		}
	}
	all := len(i.Names)+len(i.Addrs) == 0
	return (all || named(i.Names, name)) && !named(i.Except, name)
}

// MatchDHCP tells whether it is one to serve DHCP on.
func (i Interfaces) MatchDHCP(name string) bool {
	return !named(i.NoDHCP, name)
}

// MatchTFTP tells whether TFTP is served on an interface that is served, and the line that says so.
func (c *Config) MatchTFTP(name string) (served bool, rule string) {
	if len(c.TFTP.Interfaces) > 0 { // no-dhcp-interface is not asked then (tftp.c, tftp_request)
		return named(c.TFTP.Interfaces, name), c.TFTP.InterfacesRule
	}
	return !named(c.Interfaces.NoDHCP, name), c.Interfaces.NoDHCPRule
}

// Limit keeps the links to serve.
func (i Interfaces) Limit(links []dhcp.Link) []dhcp.Link {
	return slices.DeleteFunc(slices.Clone(links), func(l dhcp.Link) bool {
		var addrs []netip.Addr
		for _, other := range links {
			if other.Name == l.Name {
				addrs = append(addrs, other.Prefix.Addr())
			}
		}
		return !i.match(l.Name, addrs...)
	})
}

// ByName tells whether an interface is served for its name, and not for an address that it has.
func (i Interfaces) ByName(name string) bool { return i.match(name) }

// Anywhere tells whether what is sent to an address counts wherever it arrives, and not only on the interface that
// has the address.
func (i Interfaces) Anywhere(addr netip.Addr) bool {
	return i.BindRule != "" || slices.Contains(i.Addrs, addr)
}

// Loopback tells whether this host itself is served at 127.0.0.1.
func (i Interfaces) Loopback() bool {
	const lo = "lo"
	return i.match(lo, netip.AddrFrom4([4]byte{127, 0, 0, 1})) || len(i.Names) > 0 && !named(i.Except, lo)
}

func named(names []string, name string) bool {
	return slices.ContainsFunc(names, func(want string) bool {
		prefix, wild := strings.CutSuffix(want, "*")
		return name == want || wild && strings.HasPrefix(name, prefix)
	})
}

// String is what was asked for: "eth0 vlan* 192.168.9.2, but not wlan0".
func (i Interfaces) String() string {
	words := slices.Clone(i.Names)
	for _, addr := range i.Addrs {
		words = append(words, addr.String())
	}
	text := "[" + strings.Join(words, " ") + "]"
	if len(i.Except) > 0 {
		text += " but " + strings.Join(i.Except, " ")
	}
	return text
}
