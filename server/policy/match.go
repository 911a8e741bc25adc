package policy

import (
	"bytes"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/wire/pxe"
)

// A MAC gives a tag to the hardware addresses of a pattern: dhcp-mac.
type MAC struct {
	Tag     string
	Pattern Pattern
	Rule    string
}

// Where a Class looks.
type Place int

// The places of dhcp-vendorclass, dhcp-userclass, dhcp-circuitid, dhcp-remoteid and dhcp-subscrid.
const (
	VendorClass  Place = iota // option 60: a part of it
	UserClass                 // option 77: a part of it
	CircuitID                 // option 82.1 (RFC 3046): all of it
	RemoteID                  // option 82.2
	SubscriberID              // option 82.6 (RFC 3993)
)

// A Class gives a tag for a text that is found in a place.
type Class struct {
	Place Place
	Tag   string
	Text  []byte
	Rule  string
}

func (m Class) fits(c Client) bool {
	part := func(where []byte) bool { return len(where) > 0 && bytes.Contains(where, m.Text) }
	all := func(where []byte) bool { return len(where) > 0 && bytes.Equal(where, m.Text) }
	switch m.Place {
	case UserClass:
		return part(c.userClass())
	case CircuitID:
		return all(c.agent(1))
	case RemoteID:
		return all(c.agent(2))
	case SubscriberID:
		return all(c.agent(6))
	}
	return part(c.option(optVendorClass))
}

// A Form says how the value of an Option is looked for.
type Form int

// The forms of dhcp-match (dhcp-common.c, match_bytes).
const (
	Present Form = iota // the option is there
	Prefix              // it begins with the value's pattern
	Element             // it is an array, and the value one of its elements
	Part                // the value is somewhere in it
	Machine             // it is the machine's UUID (RFC 4578), whichever way its first fields are written
)

// An Option gives a tag for what an option holds: dhcp-match.
type Option struct {
	Tag        string
	Code       uint8
	Enterprise uint32 // of vi-encap: option 124 in place of Code
	Encap      bool   // Enterprise counts
	Form       Form
	Value      Pattern
	Rule       string
}

func (m Option) fits(c Client) bool {
	if !m.Encap {
		data := c.option(m.Code)
		return len(data) > 0 && m.in(data)
	}
	for _, data := range c.vendorIdents(m.Enterprise) {
		if m.in(data) {
			return true
		}
	}
	return false
}

func (m Option) in(data []byte) bool {
	want := m.Value.Bytes
	switch m.Form {
	case Prefix:
		return m.Value.Prefix(data)
	case Part:
		return bytes.Contains(data, want)
	case Machine:
		return machine(data, want)
	case Element:
		for i := 0; len(want) > 0 && i+len(want) <= len(data); i += len(want) {
			if bytes.Equal(data[i:i+len(want)], want) {
				return true
			}
		}
		return false
	}
	return true
}

// machine compares UUIDs. SMBIOS has the first three fields little-endian, and so does what ROMs send (captures A and
// C); before its version 2.6 nothing said so, and makers of boards did either.
func machine(data, want []byte) bool {
	const uuid = 17
	if len(data) != uuid || data[0] != 0 || len(want) != uuid-1 {
		return false
	}
	sent := pxe.UUID(data[1:])
	return sent == pxe.UUID(want) || sent.Raw() == pxe.UUID(want)
}

// An IPXE gives a tag to iPXEs that have all of some features.
type IPXE struct {
	Tag      string
	Features []pxe.Feature
	Rule     string
}

func (m IPXE) fits(c Client) bool {
	ipxe, is := pxe.ParseIPXE(c.option(pxe.OptUserClass), c.option(pxe.OptIPXE))
	lacks := func(f pxe.Feature) bool { return !ipxe.Has(f) }
	return is && !slices.ContainsFunc(m.Features, lacks)
}

// A Name gives a tag to a host name, or with Wild to all that begin like it: dhcp-name-match.
type Name struct {
	Tag  string
	Name string
	Wild bool
	Rule string
}

func (m Name) fits(name string) bool {
	if m.Wild {
		return len(name) >= len(m.Name) && strings.EqualFold(name[:len(m.Name)], m.Name)
	}
	return strings.EqualFold(name, m.Name)
}
