package dnsmasq

import (
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/server/config/optname"
)

// named6 finds an option of DHCPv6 by its name or number; of an unknown name the code is -1. bootrig sends none of
// them: they are looked at as far as dnsmasq refuses what stands there.
func named6(word string) (code int, of optname.Type) {
	if n, ok := atoi(word); ok {
		word = strconv.Itoa(n)
	}
	for line := range strings.SplitSeq(optionNames6, "\n") {
		if f := strings.Fields(line); len(f) == 3 && (strings.EqualFold(f[1], word) || f[0] == word) {
			internal := strings.Contains(f[2], "I") && f[0] != word
			return number(f[0]), optname.Type{Addrs: strings.Contains(f[2], "A"), Name: strings.Contains(f[2], "D"), Internal: internal}
		}
	}
	if n, ok := atoi(word); ok {
		return n, optname.Type{}
	}
	return -1, optname.Type{}
}

// optionNames6 are dnsmasq 2.90's (dhcp-common.c, opttab6): A addresses, D domain names, I internal.
const optionNames6 = `
1 client-id I
2 server-id I
3 ia-na I
4 ia-ta I
5 iaaddr I
6 oro I
7 preference I
12 unicast I
13 status I
14 rapid-commit I
15 user-class I
16 vendor-class I
17 vendor-opts I
21 sip-server-domain D
22 sip-server A
23 dns-server A
24 domain-search D
27 nis-server A
28 nis+-server A
29 nis-domain D
30 nis+-domain D
31 sntp-server A
32 information-refresh-time -
39 FQDN ID
41 posix-timezone -
42 tzdb-timezone -
56 ntp-server -
59 bootfile-url -
60 bootfile-param -
`

const ntpServers6 = 56 // addresses, bytes or a name, by its looks (RFC 5908)

// value6 tells whether dnsmasq takes a value for an option of DHCPv6 (option.c, parse_dhcp_opt).
func value6(t text, code int, of optname.Type) bool {
	s := t.bare()
	addrs := strings.Contains(s, ":") && strings.Trim(s, "0123456789abcdefABCDEF:.,[] ") == ""
	hex := strings.Contains(s, ":") && strings.Trim(s, "0123456789abcdefABCDEF:") == ""
	if code == ntpServers6 && !hex {
		of.Addrs, of.Name = addrs, !addrs
	}
	switch {
	case of.Addrs && !addrs:
		return false
	case of.Name:
		for _, f := range t.fields() {
			if !domainName(f.String()) {
				return false
			}
		}
		return true
	case !of.Addrs && (hex || !addrs):
		return true
	}
	for _, f := range t.fields() {
		word := strings.TrimPrefix(f.bare(), "[")
		if len(word) > 1 {
			word = strings.TrimSuffix(word, "]")
		}
		if addr, ok := ip(word); !ok || !addr.Is6() {
			return false
		}
	}
	return true
}
