package dnsmasq

import "net/netip"

// newer are the options that dnsmasq 2.90 does not know, and the first version that does.
func newer() map[string]string {
	return map[string]string{
		"dhcp-option-pxe":  "2.91",
		"do-0x20-encode":   "2.91",
		"no-0x20-encode":   "2.91",
		"dhcp-split-relay": "2.92",
		"leasequery":       "2.92",
		"log-malloc":       "2.93",
	}
}

// since notes that a file is for later versions of dnsmasq than some which are about; version is "" where it is not.
func (r *reader) since(version, what string) {
	if version != "" {
		r.notice("%s: dnsmasq knows it from %s on, older ones refuse the file", what, version)
	}
}

// leaseQuery reads which relays may ask about leases: some, or all if no line names one (finish).
func (r *reader) leaseQuery(value text) {
	if value == nil {
		return
	}
	from, err := netip.ParsePrefix(value.String())
	if addr, one := ip(value.String()); one {
		from, err = netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	if err != nil {
		r.wrong("leasequery=%s: neither the address of a relay nor a network, such as 192.168.9.0/24", value)
		return
	}
	r.cfg.Leases.Queries = append(r.cfg.Leases.Queries, from)
}
