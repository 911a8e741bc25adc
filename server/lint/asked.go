package lint

import (
	"net"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/explain"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A told is what one client gets on one network.
type told struct {
	link   dhcp.Link
	client explain.Client
	story  explain.Story
}

// maxLinks bounds on how many networks all kinds of clients are asked for: there may be hundreds, and on the others
// the usual kinds are enough.
const maxLinks = 8

// stories asks all that clients of each architecture ask, as firmware and as iPXE.
func (s *site) stories() []told {
	if s.tales != nil {
		return s.tales
	}
	s.tales = []told{}
	for i, link := range explain.Links(s.cfg) {
		archs := s.archs()
		if i >= maxLinks {
			archs = []pxe.Arch{pxe.ArchX86BIOS, pxe.ArchX64}
		}
		for _, arch := range archs {
			clients := []explain.Client{explain.Plain(arch)}
			if !arch.HTTP() {
				clients = append(clients, explain.IPXE(arch))
			}
			for _, c := range clients {
				c.MAC = nobodys()
				s.tales = append(s.tales, told{link, c, s.teller.Explain(link, c)})
			}
		}
	}
	return s.tales
}

// nobodys is an address that no maker has, and so hardly any line is about.
func nobodys() net.HardwareAddr { return net.HardwareAddr{0x02, 0, 0, 0, 0, 0x01} }

// archs are the architectures that machines have, and those that the configuration is about.
func (s *site) archs() []pxe.Arch {
	all := []pxe.Arch{pxe.ArchX86BIOS, pxe.ArchIA32, pxe.ArchX64, pxe.ArchARM64, pxe.ArchX64HTTP, pxe.ArchARM64HTTP}
	add := func(arch pxe.Arch) {
		if !slices.Contains(all, arch) {
			all = append(all, arch)
		}
	}
	for _, m := range s.cfg.DHCP.Services {
		add(m.Arch)
	}
	for _, b := range s.cfg.DHCP.Boot {
		for _, arch := range b.Archs {
			add(arch)
		}
	}
	for _, o := range s.cfg.DHCP.Policy.Options {
		if value := o.Value.Bytes; o.Code == pxe.OptClientArch && len(value) == 2 && !o.Encap {
			add(pxe.Arch(value[0])<<8 | pxe.Arch(value[1]))
		}
	}
	return all
}

// A remark is about a line, and true for machines of some architectures.
type remark struct {
	rule, name, is string
	archs          []pxe.Arch
}

// remarks are those that look makes of each story, once for all architectures.
func (s *site) remarks(look func(told) []remark) (all []remark) {
	for _, t := range s.stories() {
		for _, r := range look(t) {
			at := slices.IndexFunc(all, func(o remark) bool { return o.rule == r.rule && o.name == r.name && o.is == r.is })
			if at < 0 {
				at, all = len(all), append(all, r)
			}
			if !slices.Contains(all[at].archs, t.client.Arch) {
				all[at].archs = append(all[at].archs, t.client.Arch)
			}
		}
	}
	return all
}

// on is the architectures as a list of words.
func (r remark) on() string {
	var names []string
	for _, arch := range r.archs {
		names = append(names, arch.String())
	}
	return strings.Join(names, ", ")
}

// line is the one that names a file. What leases say is told with the line of the range that gave the address.
func (s *site) line(f explain.File) string {
	if !slices.ContainsFunc(s.cfg.Leases.Ranges, func(r lease.Range) bool { return r.Rule == f.Rule }) {
		return f.Rule
	}
	for _, b := range slices.Backward(s.cfg.DHCP.Boot) {
		if b.File == f.Name || b.Script == f.Name {
			return b.Rule
		}
	}
	for _, o := range slices.Backward(s.cfg.Leases.Options) {
		if o.Code == pxe.OptBootFile && strings.TrimRight(string(o.Value), "\x00") == f.Name {
			return o.Rule
		}
	}
	return f.Rule
}

// loops finds iPXEs that are told to load iPXE.
func (s *site) loops() {
	for _, r := range s.remarks(func(t told) (all []remark) {
		for _, f := range t.story.Files {
			if t.client.IPXE && isIPXE(f.Name) {
				all = append(all, remark{rule: s.line(f), name: f.Name})
			}
		}
		return all
	}) {
		s.found("ipxe-loop", r.rule, "an iPXE that runs on %s is told to load %s, which is iPXE, again and again: %s", r.on(), r.name, s.fix(
			"give iPXE a script (dhcp-match=set:ipxe,175 and dhcp-boot=tag:ipxe,SCRIPT) and this line tag:!ipxe",
			"add `script: SCRIPT` to this entry, which iPXE gets in place of the file"))
	}
}

// menus finds what iPXE for UEFI shows nothing of.
func (s *site) menus() {
	for _, r := range s.remarks(func(t told) (all []remark) {
		for _, step := range t.story.Steps {
			if t.client.IPXE && t.client.Arch.UEFI() && step.Reply != nil && len(step.Reply.Menu) > 1 {
				all = append(all, remark{rule: step.Rule})
			}
		}
		return all
	}) {
		s.found("ipxe-menu", r.rule, "an iPXE that runs on %s gets this menu, shows nothing and hangs: keep it off with %s", r.on(),
			s.fix("tag:!ipxe and dhcp-match=set:ipxe,175", "`tags: not ipxe` here, and `{set: ipxe, option: 175}` in tags"))
	}
}
