package policy

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strings"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// A Client is what rules can look at: a packet and how it came.
type Client struct {
	Interface string
	Packet    *dhcpv4.DHCPv4
	In        netip.Addr // an address of the network that the client is in
	// ID is the client identifier of one that sends none, known from its lease.
	ID []byte
	// Marks are tags that the machine has whatever it sends, each with what gave it.
	Marks map[string]string
	// Here tells whether an address is in one of the networks that the request is answered from.
	Here func(netip.Addr) bool
}

// Options that rules look into.
const (
	optHostName    = 12
	optMessageType = 53
	optVendorClass = 60
	optClientID    = 61
	optUserClass   = 77
	optFQDN        = 81
	optAgent       = 82
	optVendorIdent = 124
	optVendorInfo  = 125
)

func (c Client) option(code uint8) []byte {
	return c.Packet.Options.Get(dhcpv4.GenericOptionCode(code))
}

// bootp tells whether this is no DHCP, but what was before it.
func (c Client) bootp() bool { return len(c.option(optMessageType)) == 0 }

// id is the client identifier.
func (c Client) id() []byte {
	if id := c.option(optClientID); len(id) > 0 {
		return id
	}
	return c.ID
}

func (c Client) hardware() (kind int, addr []byte) {
	return int(c.Packet.HWType), c.Packet.ClientHWAddr
}

// agent is a sub-option of the relay's option 82 (RFC 3046).
func (c Client) agent(code uint8) []byte { return inside(c.option(optAgent), code) }

// inside is a sub-option that is not empty.
func inside(b []byte, code uint8) []byte {
	for ; len(b) >= 2 && len(b) >= 2+int(b[1]); b = b[2+int(b[1]):] {
		if b[0] == code && b[1] > 0 {
			return b[2 : 2+int(b[1])]
		}
	}
	return nil
}

// userClass is option 77. RFC 3004 counts its strings, iPXE and dhclient send one without a count:
// where counts are consistent they are made zero, so that none looks like a letter (rfc2131.c).
func (c Client) userClass() []byte {
	class := bytes.Clone(c.option(optUserClass))
	end := 0
	for end < len(class) {
		end += int(class[end]) + 1
	}
	if end != len(class) {
		return class
	}
	for i := 0; i < len(class); {
		next := i + int(class[i]) + 1
		class[i] = 0
		i = next
	}
	return class
}

// vendorIdents are the data of option 124 (RFC 3925) for one enterprise.
func (c Client) vendorIdents(enterprise uint32) [][]byte {
	var all [][]byte
	for b := c.option(optVendorIdent); len(b) > 5 && len(b) >= 5+int(b[4]); b = b[5+int(b[4]):] {
		number := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
		for data := b[5 : 5+int(b[4])]; number == enterprise && len(data) > 0; {
			n := min(1+int(data[0]), len(data))
			all = append(all, data[1:n])
			data = data[n:]
		}
	}
	return all
}

// gateway tells whether a broadband device identifies itself (TR-069): option 125 of enterprise 3561 has
// a manufacturer and a serial number.
func (c Client) gateway() bool {
	const broadbandForum, manufacturer, serial = 3561, 1, 2
	for b := c.option(optVendorInfo); len(b) > 5 && len(b) >= 5+int(b[4]); b = b[5+int(b[4]):] {
		if binary.BigEndian.Uint32(b) == broadbandForum {
			data := b[5 : 5+int(b[4])]
			return inside(data, manufacturer) != nil && inside(data, serial) != nil
		}
	}
	return false
}

// name is the host name that the client gives itself: option 81 in text or in labels, else option 12.
func (c Client) name() string {
	name := string(bytes.TrimRight(c.option(optHostName), "\x00"))
	if fqdn := c.option(optFQDN); len(fqdn) >= 3 {
		const encoded = 4 // the flag E of RFC 4702
		if name = string(bytes.TrimRight(fqdn[3:], "\x00")); fqdn[0]&encoded != 0 {
			name = labels(fqdn[3:])
		}
	}
	if !LegalName(name) {
		return ""
	}
	return name
}

func labels(b []byte) string {
	name := ""
	for len(b) > 0 && b[0] > 0 && len(b) > int(b[0]) {
		if name != "" {
			name += "."
		}
		name += string(b[1 : 1+int(b[0])])
		b = b[1+int(b[0]):]
	}
	return name
}

// LegalName tells what dnsmasq takes for a host name: its first label has letters, digits, and dashes
// and underscores but at the beginning, and no label is longer than DNS allows (util.c, legal_hostname).
func LegalName(name string) bool {
	const longest = 63
	for label := range strings.SplitSeq(name, ".") {
		if len(label) > longest {
			return false
		}
	}
	for i, r := range name {
		switch {
		case r == '.':
			return i > 0
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', i > 0 && (r == '-' || r == '_'):
		default:
			return false
		}
	}
	return name != ""
}
