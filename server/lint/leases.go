package lint

import (
	"strings"

	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/wire/pxe"
)

// bootOptions finds an option 67 in whose place dhcp-boot stands: leases carry one name, and that of dhcp-boot goes
// before it (dnsmasq, rfc2131.c, do_options).
func (s *site) bootOptions() {
	if len(s.cfg.Leases.Ranges) == 0 {
		return
	}
	for _, o := range s.cfg.Leases.Options {
		if o.Code != pxe.OptBootFile || o.Inner != (lease.Inner{}) || o.Force {
			continue
		}
		for _, b := range s.cfg.DHCP.Boot {
			if len(b.Archs) == 0 && b.File != "" && within(o.Tags, b.Tags) {
				name := strings.TrimRight(string(o.Value), "\x00")
				s.found("option-67", o.Rule, "%s is never sent: for the same clients %s says %s, and it goes before option 67; %s", name, b.Rule, b.File,
					s.fix("make this dhcp-boot=tag:TAG,"+name+", or drop that line", "make this an entry of boot, or drop that one"))
				break
			}
		}
	}
}

// unserved finds a root that nobody serves, where clients are told to fetch files from this server.
func (s *site) unserved() {
	t := &s.cfg.TFTP
	rule := t.Rule
	if rule == "" && len(t.Roots) > 0 {
		rule = t.Roots[0].Rule
	}
	if t.Enabled || rule == "" {
		return
	}
	on := s.fix("add enable-tftp", "leave `enabled: false` out")
	if files := s.cfg.BootFiles(); len(files) > 0 {
		s.found("tftp-off", rule, "the root is not served, and %s sends clients here for %s: %s", files[0].Rule, files[0].Name, on)
		return
	}
	s.noted("tftp-off", rule, "the root is not served: %s, if it should be", on)
}

// unique finds where a client's own root cannot be found by its MAC address: who comes through a router has none
// here. A network with a netmask may be such a one.
func (s *site) unique() {
	if !s.cfg.TFTP.Enabled || !s.cfg.TFTP.UniqueByMAC {
		return
	}
	for _, n := range s.cfg.DHCP.Networks {
		what := s.fix("tftp-unique-root=mac", "unique-root: mac")
		switch {
		case n.Bits == 0 || n.OnAny(s.links):
		case len(s.links) > 0:
			s.found("unique-root", n.Rule, "%s: %s is behind a router, so its clients have no MAC address here, and get the common root", what, n)
		default:
			s.noted("unique-root", n.Rule, "%s: who comes from %s through a router has no MAC address here, and gets the common root", what, n)
		}
	}
}
