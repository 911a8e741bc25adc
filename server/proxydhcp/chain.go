package proxydhcp

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/wire/pxe"
)

// fileFor is what a client fetches of a Boot. An iPXE that can do what the Script needs gets that, so
// that a Boot whose File is an iPXE loads it once and not for ever (ipxe.org/howto/chainloading).
func (b Boot) fileFor(c *client) string {
	ipxe, is := pxe.ParseIPXE(c.Packet.Options[pxe.OptUserClass], c.Packet.Options[pxe.OptIPXE])
	lacks := func(f pxe.Feature) bool { return !ipxe.Has(f) }
	if b.Script == "" || !is || slices.ContainsFunc(b.Features, lacks) {
		return ToOurselves(b.File, c.Link.Prefix.Addr())
	}
	return ToOurselves(b.Script, c.Link.Prefix.Addr())
}

// What says in words what a machine is told to do.
func (b Boot) What() string {
	if b.Local {
		return "local boot"
	}
	return b.which("boot file " + b.File)
}

// which adds what the file starts by itself, where that is known.
func (b Boot) which(file string) string {
	if b.Starts == "" {
		return file
	}
	return file + ", which starts " + b.Starts
}

// OurAddress stands in a URI for the address that we have on the client's link: "http://{server}/menu.ipxe".
const OurAddress = "{server}"

// ToOurselves puts our address into a URI. A name for TFTP is left as it is: it can be any.
func ToOurselves(name string, self netip.Addr) string {
	scheme, rest, uri := strings.Cut(name, "://")
	host, found := strings.CutPrefix(rest, OurAddress)
	if !uri || !found {
		return name
	}
	return scheme + "://" + self.String() + host
}

// longestAddress has no longer text than any other.
var longestAddress = netip.MustParseAddr("255.255.255.255")
