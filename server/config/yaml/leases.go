package yaml

import (
	"net/netip"
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
)

// shortestLease is what dnsmasq makes of shorter lease times, which confuse some clients (option.c).
const shortestLease = 2 * time.Minute

// leases is the DHCP server of a lab, but for what its leases tell: that is options.
func leases() form[lease.Config] {
	type T = lease.Config
	return object[T]{fields: []field[T]{
		key("ranges", "addresses to give", list(leaseRange()), func(c *T) *[]lease.Range { return &c.Ranges }),
		key("domains", "the clients' domain", list(domain()), func(c *T) *[]lease.Domain { return &c.Domains }),
		key("authoritative", "there is no other DHCP server: who asks for an unknown lease is answered", boolean(), func(c *T) *bool { return &c.Authoritative }),
		key("rapid-commit", "a DISCOVER that asks for it is answered with the lease (RFC 4039)", boolean(), func(c *T) *bool { return &c.RapidCommit }),
		key("no-ping", "addresses are given without looking whether somebody has them", boolean(), func(c *T) *bool { return &c.NoPing }),
		key("sequential", "addresses are given from the lowest up", boolean(), func(c *T) *bool { return &c.Sequential }),
		key("no-override", "boot file and server go into their header fields, never into options 66 and 67", boolean(), func(c *T) *bool { return &c.NoOverride }),
		key("max", "how many leases at a time; without it 1000", number[int](1, 1<<31-1), func(c *T) *int { return &c.Max }),
		key("broadcast", "whose answers are broadcast, whatever they ask for", list(whom()), func(c *T) *[]lease.For { return &c.Broadcast }),
		key("dynamic-bootp", "BOOTP clients that get an address from a range, and not only from their host entry", list(whom()), func(c *T) *[]lease.For { return &c.DynamicBOOTP }),
		key("ignore-names", "clients whose own name is not believed", list(whom()), func(c *T) *[]lease.For { return &c.IgnoreNames }),
		key("client-updates", "who sends its full name (option 81) is left to tell the DNS about it", boolean(), func(c *T) *bool { return &c.ClientUpdates }),
		key("generate-names", "clients without a name that are called after their hardware address", list(whom()), func(c *T) *[]lease.For { return &c.GenerateNames }),
		part("through-relays", "relays that all of a client's packets go through (their address stands in for ours), or all", relays(),
			func(c T) through { return through{c.AllRelays, c.RelayServerID} },
			func(_ *reader, _ ast.Node, c *T, v through) { c.AllRelays, c.RelayServerID = v.all, v.addrs }),
		key("queries", "networks of the relays that may ask about leases (RFC 4388); 0.0.0.0/0 is all", list(askers()), func(c *T) *[]netip.Prefix { return &c.Queries }),
	}}.form()
}

// leaseRange is addresses, or a network whose hosts have their own.
func leaseRange() form[lease.Range] {
	type T = lease.Range
	return object[T]{
		fields: []field[T]{
			part("from", "the first address", address(),
				func(l T) netip.Addr { return when(!l.Static, l.First) }, func(_ *reader, _ ast.Node, l *T, v netip.Addr) { l.First, l.Last = v, v }),
			part("to", "the last address; without it from is the only one", address(),
				func(l T) netip.Addr { return when(!l.Static && l.Last != l.First, l.Last) }, func(_ *reader, _ ast.Node, l *T, v netip.Addr) { l.Last = v }),
			part("static", "an address of a network where only hosts with an address of their own get one", address(),
				func(l T) netip.Addr { return when(l.Static, l.First) },
				func(_ *reader, _ ast.Node, l *T, v netip.Addr) { l.First, l.Last, l.Static = v, v, true }),
			part("network", "their network, such as 192.168.9.0/24; without it that of the interface, or for a relay that of the address's class", network(),
				leaseNetwork, setLeaseNetwork),
			key("broadcast", "the network's broadcast address; without it the last one", address(), func(l *T) *netip.Addr { return &l.Broadcast }),
			key("time", "how long a lease is good; without it an hour", duration(shortestLease, lease.Infinite), func(l *T) *time.Duration { return &l.Time }),
			tagged(func(l *T) *policy.Wants { return &l.Tags }),
			key("set", "the tag that its clients get", text(), func(l *T) *string { return &l.Set }),
		},
		one:    []string{"from", "static"},
		either: [][]string{{"static", "to"}},
		rule:   func(l *T) *string { return &l.Rule },
		check: func(r *reader, n ast.Node, l *T) {
			if l.Last.Less(l.First) {
				r.wrong(n, "from %s to %s goes backwards: exchange the two", l.First, l.Last)
			}
			if p := netip.PrefixFrom(l.First, l.Bits).Masked(); l.Bits > 0 && !p.Contains(l.Last) {
				r.wrong(n, "%s is not in %s", l.Last, p)
			}
		},
	}.form()
}

func when(really bool, addr netip.Addr) netip.Addr {
	if really {
		return addr
	}
	return netip.Addr{}
}

func leaseNetwork(l lease.Range) netNumber {
	if l.Bits == 0 {
		return netNumber{}
	}
	return netNumber{netip.PrefixFrom(l.First, l.Bits).Masked().Addr(), l.Bits}
}

func setLeaseNetwork(r *reader, n ast.Node, l *lease.Range, v netNumber) {
	switch p := netip.PrefixFrom(v.addr, v.bits); {
	case v.bits == 0:
		r.wrong(n, "%s says nothing without its /BITS, such as %s/24", v.addr, v.addr)
	case l.First.IsValid() && !p.Contains(l.First):
		r.wrong(n, "%s is not in %s", l.First, p.Masked())
	default:
		l.Bits = v.bits
	}
}

// everybody is for whom a switch without tags is on.
const everybody = "everybody"

// whom is everybody, or those who have some tags.
func whom() form[lease.For] {
	type T = lease.For
	some := object[T]{
		fields: []field[T]{must(tagged(func(f *T) *policy.Wants { return &f.Tags }))},
		rule:   func(f *T) *string { return &f.Rule },
	}.form()
	return form[T]{
		schema: schema{"anyOf": []schema{{"const": everybody}, some.schema}},
		read: func(r *reader, n ast.Node) (T, bool) {
			if s, ok := n.(*ast.StringNode); ok {
				if s.Value != everybody {
					r.wrong(n, "%q is expected to be %s or a group with tags: `- tags: [%s]`", s.Value, everybody, s.Value)
				}
				return T{Rule: r.rule(n)}, s.Value == everybody
			}
			return some.read(r, n)
		},
		print: func(f T) out {
			if len(f.Tags) == 0 {
				return out{kind: isScalar, text: everybody, comment: f.Rule}
			}
			return some.print(f)
		},
	}
}

// domain is the name of the clients' domain.
func domain() form[lease.Domain] {
	type T = lease.Domain
	return object[T]{
		fields: []field[T]{
			part("name", "the domain; without it none", text(), func(d T) string { return d.Name }, func(_ *reader, _ ast.Node, d *T, v string) { d.Name = v }),
			part("from", "the first of the addresses it is for; without it all are", address(),
				func(d T) netip.Addr { return d.First }, func(_ *reader, _ ast.Node, d *T, v netip.Addr) { d.First, d.Last = v, v }),
			part("to", "the last of them", address(),
				func(d T) netip.Addr { return when(d.Last != d.First, d.Last) }, func(_ *reader, _ ast.Node, d *T, v netip.Addr) { d.Last = v }),
		},
		rule: func(d *T) *string { return &d.Rule },
		check: func(r *reader, n ast.Node, d *T) {
			if d.Last.IsValid() && (!d.First.IsValid() || d.Last.Less(d.First)) {
				r.wrong(n, "the domain's addresses need their first in from, not after to %s", d.Last)
			}
		},
	}.form()
}

// through is the relays that stand in for us (option 82.11).
type through struct {
	all   bool
	addrs []netip.Addr
}

const allRelays = "all"

func relays() form[through] {
	relay := address()
	each := some(form[netip.Addr]{
		schema: schema{"anyOf": []schema{{"const": allRelays}, relay.schema}},
		read: func(r *reader, n ast.Node) (netip.Addr, bool) {
			if s, ok := n.(*ast.StringNode); ok && s.Value == allRelays {
				return netip.Addr{}, true
			}
			return relay.read(r, n)
		},
		print: func(a netip.Addr) out {
			if !a.IsValid() {
				return scalar(allRelays)
			}
			return relay.print(a)
		},
	})
	return convert(each, func(addrs []netip.Addr) (t through) {
		t.all = slices.Contains(addrs, netip.Addr{})
		for _, a := range addrs {
			if a.IsValid() {
				t.addrs = append(t.addrs, a)
			}
		}
		return t
	}, func(t through) (addrs []netip.Addr) {
		if t.all {
			addrs = append(addrs, netip.Addr{})
		}
		return append(addrs, t.addrs...)
	})
}
