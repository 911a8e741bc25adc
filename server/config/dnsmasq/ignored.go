package dnsmasq

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
)

// The reasons why an option changes nothing here.
const (
	notOurs = "only DNS, IPv6 and logging have a use for it, which bootrig leaves to others"
	leases  = "it is for those who give addresses; a proxy gives none"
	store   = "leases are kept in a store of our own, and nobody is told of them"
	process = "it is about dnsmasq's own process"
)

// ignored reads a word of the lists below.
func ignored(word string) (name string, p parameter, value string) {
	if at := strings.IndexAny(word, "=?"); at >= 0 {
		p = map[byte]parameter{'=': required, '?': optional}[word[at]]
		return word[:at], p, word[at+1:]
	}
	return word, none, ""
}

// unused notes an option that changes nothing: one notice for all that have the same reason.
func (r *reader) unused(reason, name string) {
	u := r.idle[reason]
	if u == nil {
		u = &unused{rule: r.rule}
		r.idle[reason] = u
	}
	if !slices.Contains(u.names, name) {
		u.names = append(u.names, name)
	}
}

type unused struct {
	rule  string // of the first
	names []string
}

func (r *reader) noticeUnused() {
	for _, reason := range []string{notOurs, leases, store, process} {
		effective := reason == leases && len(r.cfg.Leases.Ranges) > 0
		if u := r.idle[reason]; u != nil && !effective {
			text := fmt.Sprintf("%s: accepted without effect: %s", strings.Join(u.names, ", "), reason)
			r.cfg.Notices = append(r.cfg.Notices, config.Notice{Rule: u.rule, Text: text})
		}
	}
}

// What follows a name is how dnsmasq takes a value, "=" it must and "?" it may, and what that must be
// (valueKinds); without a kind it may be anything.
const (
	storeOptions = `
dhcp-fqdn dhcp-leasefile? dhcp-luascript= dhcp-script= dhcp-scriptuser= dhcp-ttl=int leasefile-ro script-arp
script-on-renewal`
	processOptions = `
enable-dbus? enable-ubus? group? keep-in-foreground no-daemon pid-file? user?`
	dnsOptions = `
add-cpe-id= add-mac?form add-subnet?subnet,subnet? address=address alias=alias all-servers auth-peer=ip*
auth-sec-servers= auth-server=any,face* auth-soa= auth-ttl=int auth-zone=name,zone* bogus-nxdomain=prefix bogus-priv
caa-record=name,int,any,any cache-rr=rr* cache-size=int clear-on-reload cname=cname connmark-allowlist=connmark
connmark-allowlist-enable?mask conntrack dhcp-duid=int,hex do-0x20-encode dns-forward-max=int dns-loop-detect
dns-rr=name,int,hex? dnssec dnssec-check-unsigned?no dnssec-debug dnssec-limits=int,int?,int?,int?,any?
dnssec-no-timecheck dnssec-timestamp= domain-needed dumpfile= dumpmask= dynamic-host=dynamic
edns-packet-max=int enable-ra expand-hosts fast-dns-retry?retry,int? filter-A filter-AAAA filter-rr=rr* filterwin2k
ignore-address=prefix interface-name=interface ipset=sets local=server local-service?net|host local-ttl=int
localise-queries localmx log-async?int log-debug log-facility=facility log-malloc log-queries? max-cache-ttl=int max-port=port
max-tcp-connections=count max-ttl=int min-cache-ttl=int min-port=port mx-host=name,name?,port? mx-target=name
naptr-record=name,port,port,any,any,any,name? neg-ttl=int
nftset=tables no-0x20-encode no-dhcpv6-interface= no-ident no-negcache no-poll no-resolv no-round-robin port-limit=count
proxy-dnssec ptr-record=name,name? query-port=port quiet-dhcp6 quiet-ra ra-param=router rebind-domain-ok=
rebind-localhost-ok resolv-file? rev-server=reverse selfmx server=server servers-file=
srv-host=name,name?,port?,port?,port? stop-dns-rebind strict-order strip-mac strip-subnet synth-domain=synth
trust-anchor=anchor txt-record=name,any? umbrella?umbrella* use-stale-cache?expiry`
)
