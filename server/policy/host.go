package policy

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// A Host is a machine that is known by its addresses, its client identifier or its name: dhcp-host.
type Host struct {
	MACs      []Pattern
	ClientID  []byte
	Name      string
	Addr      netip.Addr    // its own; it is this host only where the address belongs
	Elsewhere bool          // it has IPv6 addresses only
	Time      time.Duration // of its leases; 0: its range's
	NoID      bool          // its client identifier is not looked at
	Wants     Wants
	Sets      []string
	Ignore    bool
	Rule      string
}

// host finds the line for a client. Lines that want tags come first, and of several the last one
// (dhcp-common.c, find_config). name is asked for instead of the client identifier if it is not "".
func (p *Policy) host(c Client, name string, tags Tags, anywhere bool) (Host, bool) {
	about := p.about(c, name)
	for _, tagged := range []bool{true, false} {
		var fit []Host
		for _, h := range about {
			if (len(h.Wants) > 0 || !tagged) && h.Wants.Met(tags) && (anywhere || h.here(c)) {
				fit = append(fit, h)
			}
		}
		if h, ok := p.among(fit, c, name); ok {
			return h, true
		}
	}
	return Host{}, false
}

// Has tells whether one of the host's addresses is this very one.
func (h Host) Has(kind int, addr []byte) bool {
	return slices.ContainsFunc(h.MACs, func(m Pattern) bool { return m.Exact() && m.Hardware(kind, addr) })
}

func (h Host) here(c Client) bool {
	if h.Addr.IsValid() {
		return c.Here != nil && c.Here(h.Addr)
	}
	return !h.Elsewhere
}

// among picks by client identifier, then whole address, then name, then the pattern with the fewest `*`.
func (p *Policy) among(hosts []Host, c Client, name string) (Host, bool) {
	id := c.id()
	if p.IgnoreClientID || name != "" {
		id = nil
	}
	kind, addr := c.hardware()
	for _, fits := range []func(Host) bool{
		func(h Host) bool { return h.hasID(id) },
		func(h Host) bool { return h.Has(kind, addr) },
		func(h Host) bool { return name != "" && strings.EqualFold(h.Name, name) },
	} {
		if i := slices.IndexFunc(hosts, fits); i >= 0 {
			return hosts[i], true
		}
	}
	best, most := Host{}, -1
	for _, h := range hosts {
		for _, m := range h.MACs {
			if n := m.fixed(); !m.Exact() && m.Hardware(kind, addr) && n > most {
				best, most = h, n
			}
		}
	}
	return best, most >= 0
}

// hasID compares client identifiers. dhcpcd puts a zero before its text, which is not counted.
func (h Host) hasID(id []byte) bool {
	if len(id) == 0 || h.ClientID == nil {
		return false
	}
	return bytes.Equal(h.ClientID, id) || id[0] == 0 && bytes.Equal(h.ClientID, id[1:])
}
