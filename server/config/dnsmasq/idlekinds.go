package dnsmasq

import (
	"net/netip"
	"strings"

	"github.com/bootrig/bootrig/server/policy"
)

// An idleKind is what a field of an option without effect must be.
type idleKind struct {
	want string // after "is not"
	is   func(text) bool
}

// idleKinds are the kinds of ignored.go's lists (option.c, one_opt).
func idleKinds() map[string]idleKind {
	number := func(from, to int) func(text) bool {
		return func(t text) bool { n, ok := atoi(t.String()); return ok && from <= n && n <= to }
	}
	const most = 1<<31 - 1
	return map[string]idleKind{
		"any":       {"a text", func(text) bool { return true }},
		"int":       {"a number", func(t text) bool { _, ok := atoi(t.String()); return ok }},
		"count":     {"a number above 0", number(1, most)},
		"expiry":    {"a number of seconds", number(0, most)},
		"retry":     {"a number of milliseconds from 50 on", number(50, most)},
		"port":      {"a number from 0 to 65535", number(0, 0xffff)},
		"byte":      {"a number from 0 to 255", number(0, 0xff)},
		"mask":      {"a number from 1 to 4294967295", func(t text) bool { n, ok := mark(t.String()); return ok && n > 0 }},
		"form":      {"base64 or text", func(t text) bool { return t.String() == "base64" || t.String() == "text" }},
		"name":      {"a domain name", func(t text) bool { return domainName(t.String()) }},
		"ip":        {"an IP address", func(t text) bool { _, ok := ip(t.String()); return ok }},
		"hex":       {"bytes in hexadecimal, such as 00:01:ab", func(t text) bool { return hexBytes(t.bare()) }},
		"prefix":    {"an IP address, alone or with /BITS", addressBits},
		"subnet":    {"a number of bits or ADDRESS/BITS", subnetBits},
		"face":      {"an interface name, alone or with /4 or /6", func(t text) bool { return interfaceFamily(t.String()) }},
		"zone":      {"[exclude:]ADDRESS[/BITS] or INTERFACE[/4 or /6]", zoneNet},
		"rr":        {"the number or the name of a record type, such as AAAA", recordType},
		"facility":  {"a facility of syslog such as daemon, and no path, which has a /", logFacility},
		"umbrella":  {"deviceid:SIXTEEN DIGITS, orgid:NUMBER or assetid:NUMBER", umbrella},
		"address":   {"[/DOMAIN/]ADDRESS, or # for its address", literalAddress},
		"server":    {"[/DOMAIN/]ADDRESS[#PORT][@SOURCE[#PORT]]", upstream},
		"reverse":   {"ADDRESS/BITS[,SERVER]", reverseServer},
		"alias":     {"OLD[-OLD],NEW[,MASK], all IPv4 addresses", alias},
		"dynamic":   {"NAME,ADDRESS[,ADDRESS],INTERFACE", dynamicHost},
		"synth":     {"DOMAIN,NETWORK/BITS or DOMAIN,FIRST,LAST, and [,PREFIX]", synthDomain},
		"sets":      {"[/DOMAIN.../]SET[,SET...]", func(t text) bool { return setNames(t) != "" }},
		"tables":    {"[/DOMAIN.../]TABLE#SET[,TABLE#SET...]", tableSets},
		"interface": {"NAME,INTERFACE, and perhaps /4 or /6", interfaceName},
		"router":    {"INTERFACE,[mtu:NUMBER or INTERFACE or off,][high, or low,]SECONDS[,SECONDS]", routerParameters},
		"anchor":    {"DOMAIN,[CLASS,]KEYTAG,ALGORITHM,TYPE,DIGEST", trustAnchor},
		"cname":     {"ALIAS[,ALIAS...],TARGET[,TTL]", canonicalName},
		"connmark":  {"MARK[/MASK][,PATTERN[/PATTERN...]]", connectionMark},
	}
}

// hexBytes tells whether dnsmasq finds bytes in hexadecimal (util.c, parse_hex), or none at all.
func hexBytes(s string) bool {
	_, err := policy.ParsePattern(s, false)
	return err == nil || strings.Trim(s, ":- ") == ""
}

func plainHex(s string) bool { return s != "" && strings.Trim(s, "0123456789abcdefABCDEF") == "" }

// slash splits at the first "/", blanks around it dropped (option.c, split_chr).
func slash(s string) (before, after string, found bool) { return around(s, "/") }

func around(s, separator string) (before, after string, found bool) {
	before, after, found = strings.Cut(s, separator)
	if !found {
		return s, "", false
	}
	return strings.TrimRight(before, " "), strings.TrimLeft(after, " "), true
}

func addressBits(t text) bool {
	s, bits, limited := slash(t.String())
	addr, ok := ip(s)
	n, number := atoi(bits)
	return ok && number && (!limited || n <= addr.BitLen())
}

func subnetBits(t text) bool {
	s, bits, found := slash(t.bare())
	if !found {
		_, ok := atoi(t.String())
		return ok
	}
	_, ok := ip(s)
	_, number := atoi(bits)
	return ok && number
}

func interfaceFamily(s string) bool {
	_, family, found := slash(s)
	return !found || family == "4" || family == "6"
}

func zoneNet(t text) bool {
	s, _, found := slash(t.bare())
	_, bits, _ := slash(t.String())
	n, ok := atoi(bits)
	if _, network := ip(strings.TrimPrefix(s, "exclude:")); network {
		return ok
	}
	return ok && (!found || n == 4 || n == 6)
}

func recordType(t text) bool {
	s := strings.ToUpper(t.String())
	_, ok := atoi(s)
	return ok || strings.Contains(recordTypes, " "+s+" ")
}

// recordTypes are the names that dnsmasq 2.90 knows (rfc1035.c, rrtype).
const recordTypes = " A NS MD MF CNAME SOA MB MG MR NULL WKS PTR HINFO MINFO MX TXT RP AFSDB X25 ISDN RT NSAP NSAP_PTR SIG KEY PX " +
	"GPOS AAAA LOC NXT EID NIMLOC SRV ATMA NAPTR KX CERT A6 DNAME SINK OPT APL DS SSHFP IPSECKEY RRSIG NSEC DNSKEY DHCID NSEC3 " +
	"NSEC3PARAM TLSA SMIMEA HIP NINFO RKEY TALINK CDS CDNSKEY OPENPGPKEY CSYNC ZONEMD SVCB HTTPS SPF UINFO UID GID UNSPEC NID L32 " +
	"L64 LP EUI48 EUI64 TKEY TSIG IXFR AXFR MAILB MAILA ANY URI CAA AVC DOA AMTRELAY RESINFO TA DLV "

func logFacility(t text) bool {
	s := t.bare()
	if strings.Contains(s, "/") || s == "-" {
		return true // a file
	}
	return s != "" && strings.Contains(facilities, " "+strings.ToLower(s)+" ")
}

// facilities are those of syslog(3).
const facilities = " auth authpriv cron daemon ftp kern lpr mail mark news security syslog user uucp " +
	"local0 local1 local2 local3 local4 local5 local6 local7 "

func umbrella(t text) bool {
	s := t.bare()
	if device, ok := strings.CutPrefix(s, "deviceid:"); ok {
		return len(device) == 16 && plainHex(device)
	}
	for _, word := range []string{"orgid:", "assetid:"} {
		if id, ok := strings.CutPrefix(s, word); ok {
			_, number := mark(id)
			return number
		}
	}
	return false
}

// literalAddress is the value of address=.
func literalAddress(t text) bool {
	s := withoutDomains(t.String())
	_, ok := ip(s)
	return ok || s == "" || s == "#"
}

// withoutDomains is what stands behind /DOMAIN/DOMAIN/.
func withoutDomains(s string) string {
	if strings.HasPrefix(s, "/") {
		s = strings.TrimLeft(s[strings.LastIndex(s, "/")+1:], " ")
	}
	return s
}

func upstream(t text) bool {
	s := withoutDomains(t.String())
	return s == "" || upstreamServer(s)
}

// upstreamServer reads ADDRESS[#PORT][@SOURCE[#PORT]][@INTERFACE] (option.c, parse_server). The name of a
// server is not looked up, and so is right.
func upstreamServer(s string) bool {
	if s == "#" {
		return true
	}
	port := func(s string) (rest string, ok bool) {
		rest, number, _ := around(s, "#")
		_, ok = atMost(0xffff, number)
		return rest, ok
	}
	server, source, sourced := around(s, "@")
	source, ok := port(source)
	server, ok2 := port(server)
	server, _, _ = around(server, "%")
	addr, known := ip(server)
	if !ok || !ok2 || known && !sourced {
		return ok && ok2
	}
	_, second, both := around(source, "@")
	if !known {
		_, isAddr := ip(second)
		return (!both || isAddr) && server != "" && strings.Trim(strings.ToLower(server), "abcdefghijklmnopqrstuvwxyz0123456789.-_") == ""
	}
	if both {
		source = second // and the first is an interface
		from, ok := ip(source)
		return ok && from.Is4() == addr.Is4()
	}
	from, literal := ip(source)
	return !literal || from.Is4() == addr.Is4()
}

// reverseServer is the value of rev-server=.
func reverseServer(t text) bool {
	head, server, more := around(t.String(), ",")
	s, bits, _ := slash(head)
	addr, ok := ip(s)
	n, number := atoi(bits)
	if !number || bits == "" && !strings.Contains(head, "/") {
		n = addr.BitLen()
	}
	return ok && 0 < n && n <= addr.BitLen() && (!more || upstreamServer(server))
}

func alias(t text) bool {
	from, rest, more := t.cut()
	to, mask, masked := rest.cut()
	first, last, ranged := around(from.bare(), "-")
	a, ok := ip4(first)
	_, ok2 := ip4(to.String())
	m := netip.AddrFrom4([4]byte{255, 255, 255, 255})
	if masked {
		if m, masked = ip4(mask.String()); !masked {
			return false
		}
	}
	if !ranged {
		return more && ok && ok2
	}
	b, ok3 := ip4(last)
	return more && ok && ok2 && ok3 && !b.Less(a) && within(a, m) == within(b, m)
}

// within is an address cut by a mask.
func within(a, mask netip.Addr) netip.Addr {
	b, m := a.As4(), mask.As4()
	for i := range b {
		b[i] &= m[i]
	}
	return netip.AddrFrom4(b)
}
