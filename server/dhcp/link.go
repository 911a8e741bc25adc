package dhcp

import "net/netip"

// A Link is one network that the server stands on.
type Link struct {
	Name   string       // "eth0"
	Alias  string       // the interface itself, if what comes by it counts as come by Name; "": it is Name
	Index  int          // the kernel's number; two addresses of one interface are two Links with one Index
	Prefix netip.Prefix // Prefix.Addr() is our own address there
}

// Device is the name of the interface itself.
func (l Link) Device() string {
	if l.Alias != "" {
		return l.Alias
	}
	return l.Name
}
