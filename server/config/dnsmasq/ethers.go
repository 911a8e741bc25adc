package dnsmasq

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/policy"
)

const ethernet = 1 // its hardware type (RFC 1700)

func (r *reader) readsEthers(text) { r.ethers = r.rule }

// readEthers reads MAC and name, or address, of machines, if read-ethers says so (dhcp.c,
// dhcp_read_ethers). They are known like those of dhcp-host lines.
func (r *reader) readEthers() {
	if r.ethers == "" {
		return
	}
	r.rule = r.ethers
	data, err := r.readRegular(ethersFile)
	if err != nil {
		r.cfg.Sought = append(r.cfg.Sought, ethersFile)
		r.notice("read-ethers: %v", err)
		return
	}
	first := len(r.policy().Hosts)
	r.lines(ethersFile, data, func(s string) {
		s = strings.TrimRight(s, " \t\v\f\r")
		if s == "" || s[0] == '#' || s[0] == '+' {
			return
		}
		end := strings.IndexAny(s, " \t\v\f\r")
		if end < 0 {
			r.wrong("a name or an address is missing behind %s", s)
			return
		}
		mac, err := policy.ParsePattern(s[:end], false)
		if err != nil || len(mac.Bytes) != 6 || !mac.Exact() {
			r.wrong("%q is not a MAC address", s[:end])
			return
		}
		mac.Type = ethernet
		r.ether(mac, strings.TrimLeft(s[end:], " \t\v\f\r"), first)
	})
}

// ether adds one machine. A dhcp-host line with its name or address gets the MAC in the place of its own,
// and one with its MAC the name. Of the file's own, which are those from index own on, the first counts.
func (r *reader) ether(mac policy.Pattern, of string, own int) {
	var same func(policy.Host) bool
	var apply func(*policy.Host)
	switch addr, err := netip.ParseAddr(of); {
	case strings.Trim(of, ".0123456789") != "":
		if !policy.LegalName(of) {
			r.wrong("%q is not a name", of)
			return
		}
		name, _, _ := strings.Cut(of, ".")
		same = func(h policy.Host) bool { return strings.EqualFold(h.Name, name) }
		apply = func(h *policy.Host) { h.Name = name }
	case err != nil || !addr.Is4():
		r.wrong("%q is not an IPv4 address", of)
		return
	default:
		same = func(h policy.Host) bool { return h.Addr == addr }
		apply = func(h *policy.Host) { h.Addr = addr; r.hostAddrs[addr] = h.Rule }
	}
	last := func(fits func(policy.Host) bool) int {
		for i, h := range slices.Backward(r.policy().Hosts) {
			if fits(h) {
				return i
			}
		}
		return -1
	}
	i := last(same)
	switch {
	case i >= own:
		r.wrong("%s stands here a second time", of)
		return
	case i < 0:
		i = last(func(h policy.Host) bool {
			return len(h.MACs) == 1 && h.MACs[0].Exact() && h.MACs[0].Hardware(ethernet, mac.Bytes)
		})
		if i < 0 {
			r.policy().Hosts = append(r.policy().Hosts, policy.Host{Rule: r.rule})
			i = len(r.policy().Hosts) - 1
		}
		apply(&r.policy().Hosts[i])
	}
	r.policy().Hosts[i].MACs, r.policy().Hosts[i].NoID = []policy.Pattern{mac}, true
}
