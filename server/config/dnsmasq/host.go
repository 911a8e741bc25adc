package dnsmasq

import (
	"net/netip"
	"strings"

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
	for _, other := range r.policy().Hosts {
		if h.Addr.IsValid() && h.Addr == other.Addr {
			r.wrong("dhcp-host: the address %s is that of another line, %s", h.Addr, other.Rule)
			return
		}
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
	case len(bare) > 3 && strings.EqualFold(bare[:3], "id:"):
		return r.clientID(h, f[3:])
	case (sets || wants) && len(f) == 4:
		r.wrong("dhcp-host: %s: the tag has no name", f)
		return false
	case sets:
		h.Sets = append(h.Sets, set.String())
	case wants:
		h.Wants = append(h.Wants, tag.String())
	case strings.HasPrefix(bare, "[") && strings.HasSuffix(bare, "]"):
		h.Elsewhere = true
	default:
		pattern, ok := r.hardware(f.String())
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
	case strings.Contains(f.bare(), ":"):
		p, err := policy.ParsePattern(f.String(), false)
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

// hostWord reads an address, a lease time, "ignore" or a name.
func (r *reader) hostWord(h *policy.Host, f text) bool {
	word := f.String()
	addr, err := netip.ParseAddr(word)
	switch {
	case err == nil && addr.Is4():
		h.Addr = addr
	case word == "":
	case word == "infinite", leaseTime(word):
		h.Time, _ = duration(word)
	case word == "ignore":
		h.Ignore = true
	case policy.LegalName(word):
		h.Name, _, _ = strings.Cut(word, ".")
	default:
		r.wrong("dhcp-host: %q is neither an address, nor a name, nor a time", word)
		return false
	}
	return true
}

func leaseTime(s string) bool {
	digits := strings.TrimSpace(strings.TrimRight(s[:len(s)-1], " ") + strings.Trim(s[len(s)-1:], "smhdwSMHDW"))
	return digits != "" && strings.Trim(digits, "0123456789 ") == ""
}
