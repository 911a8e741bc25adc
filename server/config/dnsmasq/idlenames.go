package dnsmasq

import (
	"strconv"
	"strings"
)

// dynamicHost reads NAME,ADDRESS[,ADDRESS],INTERFACE.
func dynamicHost(t text) bool {
	fields := t.fields()
	addrs := 0
	for i, f := range fields[1:] {
		if _, ok := ip(f.bare()); ok && i+2 < len(fields) {
			addrs++
			continue
		}
		return addrs > 0 && domainName(fields[0].String()) && !strings.Contains(f.bare(), "/")
	}
	return false
}

// synthDomain reads DOMAIN,NETWORK/BITS[,PREFIX] or DOMAIN,FIRST[,LAST[,PREFIX]].
func synthDomain(t text) bool {
	domain, rest, more := t.cut()
	if !more || !domainName(domain.String()) {
		return false
	}
	if network, after, found := slash(rest.String()); found {
		bits, prefix, _ := around(after, ",")
		n, number := atoi(bits)
		addr, ok := ip(network)
		indexed := strings.HasSuffix(prefix, "*") && addr.Is6() && n < 64
		return ok && number && n <= addr.BitLen() && !indexed && synthPrefix(prefix, addr.Is4())
	}
	first, after, more := around(rest.String(), ",")
	last, prefix, _ := around(after, ",")
	from, ok := ip(first)
	to, ok2 := ip(last)
	return ok && (!more || ok2 && to.Is4() == from.Is4()) && synthPrefix(prefix, true)
}

// synthPrefix is what goes before an address in a label of 63 letters.
func synthPrefix(s string, is4 bool) bool {
	longest := 63 - len("255.255.255.255") - 1
	if !is4 {
		longest = 63 - 46
	}
	return len(s) <= longest && domainName(s)
}

// interfaceName reads NAME,INTERFACE[/4 or /6]. What follows is left out, but not behind an address.
func interfaceName(t text) bool {
	name, rest, more := t.cut()
	face, _, beyond := rest.cut()
	_, isAddr := ip(face.bare())
	return more && domainName(name.String()) && interfaceFamily(face.bare()) && (!beyond || !isAddr)
}

// tableSets is the value of nftset; without a name dnsmasq dies of it.
func tableSets(t text) bool {
	for name := range strings.SplitSeq(setNames(t), ",") {
		if strings.TrimSpace(name) == "" {
			return false
		}
	}
	return true
}

// setNames is SET[,SET...] behind [/DOMAIN/...]; "" if there are none, or the domains are none.
func setNames(t text) string {
	s := t.String()
	if domains, ok := strings.CutPrefix(s, "/"); ok {
		parts := strings.Split(domains, "/")
		for _, name := range parts[:len(parts)-1] {
			if !domainName(strings.TrimLeft(name, ".")) {
				return ""
			}
		}
		s = strings.TrimLeft(parts[len(parts)-1], " ")
	}
	return s
}

// routerParameters reads INTERFACE,[mtu:...,][high, or low,]SECONDS[,SECONDS].
func routerParameters(t text) bool {
	_, rest, more := t.cut()
	if !more {
		return true
	}
	words := rest.fields()
	begins := func(prefix string) bool {
		return len(words) > 0 && strings.HasPrefix(strings.ToLower(words[0].bare()), prefix)
	}
	if begins("mtu:") {
		n, number := atoi(words[0][len("mtu:"):].String())
		if len(words) < 2 || number && n < 1280 {
			return false
		}
		words = words[1:]
	}
	if begins("high") || begins("low") {
		words = words[1:]
	}
	for _, w := range words {
		if _, ok := atoi(w.String()); !ok {
			return false
		}
	}
	return len(words) == 1 || len(words) == 2
}

// trustAnchor reads DOMAIN or DOMAIN,[CLASS,]KEYTAG,ALGORITHM,TYPE,DIGEST. That the key may be left out is new in 2.92.
func trustAnchor(t text) bool {
	words := t.fields()
	if len(words) > 2 && strings.Contains(" IN CH HS ", " "+words[1].bare()+" ") {
		words = append(words[:1:1], words[2:]...)
	}
	if len(words) == 1 {
		return domainName(words[0].String())
	}
	if len(words) != 5 || !domainName(words[0].String()) || !hexBytes(strings.ReplaceAll(words[4].String(), " ", "")) {
		return false
	}
	for i, limit := range []int{0xffff, 0xff, 0xff} {
		if _, ok := atMost(limit, words[i+1].String()); !ok {
			return false
		}
	}
	return true
}

// canonicalName reads ALIAS[,ALIAS...],TARGET[,TTL].
func canonicalName(t text) bool {
	names := t.fields()
	if len(names) < 2 {
		return false
	}
	for _, name := range names {
		if !domainName(name.String()) {
			return false
		}
	}
	return true
}

// connectionMark reads MARK[/MASK][,PATTERN[/PATTERN...]].
func connectionMark(t text) bool {
	numbers, patterns, more := strings.Cut(t.String(), ",")
	first, second, masked := strings.Cut(numbers, "/")
	if first == "" || strings.Trim(first+second, "0123456789") != "" || masked && second == "" {
		return false
	}
	if !more {
		return true
	}
	for p := range strings.SplitSeq(patterns, "/") {
		if p != "*" && !namePattern(p) {
			return false
		}
	}
	n, ok := mark(first)
	mask, ok2 := mark(second)
	return ok && n > 0 && (!masked || ok2 && mask > 0 && n&^mask == 0)
}

// mark reads a number of 32 bits, without a sign (option.c, strtoul_check).
func mark(s string) (uint32, bool) {
	if strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseUint("0"+s, 10, 32)
	return uint32(n), err == nil
}

// namePattern tells whether a name with stars is one that dnsmasq takes: two labels at least, up to two stars
// in a label but none in the last two, and not *.local (pattern.c, is_valid_dns_name_pattern).
func namePattern(s string) bool {
	labels := strings.Split(s, ".")
	for i, label := range labels {
		last := i >= len(labels)-2
		stars := strings.Count(label, "*")
		switch {
		case label == "", len(label) > 63, label[0] == '-', label[len(label)-1] == '-', stars > 2, last && stars > 0:
			return false
		}
		for _, c := range label {
			if c != '*' && c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
				return false
			}
		}
	}
	top := labels[len(labels)-1]
	return len(labels) > 1 && len(s) <= 253 && strings.Trim(top, "0123456789") != "" && !strings.EqualFold(top, "local")
}
