package dnsmasq

import (
	"math"
	"net/netip"
	"strconv"
	"strings"
)

// idleOption accepts an option that changes nothing, if dnsmasq would take its value (option.c, one_opt).
func (r *reader) idleOption(reason, name, kinds string, value text) {
	if kinds != "" && value != nil && !r.idleValue(name, kinds, value) {
		return
	}
	r.unused(reason, name)
}

// idleValue compares a value with the kinds of its fields: "kind,kind?,kind*" is one, perhaps another, and
// any number of a third. The last kind gets the rest of the value, commas and all, as split leaves it.
func (r *reader) idleValue(name, kinds string, value text) bool {
	types := strings.Split(kinds, ",")
	rest, more := value, true
	for i := 0; i < len(types); i++ {
		word := types[i]
		kind := strings.TrimRight(word, "?*")
		if many := strings.HasSuffix(word, "*"); !more && (many || strings.HasSuffix(word, "?")) {
			return true
		} else if !more {
			r.wrong("%s=%s: a field is missing: %s", name, value, wanted(kind))
			return false
		} else if many {
			types = append(types, word)
		}
		field := rest
		if i < len(types)-1 {
			field, rest, more = rest.cut()
		}
		if !isKind(kind, field) {
			r.wrong("%s=%s: %q is not %s", name, value, field, wanted(kind))
			return false
		}
	}
	return true
}

// isKind asks idleKinds, and takes a name that is not among them, or several with "|", for words.
func isKind(kind string, field text) bool {
	if k, ok := idleKinds()[kind]; ok {
		return k.is(field)
	}
	for word := range strings.SplitSeq(kind, "|") {
		if field.bare() == word {
			return true
		}
	}
	return false
}

func wanted(kind string) string {
	if k, ok := idleKinds()[kind]; ok {
		return k.want
	}
	return strings.ReplaceAll(kind, "|", " or ")
}

// atoi reads a number as dnsmasq does (option.c, atoi_check): digits only, of which there may be none. What
// does not fit wraps around, as C's atoi makes it do.
func atoi(s string) (n int, ok bool) {
	if strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	wide, err := strconv.ParseInt("0"+s, 10, 64)
	if err != nil {
		wide = math.MaxInt64
	}
	return int(int32(wide)), true
}

// atMost is for numbers that have an upper bound (option.c, atoi_check16 and atoi_check8).
func atMost(limit int, s string) (n int, ok bool) {
	n, ok = atoi(s)
	return n, ok && 0 <= n && n <= limit
}

// ip reads an address as inet_pton does, which knows no zones.
func ip(s string) (netip.Addr, bool) {
	addr, err := netip.ParseAddr(s)
	return addr, err == nil && addr.Zone() == ""
}

func ip4(s string) (netip.Addr, bool) {
	addr, ok := ip(s)
	return addr, ok && addr.Is4()
}

// domainName tells whether a name is one for DNS (util.c, check_name): it need not be one for a host. Letters
// beyond ASCII are not looked at: they depend on dnsmasq's locale.
func domainName(s string) bool {
	if s == "" {
		return true // option.c, canonicalise_opt
	}
	blank := !strings.HasSuffix(s, ".")
	for label := range strings.SplitSeq(s, ".") {
		if len(label) > 63 {
			return false
		}
		for i := range len(label) {
			if label[i] < ' ' || label[i] == 0x7f {
				return false
			}
			blank = blank && label[i] == ' '
		}
	}
	return !blank && len(s) <= 1025
}
