package ways

import (
	"fmt"
	"net/netip"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// An at is one of our addresses, by which files are had over HTTP.
type at struct {
	server string // "192.168.9.2"; proxydhcp.OurAddress: the one that a client reaches
	port   uint16
}

// at is the address to write where a client reached ours, unless HTTP is to be had at one address only.
func (w *world) at(server netip.Addr) at {
	if only(w.HTTP) {
		server = w.HTTP.Addr
	}
	return at{server.String(), w.HTTP.Port}
}

// only tells whether HTTP is had at one address. Machines have IPv4, and 0.0.0.0 is every address.
func only(h config.HTTP) bool { return h.Addr.Is4() && !h.Addr.IsUnspecified() }

// anywhere is an address of which only the client's link will tell which it is.
func anywhere(h config.HTTP) at {
	if only(h) {
		return at{h.Addr.String(), h.Port}
	}
	return at{proxydhcp.OurAddress, h.Port}
}

// host is what stands in a URL.
func (a at) host() string {
	if a.port == 80 {
		return a.server
	}
	return fmt.Sprintf("%s:%d", a.server, a.port)
}

// base is the URL of the tree.
func (a at) base() string { return "http://" + a.host() + "/" }
