package lint

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
)

// A line is what asks for tags.
type line struct {
	what  string
	rule  string
	wants policy.Wants
}

// tags finds lines that ask for tags in vain.
func (s *site) tags() {
	set := s.settable()
	for _, l := range s.lines() {
		for _, want := range l.wants {
			tag := strings.TrimLeft(want, "!#")
			absent := tag != want
			switch {
			case absent && slices.Contains(l.wants, tag):
				s.found("tag-never", l.rule, "%s wants tag:%s and its absence, so it is for nobody: drop one of the two", l.what, tag)
			case set[tag] || interfaceName().MatchString(tag):
			case strings.HasSuffix(tag, "*") && l.what == "tag-if" && begins(set, strings.TrimSuffix(tag, "*")):
			case absent:
				s.found("tag-unset", l.rule, "nothing sets the tag %s, so tag:%s holds for everybody: add the %s", tag, want, s.setter(tag))
			default:
				s.found("tag-unset", l.rule, "nothing sets the tag %s, so this %s is for nobody: add the %s", tag, l.what, s.setter(tag))
			}
		}
	}
}

// Unwanted are those of some tags that no line asks for.
func Unwanted(cfg *config.Config, tags []string) (unwanted []string) {
	s := &site{cfg: cfg}
	for _, tag := range tags {
		asks := func(l line) bool {
			return slices.ContainsFunc(l.wants, func(want string) bool {
				want = strings.TrimLeft(want, "!#")
				prefix, wild := strings.CutSuffix(want, "*")
				return want == tag || wild && l.what == "tag-if" && strings.HasPrefix(tag, prefix)
			})
		}
		if !slices.ContainsFunc(s.lines(), asks) {
			unwanted = append(unwanted, tag)
		}
	}
	return unwanted
}

// begins tells whether a tag of set, or the name of an interface, begins with a prefix.
func begins(set map[string]bool, prefix string) bool {
	for tag := range set {
		if strings.HasPrefix(tag, prefix) {
			return true
		}
	}
	return interfaceName().MatchString(prefix)
}

// setter is what would set a tag.
func (s *site) setter(tag string) string {
	return s.fix("line that sets it, such as dhcp-match=set:"+tag+",...", "entry of tags or hosts that sets it: `set: "+tag+"`") +
		", unless `bootrig machines set` gives it"
}

// interfaceName tells names of interfaces, each of which is a tag, as hosts have them.
func interfaceName() *regexp.Regexp {
	return regexp.MustCompile(`^(lo|eth|en[opsx]|em|wl|br|virbr|vmbr|vlan|bond|team|tap|tun|veth|docker|p\d+p)[-0-9a-z.:]*$`)
}

// settable are the tags that somebody may have.
func (s *site) settable() map[string]bool {
	p := &s.cfg.DHCP.Policy
	set := map[string]bool{"bootp": true, "cpewan-id": true, "dhcp": true, "install": true} // the last by bootrig machines once
	if len(p.Hosts) > 0 {
		set["known"], set["known-othernet"] = true, true
	}
	add := func(tags ...string) {
		for _, tag := range tags {
			set[tag] = true
		}
	}
	for _, m := range p.MACs {
		add(m.Tag)
	}
	for _, m := range p.Options {
		add(m.Tag)
	}
	for _, m := range p.Classes {
		add(m.Tag)
	}
	for _, m := range p.Names {
		add(m.Tag)
	}
	for _, m := range p.Origins {
		add(m.Tag)
	}
	for _, m := range p.IPXEs {
		add(m.Tag)
	}
	for _, h := range p.Hosts {
		add(h.Sets...)
	}
	for _, i := range p.Implications {
		add(i.Sets...)
	}
	for _, r := range s.cfg.DHCP.Networks {
		add(r.Set)
	}
	for _, r := range s.cfg.Leases.Ranges {
		add(r.Set)
	}
	add(s.cfg.Interfaces.Names...)
	for _, b := range s.cfg.Interfaces.Bridges {
		add(b.Interface)
	}
	return set
}

// lines are all that ask for tags.
func (s *site) lines() []line {
	d := &s.cfg.DHCP
	var all []line
	for _, r := range d.Networks {
		all = append(all, line{"range", r.Rule, r.Tags})
	}
	for _, r := range s.cfg.Leases.Ranges {
		all = append(all, line{"range", r.Rule, r.Tags})
	}
	for _, o := range s.cfg.Leases.Options {
		all = append(all, line{"option", o.Rule, o.Tags})
	}
	for _, b := range d.Boot {
		if b.Starts == "" { // else the start says so
			all = append(all, line{"boot file", b.Rule, b.Tags})
		}
	}
	for _, m := range d.Services {
		all = append(all, line{"menu line", m.Rule, m.Tags})
	}
	for _, o := range d.SubOptions {
		all = append(all, line{"part of option 43", o.Rule, o.Tags})
	}
	for _, o := range d.Offers {
		all = append(all, line{"form of an offer", o.Rule, o.Tags})
	}
	for _, w := range d.Delays {
		all = append(all, line{"delay", w.Rule, w.Tags})
	}
	for _, h := range d.Policy.Hosts {
		all = append(all, line{"host", h.Rule, h.Wants})
	}
	for _, i := range d.Policy.Implications {
		all = append(all, line{"tag-if", i.Rule, i.Wants})
	}
	for _, i := range d.Policy.Ignores {
		all = append(all, line{"dhcp-ignore", i.Rule, i.Wants})
	}
	for _, m := range s.cfg.Media.Starts {
		all = append(all, line{"start", m.Rule, m.Tags})
	}
	return append(all, s.switches()...)
}

// switches are those of leases that are for some.
func (s *site) switches() (all []line) {
	l := &s.cfg.Leases
	for _, some := range [][]lease.For{l.Broadcast, l.DynamicBOOTP, l.IgnoreNames, l.GenerateNames} {
		for _, f := range some {
			all = append(all, line{"switch", f.Rule, f.Tags})
		}
	}
	return all
}
