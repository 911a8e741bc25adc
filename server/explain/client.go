package explain

import (
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/bootrig/bootrig/wire/pxe"
)

// A Client is a machine that asks.
type Client struct {
	MAC       net.HardwareAddr
	Arch      pxe.Arch
	Vendor    string // option 60; "": it sends none, and no architecture, so it is no netboot client
	UserClass string // option 77
	IPXE      bool   // it is an iPXE and says so
	Secure    bool   // its firmware boots by UEFI Secure Boot, and so what is signed
	UUID      []byte // of option 97, in the order of the wire; nil: it sends none
	ClientID  []byte // option 61; nil: none
	Name      string // option 12
	Relay     netip.Addr
	Circuit   string     // what the relay says in option 82
	Remote    string     // the same
	Interface string     // by which it comes to us
	IP        netip.Addr // its address once it has one; zero: one is made up
	Tags      []string   // that bootrig machines has given it
	Options   map[uint8][]byte
}

// http tells whether the client boots by HTTP, and so knows neither menus nor port 4011.
func (c Client) http() bool { return strings.HasPrefix(c.Vendor, pxe.HTTPClient) }

// String is the client in a few words.
func (c Client) String() string {
	words := []string{c.MAC.String()}
	if c.Vendor != "" {
		words = append(words, c.Arch.String(), fmt.Sprintf("vendor class %q", c.Vendor))
	}
	if c.UserClass != "" {
		words = append(words, fmt.Sprintf("user class %q", c.UserClass))
	}
	if c.Secure {
		words = append(words, "Secure Boot")
	}
	if c.Name != "" {
		words = append(words, "called "+c.Name)
	}
	if c.Relay.IsValid() {
		words = append(words, "behind relay "+c.Relay.String())
	}
	if len(c.Tags) > 0 {
		words = append(words, "marked "+strings.Join(c.Tags, " "))
	}
	return strings.Join(words, ", ")
}

// Plain is a client of an architecture as its firmware is, with all that follows from it.
func Plain(arch pxe.Arch) Client {
	var c Client
	c.Arch = arch
	c.fill(map[string]bool{})
	return c
}

// IPXE is an iPXE that was loaded on a machine of an architecture.
func IPXE(arch pxe.Arch) Client {
	c := Client{Arch: arch, IPXE: true}
	c.fill(map[string]bool{})
	return c
}

// fill makes up what was not given: what firmware of its kind sends.
func (c *Client) fill(given map[string]bool) {
	if c.MAC == nil {
		c.MAC = net.HardwareAddr{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}
	}
	if !given["vendor"] {
		c.Vendor = vendorClass(c.Arch, c.IPXE)
	}
	if c.IPXE && !given["user"] {
		c.UserClass = "iPXE"
	}
}

// vendorClass is the option 60 of the ROMs in the captures: iPXE's (A, F2), EDK2's (B, F3).
func vendorClass(arch pxe.Arch, ipxe bool) string {
	name, undi := pxe.PXEClient, "002001"
	switch {
	case arch.HTTP():
		name, undi = pxe.HTTPClient, "003000"
	case arch.UEFI() && ipxe:
		undi = "003010"
	case arch.UEFI():
		undi = "003000"
	}
	return fmt.Sprintf("%s:Arch:%05d:UNDI:%s", name, uint16(arch), undi)
}
