package lint

import (
	"bytes"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/pxe"
)

// within tells whether who has all that the narrow line wants has all that the wide one wants.
func within(narrow, wide policy.Wants) bool {
	plain := func(want string) string { return strings.Replace(want, "#", "!", 1) }
	return !slices.ContainsFunc(wide, func(w string) bool {
		return !slices.ContainsFunc(narrow, func(n string) bool { return plain(n) == plain(w) })
	})
}

// ignored finds lines for clients that are left alone, and who leaves everybody alone.
func (s *site) ignored() {
	for _, ignore := range s.cfg.DHCP.Policy.Ignores {
		if len(ignore.Wants) == 0 || slices.ContainsFunc(ignore.Wants, s.ranged) {
			continue // whom nobody is asked for, and what comes after the question
		}
		if s.everybody(ignore.Wants) {
			s.found("ignores-all", ignore.Rule, "everybody is left alone, because %s holds for all clients: drop the line, or ask for another tag", ignore.Wants)
			continue
		}
		for _, l := range s.lines() {
			if l.rule != ignore.Rule && l.what != "dhcp-ignore" && l.what != "tag-if" && l.what != "host" && within(l.wants, ignore.Wants) {
				s.found("ignored", l.rule, "this %s is for nobody, because %s leaves all alone that have %s: drop one of the two", l.what, ignore.Rule, ignore.Wants)
			}
		}
	}
}

// ranged tells whether only a range gives the tag of a want: after ignored clients have gone.
func (s *site) ranged(want string) bool {
	tag := strings.TrimLeft(want, "!#")
	return slices.ContainsFunc(s.cfg.DHCP.Networks, func(r dhcp.Network) bool { return r.Set == tag }) ||
		slices.ContainsFunc(s.cfg.Leases.Ranges, func(r lease.Range) bool { return r.Set == tag })
}

// everybody tells whether all netboot clients have what is wanted.
func (s *site) everybody(wants policy.Wants) bool {
	set := s.settable()
	return !slices.ContainsFunc(wants, func(want string) bool {
		tag := strings.TrimLeft(want, "!#")
		if tag != want {
			return set[tag] || interfaceName().MatchString(tag) || strings.HasSuffix(tag, "*")
		}
		return !s.always(tag)
	})
}

// always tells whether every netboot client has a tag.
func (s *site) always(tag string) bool {
	p := &s.cfg.DHCP.Policy
	if names := s.cfg.Interfaces.Names; len(names) == 1 && names[0] == tag {
		return true
	}
	if len(s.cfg.Leases.Ranges) == 0 && slices.ContainsFunc(p.Classes, func(c policy.Class) bool {
		return c.Tag == tag && c.Place == policy.VendorClass && strings.Contains(pxe.PXEClient, string(c.Text)) && len(s.cfg.DHCP.Vendors) == 0
	}) {
		return true
	}
	return slices.ContainsFunc(p.MACs, func(m policy.MAC) bool {
		return m.Tag == tag && m.Pattern.Type == 0 && len(m.Pattern.Any) > 0 && !slices.Contains(m.Pattern.Any, false)
	})
}

// again finds lines that give a tag to clients which an earlier line gives it to.
func (s *site) again() {
	p := &s.cfg.DHCP.Policy
	repeated(s, p.Options, func(m policy.Option) (tag, rule string) { return m.Tag, m.Rule }, coversOption)
	repeated(s, p.Classes, func(c policy.Class) (tag, rule string) { return c.Tag, c.Rule }, coversClass)
	repeated(s, p.MACs, func(m policy.MAC) (tag, rule string) { return m.Tag, m.Rule }, func(wide, narrow policy.MAC) bool {
		return coversMAC(wide.Pattern, narrow.Pattern)
	})
	repeated(s, p.Implications, func(i policy.Implication) (tags, rule string) { return strings.Join(i.Sets, ", "), i.Rule }, func(wide, narrow policy.Implication) bool {
		return within(narrow.Wants, wide.Wants)
	})
}

func repeated[T any](s *site, lines []T, about func(T) (tag, rule string), covers func(wide, narrow T) bool) {
	giving := map[string][]T{} // by tag, the lines so far
	for _, l := range lines {
		tag, rule := about(l)
		if n := slices.IndexFunc(giving[tag], func(earlier T) bool { return covers(earlier, l) }); n >= 0 {
			_, at := about(giving[tag][n])
			s.found("hidden", rule, "this line changes nothing: %s gives the tag %s to all of its clients", at, tag)
		}
		giving[tag] = append(giving[tag], l)
	}
}

func coversOption(wide, narrow policy.Option) bool {
	same := wide.Form == narrow.Form && bytes.Equal(wide.Value.Bytes, narrow.Value.Bytes) && slices.Equal(wide.Value.Any, narrow.Value.Any)
	return wide.Code == narrow.Code && wide.Encap == narrow.Encap && wide.Enterprise == narrow.Enterprise && (same || wide.Form == policy.Present)
}

// coversClass knows that vendor and user classes are looked for as parts.
func coversClass(wide, narrow policy.Class) bool {
	part := wide.Place == policy.VendorClass || wide.Place == policy.UserClass
	return wide.Place == narrow.Place && (bytes.Equal(wide.Text, narrow.Text) || part && bytes.Contains(narrow.Text, wide.Text))
}

// coversMAC tells whether all hardware addresses of the narrow pattern are of the wide one.
func coversMAC(wide, narrow policy.Pattern) bool {
	if len(wide.Bytes) != len(narrow.Bytes) || wide.Type != 0 && wide.Type != narrow.Type {
		return false
	}
	for i := range wide.Bytes {
		anyWide := wide.Any != nil && wide.Any[i]
		anyNarrow := narrow.Any != nil && narrow.Any[i]
		if !anyWide && (anyNarrow || wide.Bytes[i] != narrow.Bytes[i]) {
			return false
		}
	}
	return true
}

// late finds tag-if lines that want a tag which only a later one gives (policy, imply).
func (s *site) late() {
	p := &s.cfg.DHCP.Policy
	for i, t := range p.Implications {
		before := *p
		before.Implications = p.Implications[:i]
		cfg := *s.cfg
		cfg.DHCP.Policy = before
		had, has := (&site{cfg: &cfg}).settable(), s.settable()
		for _, want := range t.Wants {
			if has[want] && !had[want] {
				s.found("tag-never", t.Rule, "tag-if sees the tags of the lines before it only, and %s comes from a later one, so this is for nobody: move it down", want)
			}
		}
	}
}

// unused finds lines that give a tag which no line asks for.
func (s *site) unused() {
	asked := map[string]bool{}
	var wild []string
	for _, l := range s.lines() {
		for _, want := range l.wants {
			tag := strings.TrimLeft(want, "!#")
			asked[tag] = true
			if prefix, ok := strings.CutSuffix(tag, "*"); ok {
				wild = append(wild, prefix)
			}
		}
	}
	begun := func(tag string) bool {
		return slices.ContainsFunc(wild, func(prefix string) bool { return strings.HasPrefix(tag, prefix) })
	}
	check := func(rule string, tags ...string) {
		if len(tags) > 0 && !slices.ContainsFunc(tags, func(tag string) bool { return asked[tag] || begun(tag) }) {
			asks := s.fix("line that does, with tag:", "entry that does, with tags: ") + tags[0]
			s.found("tag-unused", rule, "nothing asks for the tag %s, so this changes nothing: add the %s, or drop this", strings.Join(tags, ", "), asks)
		}
	}
	p := &s.cfg.DHCP.Policy
	for _, m := range p.MACs {
		check(m.Rule, m.Tag)
	}
	for _, m := range p.Options {
		check(m.Rule, m.Tag)
	}
	for _, m := range p.Classes {
		check(m.Rule, m.Tag)
	}
	for _, m := range p.Names {
		check(m.Rule, m.Tag)
	}
	for _, i := range p.Implications {
		check(i.Rule, i.Sets...)
	}
}
