package dnsmasq

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
)

// leaseOptions are for those who give addresses. Without an address range they are read and change
// nothing.
func leaseOptions() map[string]option {
	given := func(name string, p parameter, read func(*reader, text)) option {
		return option{p, func(r *reader, value text) {
			r.unused(leases, name)
			read(r, value)
		}}
	}
	on := func(name string, set func(*lease.Config)) option {
		return given(name, none, func(r *reader, _ text) { set(&r.cfg.Leases) })
	}
	forWhom := func(name string, list func(*lease.Config) *[]lease.For) option {
		return given(name, optional, func(r *reader, value text) { r.forWhom(value, list(&r.cfg.Leases)) })
	}
	return map[string]option{
		"dhcp-authoritative":  on("dhcp-authoritative", func(c *lease.Config) { c.Authoritative = true }),
		"dhcp-rapid-commit":   on("dhcp-rapid-commit", func(c *lease.Config) { c.RapidCommit = true }),
		"no-ping":             on("no-ping", func(c *lease.Config) { c.NoPing = true }),
		"dhcp-sequential-ip":  on("dhcp-sequential-ip", func(c *lease.Config) { c.Sequential = true }),
		"dhcp-no-override":    on("dhcp-no-override", func(c *lease.Config) { c.NoOverride = true }),
		"dhcp-client-update":  on("dhcp-client-update", func(c *lease.Config) { c.ClientUpdates = true }),
		"dhcp-broadcast":      forWhom("dhcp-broadcast", func(c *lease.Config) *[]lease.For { return &c.Broadcast }),
		"bootp-dynamic":       forWhom("bootp-dynamic", func(c *lease.Config) *[]lease.For { return &c.DynamicBOOTP }),
		"dhcp-ignore-names":   forWhom("dhcp-ignore-names", func(c *lease.Config) *[]lease.For { return &c.IgnoreNames }),
		"dhcp-generate-names": forWhom("dhcp-generate-names", func(c *lease.Config) *[]lease.For { return &c.GenerateNames }),
		"dhcp-lease-max":      given("dhcp-lease-max", required, (*reader).dhcpLeaseMax),
		"dhcp-proxy":          given("dhcp-proxy", optional, (*reader).dhcpProxy),
		"domain":              {required, (*reader).domain},
	}
}

// forWhom reads [tag:T,...], in which a bare word is a tag too.
func (r *reader) forWhom(value text, list *[]lease.For) {
	who := lease.For{Rule: r.rule}
	for _, f := range value.fields() {
		tag, _ := f.wanted()
		if name := tag.String(); name != "" {
			who.Tags = append(who.Tags, name)
		}
	}
	*list = append(*list, who)
}

func (r *reader) dhcpLeaseMax(value text) {
	n, err := strconv.ParseUint(value.String(), 10, 31)
	if err != nil {
		r.wrong("dhcp-lease-max=%s: not a number of leases", value)
	}
	r.cfg.Leases.Max = int(n)
}

// dhcpProxy reads the relays that stand in for us, or none for all (option 82.11).
func (r *reader) dhcpProxy(value text) {
	if len(value) == 0 {
		r.cfg.Leases.AllRelays = true
		return
	}
	for _, f := range value.fields() {
		addr, err := netip.ParseAddr(f.String())
		if err != nil || !addr.Is4() {
			r.wrong("dhcp-proxy: %q is not the IPv4 address of a relay", f)
			return
		}
		r.cfg.Leases.RelayServerID = append(r.cfg.Leases.RelayServerID, addr)
	}
}

// domain reads NAME[,NETWORK/BITS or FIRST[,LAST]][,local]. The name is that of leases; DNS is not ours.
func (r *reader) domain(value text) {
	fields := value.fields()
	d := lease.Domain{Name: strings.TrimSuffix(fields[0].String(), "."), Rule: r.rule}
	if fields = fields[1:]; len(fields) == 0 || d.Name == "#" {
		if d.Name != "#" {
			r.cfg.Leases.Domains = append(r.cfg.Leases.Domains, d)
		}
		return
	}
	where := fields[0].String()
	if network, err := netip.ParsePrefix(where); err == nil && network.Addr().Is4() {
		d.First, d.Last = network.Masked().Addr(), lastOf(network)
	} else if addr, err := netip.ParseAddr(where); err == nil && addr.Is4() {
		d.First, d.Last = addr, addr
		if len(fields) > 1 {
			if d.Last, err = netip.ParseAddr(fields[1].String()); err != nil || !d.Last.Is4() {
				r.wrong("domain=%s: %q is not an IPv4 address", value, fields[1])
				return
			}
		}
	} else {
		r.unused(notOurs, "domain="+d.Name+","+where)
		return
	}
	r.cfg.Leases.Domains = append(r.cfg.Leases.Domains, d)
}

// lastOf is the last address of a network.
func lastOf(network netip.Prefix) netip.Addr {
	b := network.Masked().Addr().As4()
	mask := net.CIDRMask(network.Bits(), 32)
	for i := range b {
		b[i] |= ^mask[i]
	}
	return netip.AddrFrom4(b)
}

// leaseRange reads what follows START in a dhcp-range with addresses: END or static, and then
// [,NETMASK[,BROADCAST]][,TIME] (option.c).
func (r *reader) leaseRange(line text, start netip.Addr, fields []text, tags policy.Wants, set string) {
	n := lease.Range{First: start, Last: start, Tags: tags, Set: set, Rule: r.rule}
	if end := fields[0].String(); end == "static" {
		n.Static = true
	} else {
		var err error
		if n.Last, err = netip.ParseAddr(end); err != nil || !n.Last.Is4() {
			r.wrong("dhcp-range=%s: %q is neither an IPv4 address nor static nor proxy", line, end)
			return
		}
	}
	if n.Last.Less(n.First) {
		n.First, n.Last = n.Last, n.First
	}
	fields = fields[1:]
	if len(fields) > 0 && strings.Contains(fields[0].String(), ".") {
		n.Bits = r.netmask(fields[0])
		if mask := netip.PrefixFrom(n.First, n.Bits).Masked(); n.Bits > 0 && !mask.Contains(n.Last) {
			r.wrong("dhcp-range=%s: %s and %s are not of one network with the netmask %s", line, n.First, n.Last, fields[0])
			return
		}
		fields = fields[1:]
		if len(fields) > 0 && strings.Contains(fields[0].String(), ".") {
			n.Broadcast, _ = netip.ParseAddr(fields[0].String())
			fields = fields[1:]
		}
	}
	if len(fields) > 1 {
		r.wrong("dhcp-range=%s: more than START,END,NETMASK,BROADCAST,TIME", line)
		return
	}
	if len(fields) == 1 && fields[0].String() != "deprecated" {
		var ok bool
		if n.Time, ok = duration(fields[0].String()); !ok {
			r.wrong("dhcp-range=%s: %q is not a lease time such as 45m, 12h, 2d, 1w or infinite", line, fields[0])
			return
		}
	}
	r.cfg.Leases.Ranges = append(r.cfg.Leases.Ranges, n)
}

// shortest is what dnsmasq makes of shorter lease times, which confuse some clients (option.c).
const shortest = 2 * time.Minute

// duration reads a lease time: seconds, 45m, 12h, 2d, 1w or infinite.
func duration(s string) (time.Duration, bool) {
	if s == "infinite" {
		return lease.Infinite, true
	}
	digits := strings.TrimRight(s, "smhdwSMHDW")
	if s == "" || len(s)-len(digits) > 1 {
		return 0, s == ""
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil {
		return 0, false
	}
	unit := map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}
	each, ok := unit[strings.ToLower(s[len(digits):])]
	if !ok {
		each = time.Second
	}
	if uint64(lease.Infinite/each) < n {
		return lease.Infinite, true
	}
	return max(time.Duration(n)*each, shortest), true
}

// leaseOption keeps a dhcp-option that is not for a vendor class.
func (r *reader) leaseOption(spec optionSpec, force bool) {
	o := lease.Option{
		Code: byte(spec.code), Value: spec.value.bytes.Bytes,
		Addrs: spec.value.kind == addrValue && !spec.value.encoded,
		Text:  spec.value.kind == textValue && !spec.value.encoded && len(spec.value.bytes.Bytes) > 0,
		Force: force, Tags: spec.tags, Rule: r.rule,
	}
	switch {
	case spec.encap:
		o.Inner.Of = spec.of
	case spec.identified:
		o.Inner = lease.Inner{Of: optVendorIdent, Enterprise: spec.enterprise}
	}
	r.cfg.Leases.Options = append(r.cfg.Leases.Options, o)
}

// optVendorIdent carries the options of enterprises (RFC 3925).
const optVendorIdent = 125
