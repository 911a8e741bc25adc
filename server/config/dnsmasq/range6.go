package dnsmasq

import (
	"net/netip"
	"strings"
)

// range6 accepts an IPv6 range as dnsmasq does (option.c), for whom alone it means something: FIRST[,LAST] and
// words for router advertisements, then [,BITS][,TIME].
func (r *reader) range6(line text, first netip.Addr, fields []text) {
	const most = 7 // dnsmasq takes what stands behind the seventh as a part of it
	if len(fields) > most {
		r.wrong("dhcp-range=%s: more than %d words behind the first address", line, most)
		return
	}
	words := readRangeWords(first, fields)
	fields = fields[words.read:]
	bits := 64
	if len(fields) > 0 {
		if n, ok := atMost(128, fields[0].bare()); ok {
			bits, fields = n, fields[1:]
		}
	}
	network := netip.PrefixFrom(first, bits).Masked()
	switch {
	case bits < 64:
		r.wrong("dhcp-range=%s: a prefix has 64 bits at least, not %d", line, bits)
	case bits > 64 && (words.adverts || words.constructed):
		r.wrong("dhcp-range=%s: for router advertisements and constructor: a prefix has 64 bits, not %d", line, bits)
	case !network.Contains(words.last):
		r.wrong("dhcp-range=%s: %s and %s are not of one network of %d bits", line, first, words.last, bits)
	case words.constructed && !network.Addr().IsUnspecified():
		r.wrong("dhcp-range=%s: with constructor: the prefix comes from an interface, so it must be zero here", line)
	case len(fields) > 1:
		r.wrong("dhcp-range=%s: %q is not understood", line, fields[0])
	case len(fields) == 1 && !rangeTime(fields[0].bare()):
		r.wrong("dhcp-range=%s: %q is not a lease time such as 45m, 12h, 2d, 1w or infinite", line, fields[0])
	default:
		r.unused(notOurs, "dhcp-range="+first.String())
	}
}

// rangeWords are what stands between the first address of an IPv6 range and its BITS and TIME.
type rangeWords struct {
	last                 netip.Addr
	adverts, constructed bool
	read                 int // fields
}

func readRangeWords(first netip.Addr, fields []text) rangeWords {
	words := rangeWords{last: first}
	for i, f := range fields {
		word := f.bare()
		addr, isAddr := ip(word)
		switch {
		case word == "static", word == "off-link":
		case word == "slaac", strings.Contains(" ra-only ra-names ra-advrouter ra-stateless ", " "+word+" "):
			words.adverts = true
		case i == 0 && isAddr && addr.Is6():
			words.last = addr
		case strings.HasPrefix(word, "constructor:"):
			words.constructed = true
		default:
			return words
		}
		words.read++
	}
	return words
}

func rangeTime(word string) bool {
	_, ok := duration(word)
	return ok || word == "deprecated"
}
