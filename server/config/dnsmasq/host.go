package dnsmasq

import (
	"encoding/binary"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
)

// dhcpHost reads addresses, identifiers, tags and names in any order (option.c). For a proxy a host's
// line says which tags it has and whether to leave it alone; its address, name and time are for leases.
func (r *reader) dhcpHost(value text) {
	h := policy.Host{Rule: r.rule}
	for _, f := range value.fields() {
		if !r.hostField(&h, f) {
			return
		}
	}
	if h.Addr.IsValid() {
		if other, taken := r.hostAddrs[h.Addr]; taken {
			r.wrong("dhcp-host: the address %s is that of another line, %s", h.Addr, other)
			return
		}
		r.hostAddrs[h.Addr] = h.Rule
	}
	r.policy().Hosts = append(r.policy().Hosts, h)
}

func (r *reader) hostField(h *policy.Host, f text) bool {
	bare := f.bare()
	if !strings.Contains(bare, ":") {
		return r.hostWord(h, f)
	}
	set, sets := f.prefix("set:")
	if !sets {
		set, sets = f.prefix("net:") // as in old files
	}
	tag, wants := f.prefix("tag:")
	switch {
	case len(bare) >= 3 && strings.EqualFold(bare[:3], "id:"):
		return r.clientID(h, f[3:])
	case (sets || wants) && len(f) == 4:
		r.wrong("dhcp-host: %s: the tag has no name", f)
		return false
	case sets:
		h.Sets = append(h.Sets, set.String())
	case wants:
		h.Wants = append(h.Wants, tag.String())
	case strings.HasPrefix(bare, "[") && strings.HasSuffix(bare, "]"):
		if h.Elsewhere = hostPrefix(bare[1 : len(bare)-1]); !h.Elsewhere {
			r.wrong("dhcp-host: %s is not an IPv6 address, alone or with the /BITS of its network", f)
			return false
		}
	default:
		pattern, ok := r.hardware(f.bare())
		if !ok {
			return false
		}
		h.MACs = append(h.MACs, pattern)
	}
	return true
}

// clientID reads id:TEXT, id:BYTES or id:*, which says that there is none to look at.
func (r *reader) clientID(h *policy.Host, f text) bool {
	switch {
	case strings.HasPrefix(f.bare(), "*"):
		h.NoID = true
	case strings.Trim(f.bare(), ":- ") == "":
	case strings.Contains(f.bare(), ":"):
		p, err := policy.ParsePattern(f.bare(), false)
		if err != nil || !p.Exact() {
			r.wrong("dhcp-host: id:%s: not bytes in hexadecimal", f)
			return false
		}
		h.ClientID = p.Bytes
	default:
		h.ClientID = []byte(f.String())
	}
	return true
}

// hostPrefix tells whether a host's IPv6 address is one for dnsmasq. Behind a prefix of its network it must be
// zero, as far as a shift of 64 bits sees.
func hostPrefix(s string) bool {
	s, bits, network := slash(s)
	addr, ok := ip(s)
	n, number := atMost(128, bits)
	if !ok || !addr.Is6() || !number {
		return false
	}
	b := addr.As16()
	return !network || binary.BigEndian.Uint64(b[8:])&(1<<((128-n)%64)-1) == 0
}

// hostWord reads an address, a lease time, "ignore" or a name.
func (r *reader) hostWord(h *policy.Host, f text) bool {
	bare := f.bare()
	addr, isAddr := ip4(bare)
	time, isTime := hostTime(bare)
	switch name := f.String(); {
	case isAddr:
		h.Addr = addr
	case bare == "":
	case isTime:
		h.Time = time
	case bare == "ignore":
		h.Ignore = true
	case strings.HasPrefix(name, ".") && len(name) > 1 && domainName(name): // a domain, and no name in it
	case policy.LegalName(name) && domainName(name):
		h.Name, _, _ = strings.Cut(name, ".")
	default:
		r.wrong("dhcp-host: %q is neither an address, nor a name, nor a time", f)
		return false
	}
	return true
}

// hostTime reads a lease time in which there may be blanks, and what is behind the first of them does not count.
func hostTime(s string) (time.Duration, bool) {
	digits, unit := s, ""
	if at := len(s) - 1; at > 0 && strings.Trim(s[at:], units) == "" {
		digits, unit = s[:at], s[at:]
	}
	number, _, _ := strings.Cut(strings.TrimLeft(digits, " "), " ")
	switch {
	case s == "infinite":
		return lease.Infinite, true
	case number == "" || strings.Trim(digits, "0123456789 ") != "":
		return 0, false
	}
	return duration(number + unit)
}
