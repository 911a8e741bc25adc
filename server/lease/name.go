package lease

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/bootrig/bootrig/server/policy"
)

// DHCP options about names.
const (
	optHostName   = 12
	optDomainName = 15
	optFQDN       = 81
)

// Flags of option 81 (RFC 4702, section 2.1).
const (
	serverUpdates byte = 1 // S
	overridden    byte = 2 // O
	encoded       byte = 4 // E: the name is in labels
	noUpdates     byte = 8 // N
)

// names are what a client calls itself, and what we call it.
type names struct {
	offer string // for an OFFER, which must not name the client otherwise than it does itself
	name  string
	ours  bool // name is the configuration's
	fqdn  bool // the client sent option 81
	flags byte // of it, as they are answered
	nul   bool // it ends its texts with a NUL and wants ours so
}

// names reads options 12 and 81 (rfc2131.c, dhcp_reply).
func (c *Config) names(cl *client) names {
	var n names
	host, said := cl.known.Host, cl.known.Name
	own, _, _ := strings.Cut(said, ".")
	if value := cl.Packet.Options[optFQDN]; len(value) >= 3 {
		n.fqdn, n.flags = true, c.answerFlags(value[0])
		n.nul = n.flags&encoded == 0 && strings.HasSuffix(string(value[3:]), "\x00")
		n.offer = own
	} else {
		n.nul = strings.HasSuffix(string(cl.Packet.Options[optHostName]), "\x00")
	}
	byAddress := len(host.MACs) > 0 || host.ClientID != nil
	if host.Name == "" || !byAddress {
		n.name = own
		return n
	}
	n.name, n.ours = host.Name, true
	if n.fqdn || said == "" || strings.EqualFold(said, host.Name) {
		n.offer = host.Name
	}
	return n
}

func (c *Config) answerFlags(flags byte) byte {
	switch {
	case !c.ClientUpdates && flags&serverUpdates == 0:
		return (flags | serverUpdates | overridden) &^ noUpdates
	case !c.ClientUpdates:
		return flags &^ noUpdates
	case flags&serverUpdates != 0:
		return (flags | overridden | noUpdates) &^ serverUpdates
	}
	return flags | noUpdates
}

// granted is the name that a lease is given under; "" is none.
func (c *Config) granted(cl *client, tags policy.Tags) string {
	name := cl.names.name
	if !cl.names.ours && someone(c.IgnoreNames, tags) {
		name = ""
	}
	if name == "" && someone(c.GenerateNames, tags) {
		return strings.ReplaceAll(fmt.Sprintf("% x", cl.unique()), " ", "-")
	}
	return name
}

// someone tells whether a switch is on for a client with tags.
func someone(list []For, tags policy.Tags) bool {
	for _, f := range list {
		if f.Tags.Met(tags) {
			return true
		}
	}
	return false
}

// domain is that of an address.
func (c *Config) domain(addr netip.Addr) string {
	name := ""
	for _, some := range []bool{false, true} {
		for _, d := range c.Domains {
			if d.First.IsValid() == some && (!some || !addr.Less(d.First) && !d.Last.Less(addr)) {
				name = d.Name
			}
		}
	}
	return name
}

// fullName is option 81 of an answer.
func (n names) fullName(name, domain string) []byte {
	b := []byte{n.flags & 15, 255, 255} // the answer codes that nobody reads any more
	if n.flags&encoded == 0 {
		if domain != "" {
			name += "." + domain
		}
		if n.nul {
			name += "\x00"
		}
		return append(b, name...)
	}
	label := func(s string) { b = append(append(b, byte(len(s))), s...) }
	label(name)
	if domain != "" {
		for part := range strings.SplitSeq(domain, ".") {
			label(part)
		}
		b = append(b, 0)
	}
	return b
}
