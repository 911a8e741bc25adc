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
	n, ok := atoi(value.String())
	if !ok {
		r.wrong("dhcp-lease-max=%s: not a number of leases", value)
	}
	r.cfg.Leases.Max = n
}

// dhcpProxy reads the relays that stand in for us, or none for all (option 82.11).
func (r *reader) dhcpProxy(value text) {
	if value == nil {
		r.cfg.Leases.AllRelays = true
		return
	}
	for _, f := range value.fields() {
		addr, ok := ip4(f.bare())
		if !ok {
			r.wrong("dhcp-proxy: %q is not the IPv4 address of a relay", f)
			return
		}
		r.cfg.Leases.RelayServerID = append(r.cfg.Leases.RelayServerID, addr)
	}
}

// domain reads NAME[,NETWORK/BITS[,local] or FIRST[,LAST]]. The name is that of leases; DNS is not ours.
func (r *reader) domain(value text) {
	head, where, more := value.cut()
	d := lease.Domain{Name: strings.TrimSuffix(head.String(), "."), Rule: r.rule}
	first, last, ok := domainRange(where.String())
	switch {
	case !domainName(head.String()):
		r.wrong("domain=%s: %q is not a domain name", value, head)
	case more && !ok:
		r.wrong("domain=%s: %q is neither NETWORK/BITS[,local] nor FIRST,LAST, both addresses", value, where)
	case more && !first.Is4():
		r.unused(notOurs, "domain="+value.String())
	case more:
		d.First, d.Last = first, last
		r.cfg.Leases.Domains = append(r.cfg.Leases.Domains, d)
	case d.Name == "#":
		r.domainGiven = true
	default:
		r.domainGiven = true
		r.cfg.Leases.Domains = append(r.cfg.Leases.Domains, d)
	}
}

// domainRange reads what stands behind the name. For an interface, which may have any name, there is no address.
func domainRange(where string) (first, last netip.Addr, ok bool) {
	if network, after, found := slash(where); found {
		bits, local, limited := around(after, ",")
		n, number := atoi(bits)
		addr, isAddr := ip(network)
		if !isAddr || !number || n > addr.BitLen() || limited && local != "local" {
			return addr, addr, false
		}
		p := netip.PrefixFrom(addr, n)
		if addr.Is6() {
			return addr, addr, true
		}
		return p.Masked().Addr(), lastOf(p), true
	}
	from, rest, ranged := around(where, ",")
	to, _, _ := around(rest, ",")
	first, ok = ip(from)
	if last = first; ranged && ok {
		last, ok = ip(to)
		return first, last, ok && last.Is4() == first.Is4()
	}
	return first, last, true
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

// leaseRange reads END or static, which follows START in a dhcp-range with addresses.
func (r *reader) leaseRange(line text, start netip.Addr, fields []text, tags policy.Wants, set string) {
	n := lease.Range{First: start, Last: start, Tags: tags, Set: set, Rule: r.rule}
	if end := fields[0].bare(); end == "static" {
		n.Static = true
	} else {
		var ok bool
		if n.Last, ok = ip4(end); !ok {
			r.wrong("dhcp-range=%s: %q is neither an IPv4 address nor static nor proxy", line, fields[0])
			return
		}
	}
	if n.Last.Less(n.First) {
		n.First, n.Last = n.Last, n.First
	}
	tail, ok := r.rangeTail(line, fields[1:])
	if !ok {
		return
	}
	n.Bits, n.Broadcast, n.Time = tail.bits, tail.broadcast, tail.time
	if mask := netip.PrefixFrom(n.First, n.Bits).Masked(); n.Bits > 0 && !mask.Contains(n.Last) {
		r.wrong("dhcp-range=%s: %s and %s are not of one network with the netmask %s", line, n.First, n.Last, fields[1])
		return
	}
	r.cfg.Leases.Ranges = append(r.cfg.Leases.Ranges, n)
}

// A rangeTail is what may follow an IPv4 range: [,NETMASK[,BROADCAST]][,TIME].
type rangeTail struct {
	bits      int
	broadcast netip.Addr
	time      time.Duration
}

// rangeTail reads it: what has a dot and is an address is a netmask, or behind one a broadcast address (option.c).
func (r *reader) rangeTail(line text, fields []text) (tail rangeTail, ok bool) {
	next := func() (netip.Addr, bool) {
		if len(fields) == 0 {
			return netip.Addr{}, false
		}
		addr, ok := ip4(fields[0].bare())
		if ok {
			fields = fields[1:]
		}
		return addr, ok
	}
	if mask, ok := next(); ok {
		if tail.bits = maskBits(mask); tail.bits == 0 {
			r.wrong("dhcp-range=%s: %s is not a netmask of one network", line, mask)
			return tail, false
		}
		tail.broadcast, _ = next()
	}
	if len(fields) > 1 {
		r.wrong("dhcp-range=%s: more than START,END,NETMASK,BROADCAST,TIME", line)
		return tail, false
	}
	if len(fields) == 1 && fields[0].bare() != "deprecated" {
		if tail.time, ok = duration(fields[0].bare()); !ok {
			r.wrong("dhcp-range=%s: %q is not a lease time such as 45m, 12h, 2d, 1w or infinite", line, fields[0])
			return tail, false
		}
	}
	return tail, true
}

// maskBits is how many bits a netmask has set; 0 if they are not all at its beginning.
func maskBits(mask netip.Addr) int {
	ones, _ := net.IPMask(mask.AsSlice()).Size()
	return ones
}

// shortest is what dnsmasq makes of shorter lease times, which confuse some clients (option.c).
const shortest = 2 * time.Minute

// units may stand behind the number of a lease time.
const units = "smhdwSMHDW"

// duration reads a lease time: seconds, 45m, 12h, 2d, 1w or infinite. A unit alone is none of it.
func duration(s string) (time.Duration, bool) {
	if s == "infinite" {
		return lease.Infinite, true
	}
	digits := strings.TrimRight(s, units)
	if s == "" || len(s)-len(digits) > 1 {
		return 0, s == ""
	}
	n, err := strconv.ParseUint("0"+digits, 10, 32)
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
func (r *reader) leaseOption(spec optionSpec, o lease.Option) {
	o.Code, o.Value, o.Tags, o.Rule = byte(spec.code), spec.value.bytes.Bytes, spec.tags, r.rule
	o.Addrs = spec.value.kind == addrValue && !spec.value.encoded
	o.Text = spec.value.kind == textValue && !spec.value.encoded && len(o.Value) > 0
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
