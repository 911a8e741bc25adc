// Package optname is what DHCP options are called, and what their values are: dnsmasq's names, which its
// users know, for every language of configurations.
package optname

import (
	"strconv"
	"strings"
)

// A Type is what is known of the values of a DHCP option.
type Type struct {
	Addrs    bool // addresses only
	Name     bool // a text even where it looks otherwise
	Time     bool // seconds, or a number with m, h, d or w
	Internal bool // the DHCP server's own business: one may look at it, but not send it
	Size     int  // bytes of a number; 0: as many as it needs
}

// Find finds an option by name, in any case.
func Find(name string) (code int, of Type, found bool) {
	for line := range strings.SplitSeq(names, "\n") {
		if f := strings.Fields(line); len(f) == 3 && strings.EqualFold(f[1], name) {
			code, _ = strconv.Atoi(f[0])
			return code, parse(f[2]), true
		}
	}
	return 0, Type{}, false
}

// Of is an option's name, "" for one without, and its type.
func Of(code int) (name string, of Type) {
	for line := range strings.SplitSeq(names, "\n") {
		if f := strings.Fields(line); len(f) == 3 && f[0] == strconv.Itoa(code) {
			return f[1], parse(f[2])
		}
	}
	return "", Type{}
}

// Names are all of them.
func Names() []string {
	var all []string
	for line := range strings.SplitSeq(names, "\n") {
		if f := strings.Fields(line); len(f) == 3 {
			all = append(all, f[1])
		}
	}
	return all
}

func parse(letters string) Type {
	size, _ := strconv.Atoi(strings.Trim(letters, "ANTI-"))
	return Type{
		Addrs:    strings.Contains(letters, "A"),
		Name:     strings.Contains(letters, "N"),
		Time:     strings.Contains(letters, "T"),
		Internal: strings.Contains(letters, "I"),
		Size:     size,
	}
}

// names are dnsmasq 2.90's (dhcp-common.c, opttab; dnsmasq --help dhcp): A addresses, N a name,
// T a time, I internal, or the bytes of a number.
const names = `
1 netmask A
2 time-offset 4
3 router A
6 dns-server A
7 log-server A
9 lpr-server A
12 hostname IN
13 boot-file-size 2
15 domain-name N
16 swap-server A
17 root-path N
18 extension-path N
19 ip-forward-enable 1
20 non-local-source-routing 1
21 policy-filter A
22 max-datagram-reassembly 2
23 default-ttl 1
26 mtu 2
27 all-subnets-local 1
28 broadcast IA
31 router-discovery 1
32 router-solicitation A
33 static-route A
34 trailer-encapsulation 1
35 arp-timeout 4
36 ethernet-encap 1
37 tcp-ttl 1
38 tcp-keepalive 4
40 nis-domain N
41 nis-server A
42 ntp-server A
43 vendor-encap I
44 netbios-ns A
45 netbios-dd A
46 netbios-nodetype 1
47 netbios-scope -
48 x-windows-fs A
49 x-windows-dm A
50 requested-address IA
51 lease-time IT
52 option-overload I
53 message-type I
54 server-identifier IA
55 parameter-request I
56 message I
57 max-message-size I
58 T1 T
59 T2 T
60 vendor-class -
61 client-id I
64 nis+-domain N
65 nis+-server A
66 tftp-server N
67 bootfile-name N
68 mobile-ip-home A
69 smtp-server A
70 pop3-server A
71 nntp-server A
74 irc-server A
77 user-class -
80 rapid-commit -
81 FQDN I
82 agent-id I
93 client-arch 2
94 client-interface-id -
97 client-machine-id -
100 posix-timezone N
101 tzdb-timezone N
108 ipv6-only 4
118 subnet-select I
119 domain-search N
120 sip-server -
121 classless-static-route -
125 vendor-id-encap -
150 tftp-server-address A
255 server-ip-address A
`
