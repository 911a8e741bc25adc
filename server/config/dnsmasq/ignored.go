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
func ignored(word string) (name string, p parameter) {
	if name, ok := strings.CutSuffix(word, "="); ok {
		return name, required
	}
	if name, ok := strings.CutSuffix(word, "?"); ok {
		return name, optional
	}
	return word, none
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

// What follows a name is how dnsmasq 2.90 takes a value: "=" it must, "?" it may.
const (
	storeOptions = `
dhcp-fqdn dhcp-leasefile? dhcp-luascript= dhcp-script= dhcp-scriptuser= dhcp-ttl= leasefile-ro script-arp
script-on-renewal`
	processOptions = `
enable-dbus? enable-ubus? group? keep-in-foreground no-daemon pid-file? user?`
	dnsOptions = `
add-cpe-id= add-mac? add-subnet? address= alias= all-servers auth-peer= auth-sec-servers=
auth-server= auth-soa= auth-ttl= auth-zone= bogus-nxdomain= bogus-priv caa-record= cache-rr= cache-size=
clear-on-reload cname= connmark-allowlist= connmark-allowlist-enable? conntrack dhcp-duid=
dns-forward-max= dns-loop-detect dns-rr= dnssec dnssec-check-unsigned? dnssec-debug dnssec-limits=
dnssec-no-timecheck dnssec-timestamp= domain-needed dumpfile= dumpmask= dynamic-host=
edns-packet-max= enable-ra expand-hosts fast-dns-retry? filter-A filter-AAAA filter-rr= filterwin2k
ignore-address= interface-name= ipset= local= local-service? local-ttl=
localise-queries localmx log-async? log-debug log-facility= log-queries? max-cache-ttl= max-port=
max-tcp-connections= max-ttl= min-cache-ttl= min-port= mx-host= mx-target= naptr-record= neg-ttl=
nftset= no-dhcpv6-interface= no-ident no-negcache no-poll no-resolv no-round-robin port-limit=
proxy-dnssec ptr-record= query-port= quiet-dhcp6 quiet-ra ra-param= rebind-domain-ok=
rebind-localhost-ok resolv-file? rev-server= selfmx server= servers-file= srv-host= stop-dns-rebind
strict-order strip-mac strip-subnet synth-domain= trust-anchor= txt-record= umbrella? use-stale-cache?`
)
