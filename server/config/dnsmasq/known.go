package dnsmasq

import (
	"fmt"
	"slices"
	"strings"
)

// known tells whether dnsmasq 2.90 has an option of that name (dnsmasq --help).
func known(name string) bool {
	_, ours := options()[name]
	return ours || slices.Contains(strings.Fields(names), name)
}

// suggestion is the nearest known name, for a typo.
func suggestion(name string) string {
	best, at := "", max(2, len(name)/3)+1
	try := func(candidate string) {
		if d := distance(name, candidate); d < at || d == at && best != "" && candidate < best {
			best, at = candidate, d
		}
	}
	for candidate := range options() {
		try(candidate)
	}
	for _, candidate := range strings.Fields(names) {
		try(candidate)
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean %s?", best)
}

// distance is how many letters to insert, drop or change to make b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] || strings.EqualFold(a[i:i+1], b[j:j+1]) {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

// names are the options of dnsmasq 2.90 that bootrig does not read yet.
const names = `
add-cpe-id add-mac add-subnet addn-hosts address alias all-servers auth-peer auth-sec-servers
auth-server auth-soa auth-ttl auth-zone bogus-nxdomain bogus-priv bootp-dynamic bridge-interface
caa-record cache-rr cache-size clear-on-reload cname conf-dir conf-file conf-script connmark-allowlist
connmark-allowlist-enable conntrack dhcp-alternate-port dhcp-authoritative dhcp-broadcast dhcp-circuitid
dhcp-client-update dhcp-duid dhcp-fqdn dhcp-generate-names dhcp-host dhcp-hostsdir dhcp-hostsfile
dhcp-ignore dhcp-ignore-clid dhcp-ignore-names dhcp-lease-max dhcp-leasefile dhcp-luascript dhcp-mac
dhcp-match dhcp-name-match dhcp-no-override dhcp-option dhcp-option-force dhcp-optsdir dhcp-optsfile
dhcp-proxy dhcp-rapid-commit dhcp-relay dhcp-remoteid dhcp-reply-delay dhcp-script dhcp-scriptuser
dhcp-sequential-ip dhcp-subscrid dhcp-ttl dhcp-userclass dhcp-vendorclass dns-forward-max
dns-loop-detect dns-rr dnssec dnssec-check-unsigned dnssec-debug dnssec-limits dnssec-no-timecheck
dnssec-timestamp domain domain-needed dumpfile dumpmask dynamic-host edns-packet-max enable-dbus
enable-ra enable-ubus except-interface expand-hosts fast-dns-retry filter-A filter-AAAA filter-rr
filterwin2k group host-record hostsdir ignore-address interface-name ipset keep-in-foreground
leasefile-ro listen-address local local-service local-ttl localise-queries localmx log-async log-debug
log-facility log-queries max-cache-ttl max-port max-tcp-connections max-ttl min-cache-ttl min-port
mx-host mx-target naptr-record neg-ttl nftset no-daemon no-dhcp-interface no-dhcpv4-interface
no-dhcpv6-interface no-hosts no-ident no-negcache no-ping no-poll no-resolv no-round-robin pid-file
port-limit proxy-dnssec ptr-record query-port quiet-dhcp quiet-dhcp6 quiet-ra quiet-tftp ra-param
read-ethers rebind-domain-ok rebind-localhost-ok resolv-file rev-server script-arp script-on-renewal
selfmx server servers-file shared-network srv-host stop-dns-rebind strict-order strip-mac strip-subnet
synth-domain tag-if tftp-lowercase tftp-max tftp-mtu tftp-no-blocksize tftp-no-fail tftp-port-range
tftp-secure tftp-single-port tftp-unique-root trust-anchor txt-record umbrella use-stale-cache user`
