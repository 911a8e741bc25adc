package lint

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// hidden finds lines in whose place a later one always stands.
func (s *site) hidden() {
	d := &s.cfg.DHCP
	found := func(rule, format string, args ...any) { s.found("hidden", rule, format, args...) }
	eachHidden(d.Boot, func(l proxydhcp.Boot) policy.Wants { return l.Tags }, func(b, later proxydhcp.Boot) bool { return takes(b.Tags, later.Tags) && covers(b.Archs, later.Archs) },
		func(b, later proxydhcp.Boot) {
			found(b.Rule, "%s is never sent: for the same clients %s says %s, and the last line wins", b.File, later.Rule, later.File)
		})
	eachHidden(d.SubOptions, func(l proxydhcp.SubOption) policy.Wants { return l.Tags }, func(o, later proxydhcp.SubOption) bool {
		return o.Code == later.Code && o.Class == later.Class && o.Any == later.Any && slices.Equal(o.Tags, later.Tags)
	}, func(o, later proxydhcp.SubOption) {
		found(o.Rule, "sub-option %d of option 43 is never sent: %s says another for the same clients, and the last line wins", o.Code, later.Rule)
	})
	eachHidden(d.Delays, func(l proxydhcp.Delay) policy.Wants { return l.Tags }, func(w, later proxydhcp.Delay) bool { return takes(w.Tags, later.Tags) },
		func(w, later proxydhcp.Delay) {
			found(w.Rule, "the delay is never used: %s is for the same clients, and the last line wins", later.Rule)
		})
	eachHidden(s.cfg.Leases.Options, func(l lease.Option) policy.Wants { return l.Tags }, func(o, later lease.Option) bool {
		return o.Code == later.Code && o.Inner == later.Inner && takes(o.Tags, later.Tags)
	}, func(o, later lease.Option) {
		found(o.Rule, "option %d is never sent: for the same clients %s says another, and the last line wins", o.Code, later.Rule)
	})
	eachHidden(d.Offers, func(l proxydhcp.Offer) policy.Wants { return l.Tags }, func(o, later proxydhcp.Offer) bool { return takes(o.Tags, later.Tags) && covers(o.Archs, later.Archs) },
		func(o, later proxydhcp.Offer) {
			found(o.Rule, "the form of offers is never this one: %s is for the same clients, and the last entry wins", later.Rule)
		})
	s.hiddenHosts()
}

// eachHidden tells of each line the first later one that hides it. That is for no tag which the line is not for
// itself, so it is looked for among those that begin with one of them: there may be twenty thousand.
func eachHidden[T any](lines []T, tags func(T) policy.Wants, hides func(line, later T) bool, tell func(line, later T)) {
	const all = "" // those without tags; no tag has that name
	beginning := map[string][]int{}
	for i, line := range lines {
		first := all
		if t := tags(line); len(t) > 0 {
			first = t[0]
		}
		beginning[first] = append(beginning[first], i)
	}
	for i, line := range lines {
		own := []string(tags(line))
		if len(own) == 0 {
			own = []string{all}
		}
		found := len(lines)
		for _, tag := range own {
			at, _ := slices.BinarySearch(beginning[tag], i+1)
			for _, n := range beginning[tag][at:] {
				if n >= found || hides(line, lines[n]) {
					found = min(found, n)
					break
				}
			}
		}
		if found < len(lines) {
			tell(line, lines[found])
		}
	}
}

// takes tells whether a later line is chosen wherever an earlier one would be (policy.Choose).
func takes(earlier, later policy.Wants) bool {
	if len(earlier) == 0 || len(later) == 0 {
		return len(earlier) == 0 && len(later) == 0
	}
	return !slices.ContainsFunc(later, func(want string) bool { return !slices.Contains(earlier, want) })
}

// covers tells whether a later line is for all architectures of an earlier one.
func covers(earlier, later []pxe.Arch) bool {
	if len(earlier) == 0 || len(later) == 0 {
		return len(later) == 0
	}
	return !slices.ContainsFunc(earlier, func(a pxe.Arch) bool { return !slices.Contains(later, a) })
}

// hiddenHosts finds a machine's line that another of it hides. Lines with addresses may be for different
// networks.
func (s *site) hiddenHosts() {
	hosts := s.cfg.DHCP.Policy.Hosts
	key := func(m policy.Pattern) string { return fmt.Sprint(m) }
	having := map[string][]int{} // by a pattern, the lines that have it: there may be forty thousand
	for i, h := range hosts {
		for _, m := range h.MACs {
			having[key(m)] = append(having[key(m)], i)
		}
	}
	for i, h := range hosts {
		if len(h.MACs) == 0 {
			continue
		}
		for _, at := range having[key(h.MACs[0])] {
			if at <= i {
				continue
			}
			later := hosts[at]
			same := slices.Equal(h.Wants, later.Wants) && h.Elsewhere == later.Elsewhere && !h.Addr.IsValid() && !later.Addr.IsValid()
			if same && h.ClientID == nil && later.ClientID == nil && allIn(h.MACs, later.MACs) {
				s.found("hidden", h.Rule, "the host is never this one: %s has its hardware address too, and the last line wins; make one line of the two", later.Rule)
				break
			}
		}
	}
}

func allIn(some, all []policy.Pattern) bool {
	same := func(a, b policy.Pattern) bool {
		return a.Type == b.Type && slices.Equal(a.Bytes, b.Bytes) && slices.Equal(a.Any, b.Any)
	}
	return !slices.ContainsFunc(some, func(a policy.Pattern) bool {
		return !slices.ContainsFunc(all, func(b policy.Pattern) bool { return same(a, b) })
	})
}

// ranges finds networks in each other's way. Of two proxy ranges the first that is for a client counts.
func (s *site) ranges() {
	all := s.cfg.DHCP.Networks
	for i, r := range all {
		for _, earlier := range all[:i] {
			if within(r.Tags, earlier.Tags) && (r.Addr == earlier.Addr || overlap(r, earlier)) {
				s.found("ranges-overlap", r.Rule, "the range %s has addresses of %s, %s, which comes first: one of the two is not needed", r, earlier, earlier.Rule)
				break
			}
		}
	}
	leases := s.cfg.Leases.Ranges
	for i, r := range leases {
		for _, earlier := range leases[:i] {
			if !r.Static && !earlier.Static && !earlier.Last.Less(r.First) && !r.Last.Less(earlier.First) {
				s.found("ranges-overlap", r.Rule, "the range %s to %s has addresses of %s to %s, %s: give each address in one range only",
					r.First, r.Last, earlier.First, earlier.Last, earlier.Rule)
				break
			}
		}
		for _, p := range all {
			if p.Addr == r.First || p.Bits > 0 && (netip.PrefixFrom(p.Addr, p.Bits).Contains(r.First) || netip.PrefixFrom(p.Addr, p.Bits).Contains(r.Last)) {
				s.found("ranges-overlap", r.Rule, "the addresses %s to %s are of the network %s, %s, where another server gives them: drop one of the two", r.First, r.Last, p, p.Rule)
			}
		}
	}
}

func overlap(a, b dhcp.Network) bool {
	return a.Bits > 0 && b.Bits > 0 && netip.PrefixFrom(a.Addr, a.Bits).Overlaps(netip.PrefixFrom(b.Addr, b.Bits))
}

// deadArchs finds menu lines that no client can see: architectures that died before PXE 2.1 was done, and
// numbers that nobody has been given.
func (s *site) deadArchs() {
	const last = pxe.Arch(41) // IANA, Processor Architecture Types
	for _, m := range s.cfg.DHCP.Services {
		if m.Arch > last || slices.Contains([]pxe.Arch{1, 3, 4, 5, 8}, m.Arch) {
			s.found("no-such-arch", m.Rule, "no client is of architecture %s, so nobody sees %q: x86 BIOS is %s", m.Arch, m.Text,
				s.fix("x86PC, 64-bit UEFI x86-64_EFI", "x86-bios, 64-bit UEFI x64-uefi"))
		}
	}
}

// quotes finds values in single quotes.
func (s *site) quotes() {
	check := func(rule, what, value string) {
		if len(value) > 1 && strings.HasPrefix(value, "'") && strings.HasSuffix(value, "'") {
			s.found("single-quotes", rule, "the single quotes are part of %s %s: write it between double quotes, or none", what, value)
		}
	}
	d := &s.cfg.DHCP
	for _, m := range d.Services {
		check(m.Rule, "the menu text", m.Text)
		check(m.Rule, "the file name", m.File)
	}
	for _, b := range d.Boot {
		check(b.Rule, "the file name", b.File)
	}
	for _, o := range d.SubOptions {
		if p, err := pxe.ParsePrompt(o.Value); err == nil && o.Code == pxe.SubMenuPrompt {
			check(o.Rule, "the prompt", p.Text)
		}
	}
	for _, c := range d.Policy.Classes {
		check(c.Rule, "the class", string(c.Text))
	}
}
