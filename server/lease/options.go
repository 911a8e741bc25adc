package lease

import (
	"encoding/binary"
	"hash/fnv"
	"net/netip"
	"slices"
	"time"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// terms are what the options of an answer are about.
type terms struct {
	addr     netip.Addr
	name     string
	length   time.Duration // Infinite: there are no times to renew it
	renewing bool
}

// fill adds the options of an answer, in dnsmasq's order (rfc2131.c, do_options). The room for what boots
// a PXE client is kept first, so that it fits.
func (s *Server) fill(a *answer, t terms) {
	c := a.to
	tags := c.known.Tags
	if a.near != nil {
		tags = c.known.With(a.near.Set, a.near.Rule)
	}
	told := told(s.pxe.KnowsPXE(c.Packet))
	chosen := s.cfg.chosen(c.known.Tags, tags, told)
	if someone(s.cfg.Broadcast, c.known.Tags) {
		a.packet.Flags |= pxe.BroadcastFlag
	}
	class := string(c.Packet.Options[pxe.OptVendorClass])
	says := chosen[pxe.OptVendorClass]
	if says != nil && (says.Force || a.asksFor(pxe.OptVendorClass)) && len(says.Value) > 0 {
		class = string(says.Value) // whose sub-options are meant now
	}
	booting := s.pxe.Booting(c.Request, class, tags)
	if c.asked == event.Discover {
		a.delay = booting.Delay
	}
	extras := a.menu(booting, chosen)
	if booting.Vendor != "" {
		a.body.keep(extras)
	}
	a.boot(booting, chosen, s.cfg.NoOverride)
	if a.lists() && !s.cfg.NoOverride {
		a.body.open(a.packet.BootFileName == "", a.packet.ServerHostName == "")
	}
	if subnet, ok := dhcp.SelectedSubnet(c.Packet); ok && c.asked != event.BOOTP {
		a.addr(pxe.OptSubnetSelection, subnet)
	}
	a.times(t, chosen)
	a.network(chosen)
	a.called(t, s.cfg.domain(t.addr), chosen)
	a.configured(chosen, s.cfg)
	a.encapsulated(s.cfg.Options, told, tags)
	a.body.last(extras)
}

// chosen are the options for a client, by number. Tags that its range gives choose only where the others
// do not (dhcp-common.c, option_filter).
func (c *Config) chosen(own, all policy.Tags, told func(*Option) bool) map[uint8]*Option {
	chosen := map[uint8]*Option{}
	pick := func(fits func(*Option) bool) {
		for i := range slices.Backward(c.Options) {
			if o := &c.Options[i]; o.Inner == (Inner{}) && chosen[o.Code] == nil && told(o) && fits(o) {
				chosen[o.Code] = o
			}
		}
	}
	pick(func(o *Option) bool { return len(o.Tags) > 0 && o.Tags.Met(own) && o.Tags.Met(all) })
	pick(func(o *Option) bool { return len(o.Tags) > 0 && o.Tags.Met(all) })
	pick(func(o *Option) bool { return len(o.Tags) == 0 })
	return chosen
}

// times are when the client should renew its lease: a bit earlier for some than for others, so that they
// do not all come at once.
func (a *answer) times(t terms, chosen map[uint8]*Option) {
	if t.length == Infinite {
		return
	}
	length := uint32(t.length / time.Second)
	t1, t2 := length/2, uint32(uint64(length)*7/8)
	said := func(code uint8, value *uint32) {
		if o := chosen[code]; o != nil && len(o.Value) >= 4 {
			if v := binary.BigEndian.Uint32(o.Value); v < length && v > 2 {
				*value = v
			}
		}
	}
	said(optT1, &t1)
	said(optT2, &t2)
	if t2 <= t1 {
		t1 = t2 - 1
	}
	fuzz := uint32(0)
	if t.renewing {
		h := fnv.New32a()
		h.Write(append(slices.Clone(a.to.Packet.TransactionID[:]), a.to.unique()...))
		fuzz = h.Sum32() % (t1/8 + 1)
	}
	a.seconds(optT1, time.Duration(t1-fuzz)*time.Second)
	a.seconds(optT2, time.Duration(t2-fuzz)*time.Second)
}

// network is what has a default: the netmask, the broadcast address and the router. There is no default
// DNS server, since we are none.
func (a *answer) network(chosen map[uint8]*Option) {
	if a.near == nil {
		return
	}
	mask := last(netip.PrefixFrom(netip.IPv4Unspecified(), a.near.prefix.Bits())).As4()
	for i := range mask {
		mask[i] = ^mask[i]
	}
	must := func(code uint8) bool { return a.to.asked != event.LeaseQuery || a.asksFor(code) }
	if chosen[optNetmask] == nil && must(optNetmask) {
		a.put(optNetmask, mask[:])
	}
	if chosen[optBroadcast] == nil && a.near.broadcast.IsValid() && must(optBroadcast) {
		a.addr(optBroadcast, a.near.broadcast)
	}
	if chosen[optRouter] == nil && a.near.router.IsValid() && a.asksFor(optRouter) {
		a.addr(optRouter, a.near.router)
	}
}

// called are the client's name and its domain.
func (a *answer) called(t terms, domain string, chosen map[uint8]*Option) {
	nul := func(s string) []byte {
		if a.to.names.nul {
			s += "\x00"
		}
		return []byte(s)
	}
	if domain != "" && chosen[optDomainName] == nil && a.asksFor(optDomainName) {
		a.put(optDomainName, nul(domain))
	}
	if t.name == "" {
		return
	}
	if chosen[optHostName] == nil && a.asksFor(optHostName) {
		a.put(optHostName, nul(t.name))
	}
	const longest = 63 // of a label
	if a.to.names.fqdn && len(t.name) <= longest {
		a.put(optFQDN, a.to.names.fullName(t.name, domain))
	}
}

// neverSent are the numbers that mean something else to dnsmasq, or that we make ourselves.
var neverSent = []byte{0, optFQDN, pxe.OptMaxMessageSize, pxe.OptOverload, optT1, optT2, pxe.OptEnd}

// defaulted are the options for which no value says that there shall be none.
var defaulted = []byte{optNetmask, optBroadcast, optRouter, optDNS, optDomainName, optHostName}

// configured are the options that the configuration says, the last line first.
func (a *answer) configured(chosen map[uint8]*Option, cfg *Config) {
	for _, line := range slices.Backward(cfg.Options) {
		o := chosen[line.Code]
		switch {
		case o == nil || o.Rule != line.Rule || line.Inner != (Inner{}):
		case !a.asksFor(o.Code) && (!o.Force || a.to.asked == event.LeaseQuery):
		case slices.Contains(neverSent, o.Code), a.body.sent[o.Code]:
		case len(o.Value) == 0 && slices.Contains(defaulted, o.Code):
		case o.Code == pxe.OptBootFile && a.packet.BootFileName != "" && !o.Force:
		case o.Code == pxe.OptTFTPServerName && a.packet.ServerHostName != "" && !o.Force:
		default:
			a.put(o.Code, a.value(o))
		}
	}
}

// value is that of an option. Names of boot files and servers always have a NUL: some ROMs look for it (rfc2131.c).
func (a *answer) value(o *Option) []byte {
	var self netip.Addr
	if a.near != nil {
		self = a.to.Link.Prefix.Addr()
	}
	return o.value(self, a.to.names.nul || o.Code == pxe.OptBootFile || o.Code == pxe.OptTFTPServerName)
}

// encapsulated are the options inside of others, grouped by what they are inside of.
func (a *answer) encapsulated(options []Option, told func(*Option) bool, tags policy.Tags) {
	all, lacks := inner(options, func(o *Option) bool {
		return told(o) && o.Tags.Met(tags) && (o.Force && a.to.asked != event.LeaseQuery || a.asksFor(o.Inner.Of))
	}, a.to.names.nul)
	for _, e := range all {
		a.put(e.code, e.value)
	}
	a.body.lacks = append(a.body.lacks, lacks...)
}
