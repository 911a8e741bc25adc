package yaml

import (
	"errors"
	"net/netip"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// A hostEntry is a machine, and what it alone boots: an entry of boot or offers for a tag that it alone
// has, behind all others. Print writes it so.
type hostEntry struct {
	policy.Host
	boot  *proxydhcp.Boot
	offer *proxydhcp.Form
}

func host() form[hostEntry] {
	type T = hostEntry
	return object[T]{
		fields: []field[T]{
			key("mac", "its hardware addresses; * stands for any byte", some(mac()), func(h *T) *[]policy.Pattern { return &h.MACs }),
			key("id", "its client identifier (option 61): a text or bytes", data(), func(h *T) *[]byte { return &h.ClientID }),
			key("name", "its name: one that it gets, or what it is known by if there is no mac and no id", hostName(), func(h *T) *string { return &h.Name }),
			key("address", "its address; it is this host only in the network of that", address(), func(h *T) *netip.Addr { return &h.Addr }),
			key("time", "how long its leases are good; without it as its range says", duration(shortestLease, lease.Infinite), func(h *T) *time.Duration { return &h.Time }),
			key("ignore-client-id", "its client identifier is not looked at", boolean(), func(h *T) *bool { return &h.NoID }),
			key("ipv6-only", "it has IPv6 addresses only, and so is never this host here", boolean(), func(h *T) *bool { return &h.Elsewhere }),
			tagged(func(h *T) *policy.Wants { return &h.Wants }),
			key("set", "the tags that it gets", some(text()), func(h *T) *[]string { return &h.Sets }),
			key("ignore", "leave it alone", boolean(), func(h *T) *bool { return &h.Ignore }),
			key("boot", "what it boots, whatever boot says", maybe(booting(program())), func(h *T) **proxydhcp.Boot { return &h.boot }),
			key("offer", "the form of OFFERs to it, whatever offers says", maybe(offerForm()), func(h *T) **proxydhcp.Form { return &h.offer }),
		},
		rule: func(h *T) *string { return &h.Rule },
	}.form()
}

func hostName() form[string] {
	return word(schema{"type": "string", "pattern": "^[A-Za-z0-9][-A-Za-z0-9_]*$"}, "a host name", func(s string) (string, error) {
		switch {
		case strings.Contains(s, "."):
			return s, errors.New("a name with its domain: write the part before the first dot")
		case !policy.LegalName(s):
			return s, errors.New("not a host name: letters, digits and dashes")
		}
		return s, nil
	}, func(s string) string { return s })
}

func hostEntries(hosts []policy.Host) []hostEntry {
	var all []hostEntry
	for _, h := range hosts {
		all = append(all, hostEntry{Host: h})
	}
	return all
}

// addHosts gives each machine with something of its own a tag of its own: where it stands in the file.
func addHosts(c *config.Config, entries []hostEntry) {
	for _, e := range entries {
		own := policy.Wants{e.Rule}
		if e.boot != nil || e.offer != nil {
			e.Sets = append(e.Sets, e.Rule)
		}
		if e.boot != nil {
			e.boot.Tags = own
			c.DHCP.Boot = append(c.DHCP.Boot, *e.boot)
		}
		if e.offer != nil {
			c.DHCP.Offers = append(c.DHCP.Offers, proxydhcp.Offer{Form: *e.offer, Tags: own, Rule: e.Rule})
		}
		c.DHCP.Policy.Hosts = append(c.DHCP.Policy.Hosts, e.Host)
	}
}
