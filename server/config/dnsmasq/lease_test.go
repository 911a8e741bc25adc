package dnsmasq

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
)

func TestLeaseLines(t *testing.T) {
	addr := netip.MustParseAddr
	pool := func(change func(*lease.Range)) lease.Config {
		r := lease.Range{First: addr("192.168.9.10"), Last: addr("192.168.9.20"), Rule: "x:1"}
		change(&r)
		return lease.Config{Ranges: []lease.Range{r}}
	}
	option := func(o lease.Option) lease.Config {
		o.Rule = "x:1"
		return lease.Config{Options: []lease.Option{o}}
	}
	domain := func(d lease.Domain) lease.Config {
		d.Rule = "x:1"
		return lease.Config{Domains: []lease.Domain{d}}
	}
	for name, c := range map[string]struct {
		line string
		want lease.Config
	}{
		"a range":           {"dhcp-range=192.168.9.10,192.168.9.20", pool(func(*lease.Range) {})},
		"a range backwards": {"dhcp-range=192.168.9.20,192.168.9.10", pool(func(*lease.Range) {})},
		"a range with all there is": {"dhcp-range=tag:a,set:b,192.168.9.10,192.168.9.20,255.255.255.0,192.168.9.254,12h", pool(func(r *lease.Range) {
			r.Tags, r.Set, r.Bits, r.Broadcast, r.Time = policy.Wants{"a"}, "b", 24, addr("192.168.9.254"), 12*time.Hour
		})},
		"a range with a time in seconds":    {"dhcp-range=192.168.9.10,192.168.9.20,3600", pool(func(r *lease.Range) { r.Time = time.Hour })},
		"a time shorter than two minutes":   {"dhcp-range=192.168.9.10,192.168.9.20,5s", pool(func(r *lease.Range) { r.Time = 2 * time.Minute })},
		"leases that never end":             {"dhcp-range=192.168.9.10,192.168.9.20,infinite", pool(func(r *lease.Range) { r.Time = lease.Infinite })},
		"a time of more than 136 years":     {"dhcp-range=192.168.9.10,192.168.9.20,9999w", pool(func(r *lease.Range) { r.Time = lease.Infinite })},
		"for hosts with addresses only":     {"dhcp-range=192.168.9.10,static", pool(func(r *lease.Range) { r.Static, r.Last = true, r.First })},
		"an option with addresses":          {"dhcp-option=option:router,0.0.0.0", option(lease.Option{Code: 3, Value: []byte{0, 0, 0, 0}, Addrs: true})},
		"an option that is left out":        {"dhcp-option=3", option(lease.Option{Code: 3})},
		"an option for a tag, forced":       {"dhcp-option-force=tag:x,209,pxelinux.cfg/x", option(lease.Option{Code: 209, Value: []byte("pxelinux.cfg/x"), Text: true, Force: true, Tags: policy.Wants{"x"}})},
		"an option in bytes":                {"dhcp-option=224,01:02", option(lease.Option{Code: 224, Value: []byte{1, 2}})},
		"a number of the option's size":     {"dhcp-option=option:mtu,9000", option(lease.Option{Code: 26, Value: []byte{0x23, 0x28}})},
		"a route, which is no address":      {"dhcp-option=121,10.0.0.0/8,192.168.9.1", option(lease.Option{Code: 121, Value: []byte{8, 10, 192, 168, 9, 1}})},
		"a sub-option":                      {"dhcp-option=encap:175,190,1b", option(lease.Option{Code: 190, Value: []byte{1}, Inner: lease.Inner{Of: 175}})},
		"an enterprise's option":            {"dhcp-option=vi-encap:9,5,hi", option(lease.Option{Code: 5, Value: []byte("hi"), Text: true, Inner: lease.Inner{Of: 125, Enterprise: 9}})},
		"an enterprise's option 1, no mask": {"dhcp-option=vi-encap:9,1,hi", option(lease.Option{Code: 1, Value: []byte("hi"), Text: true, Inner: lease.Inner{Of: 125, Enterprise: 9}})},
		"domains to search (RFC 3397)":      {"dhcp-option=option:domain-search,a.lab,b.lab", option(lease.Option{Code: 119, Value: []byte("\x01a\x03lab\x00\x01b\xc0\x02")})},
		"SIP servers by name (RFC 3361)":    {"dhcp-option=120,sip.lab", option(lease.Option{Code: 120, Value: []byte("\x00\x03sip\x03lab\x00")})},
		"SIP servers by address":            {"dhcp-option=120,192.168.9.5", option(lease.Option{Code: 120, Value: []byte{1, 192, 168, 9, 5}})},
		"the domain":                        {"domain=lab.example", domain(lease.Domain{Name: "lab.example"})},
		"the domain of a network":           {"domain=lab.example,192.168.9.0/24,local", domain(lease.Domain{Name: "lab.example", First: addr("192.168.9.0"), Last: addr("192.168.9.255")})},
		"the domain of some addresses":      {"domain=lab.example,192.168.9.7,192.168.9.9", domain(lease.Domain{Name: "lab.example", First: addr("192.168.9.7"), Last: addr("192.168.9.9")})},
		"broadcasts for a tag":              {"dhcp-broadcast=tag:x", lease.Config{Broadcast: []lease.For{{Tags: policy.Wants{"x"}, Rule: "x:1"}}}},
		"BOOTP for all":                     {"bootp-dynamic", lease.Config{DynamicBOOTP: []lease.For{{Rule: "x:1"}}}},
		"names that are not believed":       {"dhcp-ignore-names", lease.Config{IgnoreNames: []lease.For{{Rule: "x:1"}}}},
		"names that are made":               {"dhcp-generate-names=tag:!x", lease.Config{GenerateNames: []lease.For{{Tags: policy.Wants{"!x"}, Rule: "x:1"}}}},
		"how many":                          {"dhcp-lease-max=7", lease.Config{Max: 7}},
		"relays that stand in for us":       {"dhcp-proxy=10.0.0.1", lease.Config{RelayServerID: []netip.Addr{addr("10.0.0.1")}}},
		"all relays stand in for us":        {"dhcp-proxy", lease.Config{AllRelays: true}},
		"all relays may ask":                {"leasequery", lease.Config{Queries: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}}},
		"a relay may ask":                   {"leasequery\nleasequery=10.0.0.1", lease.Config{Queries: []netip.Prefix{netip.MustParsePrefix("10.0.0.1/32")}}},
		"a network may ask":                 {"leasequery=10.0.0.1/8", lease.Config{Queries: []netip.Prefix{netip.MustParsePrefix("10.0.0.1/8")}}},
		"the only DHCP server":              {"dhcp-authoritative", lease.Config{Authoritative: true}},
		"leases at once":                    {"dhcp-rapid-commit", lease.Config{RapidCommit: true}},
		"addresses that are not looked for": {"no-ping", lease.Config{NoPing: true}},
		"one after the other":               {"dhcp-sequential-ip", lease.Config{Sequential: true}},
		"files in their header field":       {"dhcp-no-override", lease.Config{NoOverride: true}},
		"names that clients tell the DNS":   {"dhcp-client-update", lease.Config{ClientUpdates: true}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := Parse("x", []byte(c.line+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, cfg.Leases, cmpopts.EquateComparable(netip.Addr{}, netip.Prefix{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.line, diff)
			}
		})
	}
}
