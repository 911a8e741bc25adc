package lint

import (
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/explain"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A shown difference is a line that makes dnsmasq and bootrig differ.
type shown struct {
	rule  string
	fix   string // what to do about it; "": nothing need be done
	fatal bool   // machines do not boot from dnsmasq
}

// Differences are the intended differences from dnsmasq that a dnsmasq.conf would show, for whoever comes
// from there or goes back: what dnsmasq's own table says, and the lines that make it. Those that cost
// dnsmasq's clients their boot are warnings, the others notes.
func Differences(cfg *config.Config) []config.Notice {
	if cfg.YAML {
		return nil // dnsmasq does not read it
	}
	s := &site{cfg: cfg, teller: explain.New(cfg), tree: nothing{}}
	found := finders()
	for _, d := range dnsmasq.Differences() {
		if found[d.ID] == nil {
			continue
		}
		for _, at := range found[d.ID](s) {
			text := "dnsmasq" + d.Versions() + ": " + d.Dnsmasq + "; bootrig: " + d.Bootrig
			if at.fix != "" {
				text += ": " + at.fix
			}
			s.findings = append(s.findings, config.Notice{Rule: at.rule, Text: text, ID: d.ID, Note: !at.fatal})
		}
	}
	return sorted(s.findings, cfg.Files)
}

// intended is a Difference of the table.
func intended(id string) dnsmasq.Difference {
	all := dnsmasq.Differences()
	return all[slices.IndexFunc(all, func(d dnsmasq.Difference) bool { return d.ID == id })]
}

// finders find the lines of each difference but those of TFTP, which Rules has.
func finders() map[string]func(*site) []shown {
	return map[string]func(*site) []shown{
		"siaddr":           (*site).siaddr,
		"server-name":      (*site).serverName,
		"boot-only":        (*site).bootOnly,
		"nothing-to-boot":  (*site).nothingToBoot,
		"long-menu":        (*site).longMenu,
		"sub-option-twice": (*site).subOptionTwice,
		"raspberry-pi":     (*site).raspberryPi,
		"host-ignore":      (*site).hostIgnore,
		"proxy-range-set":  (*site).proxyRangeSet,
		"relay-alone":      (*site).relayAlone,
	}
}

// proxies tells whether dnsmasq would stand as a proxy here and answer netboot clients (option.c, enable_pxe).
func (s *site) proxies() bool {
	return s.proxy() && s.cfg.DHCP.Menus()
}

func (s *site) proxy() bool {
	return slices.ContainsFunc(s.cfg.DHCP.Networks, func(r dhcp.Network) bool { return !r.Leases })
}

func (s *site) bootOnly() []shown {
	if len(s.cfg.DHCP.Boot) == 0 || !s.proxy() || s.proxies() {
		return nil
	}
	return []shown{{s.cfg.DHCP.Networks[0].Rule, "for dnsmasq add a pxe-service or pxe-prompt line", true}}
}

func (s *site) siaddr() []shown {
	if !s.proxies() {
		return nil
	}
	var all []shown
	for _, x := range s.exchanges() {
		reply, self := x.step.Reply, x.link.Prefix.Addr()
		said := slices.ContainsFunc(s.cfg.DHCP.Boot, func(b proxydhcp.Boot) bool { return b.Server == self })
		switch {
		case x.client.Arch != pxe.ArchX86BIOS || reply == nil || said || reply.Siaddr != self.String():
		case len(reply.Menu) > 0 && !s.marked(x): // the machine asks again for its menu's line, and that answer has a siaddr
			all = append(all, shown{rule: x.step.Rule})
		default:
			all = append(all, shown{x.step.Rule, "dnsmasq does too for dhcp-boot=" + reply.File + ",,ADDRESS or a pxe-service=x86PC line", true})
		}
	}
	return all
}

// serverName is what only the reader of the file knows.
func (s *site) serverName() []shown {
	var all []shown
	for _, n := range s.cfg.Notices {
		if n.ID == "server-name" {
			all = append(all, shown{n.Rule, n.Text, true})
		}
	}
	return all
}

func (s *site) nothingToBoot() []shown {
	if !s.proxies() {
		return nil
	}
	var all []shown
	for _, x := range s.exchanges() {
		if x.step.Reply == nil && strings.HasPrefix(x.step.Reason, "no boot file and no menu for architecture ") {
			all = append(all, shown{rule: x.step.Rule})
		}
	}
	return all
}

func (s *site) longMenu() []shown {
	var all []shown
	for _, x := range s.exchanges() {
		if strings.HasSuffix(x.step.Reason, "more do not fit option 43)") {
			all = append(all, shown{x.step.Rule, x.step.Reason, false})
		}
	}
	return all
}

// subOptionTwice finds the lines that say a part of option 43 which is made anyway, or that another line says.
// A prompt is made only where no line has one.
func (s *site) subOptionTwice() []shown {
	if !s.proxies() {
		return nil
	}
	made := []byte{pxe.SubDiscoveryControl}
	if len(s.cfg.DHCP.Services) > 0 {
		made = append(made, pxe.SubBootServers, pxe.SubBootMenu)
	}
	var all []shown
	for i, o := range s.cfg.DHCP.SubOptions {
		again := func(other proxydhcp.SubOption) bool { return other.Code == o.Code }
		if slices.Contains(made, o.Code) || slices.ContainsFunc(s.cfg.DHCP.SubOptions[:i], again) {
			all = append(all, shown{rule: o.Rule})
		}
	}
	return all
}

// raspberryPi finds the lines by which a Raspberry Pi gets a menu of its own.
func (s *site) raspberryPi() []shown {
	if !s.proxies() {
		return nil
	}
	var all []shown
	for _, x := range s.exchanges() {
		if s.marked(x) {
			all = append(all, shown{rule: x.step.Rule})
		}
	}
	return all
}

// marked tells whether an answer has the menu that is made for a Raspberry Pi, and by nobody's line.
func (s *site) marked(x exchange) bool {
	byHand := func(o proxydhcp.SubOption) bool { return o.Code == pxe.SubBootMenu }
	own := func(m proxydhcp.Service) bool { return m.Rule == x.step.Rule }
	return isPi(x.client) && x.step.Reply != nil && len(x.step.Reply.Menu) > 0 &&
		!slices.ContainsFunc(s.cfg.DHCP.SubOptions, byHand) && !slices.ContainsFunc(s.cfg.DHCP.Services, own)
}

func (s *site) hostIgnore() []shown {
	if !s.proxies() {
		return nil
	}
	var all []shown
	for _, h := range s.cfg.DHCP.Policy.Hosts {
		if h.Ignore && !slices.ContainsFunc(s.cfg.DHCP.Policy.Ignores, func(i policy.Ignore) bool { return covered(i.Wants, h.Sets) }) {
			all = append(all, shown{rule: h.Rule})
		}
	}
	return all
}

// proxyRangeSet finds the ranges of proxies that give a tag.
func (s *site) proxyRangeSet() []shown {
	if !s.proxies() {
		return nil
	}
	var all []shown
	for _, n := range s.cfg.DHCP.Networks {
		if !n.Leases && n.Set != "" {
			all = append(all, shown{rule: n.Rule, fix: "for dnsmasq leave set:" + n.Set + " out", fatal: false})
		}
	}
	return all
}

// covered tells whether all that is wanted is among tags.
func covered(wants policy.Wants, tags []string) bool {
	return len(wants) > 0 && !slices.ContainsFunc(wants, func(w string) bool { return !slices.Contains(tags, w) })
}
