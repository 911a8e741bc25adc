package lint

import (
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/explain"
	"github.com/bootrig/bootrig/server/media/header"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// piText is what a Raspberry Pi looks for in a menu (server/proxydhcp).
const piText = "Raspberry Pi Boot"

// pis finds what goes wrong where Raspberry Pis, which call themselves x86 BIOS machines, and PCs are on one network:
// the line for the one is in the other's menu.
func (s *site) pis() {
	d := &s.cfg.DHCP
	forBIOS := func(m proxydhcp.Service) bool { return m.Arch == pxe.ArchX86BIOS }
	isLine := func(m proxydhcp.Service) bool { return forBIOS(m) && strings.Contains(m.Text, piText) }
	at := slices.IndexFunc(d.Services, isLine)
	if at >= 0 && at == slices.IndexFunc(d.Services, forBIOS) && len(d.Services[at].Tags) == 0 && s.forPCs() {
		s.found("pi-menu", d.Services[at].Rule, "PCs get the line %q too, and as their first, which has them boot their own disk: give it a tag of the Pis' addresses (%s)", piText,
			s.fix("dhcp-mac=set:pi,dc:a6:32:*:*:* and tag:pi", "{set: pi, mac: dc:a6:32:*:*:*} in tags, and tags: pi"))
	}
	if at < 0 && s.piTree() {
		s.passedOver()
	}
}

// forPCs tells whether something is meant for PCs with BIOS.
func (s *site) forPCs() bool {
	bios := func(name string) bool {
		return name != "" && s.platform(explain.File{Name: name, Ours: true}) == header.PlatformBIOS
	}
	return slices.ContainsFunc(s.cfg.DHCP.Services, func(m proxydhcp.Service) bool { return m.Arch == pxe.ArchX86BIOS && bios(m.FileFor(0)) }) ||
		slices.ContainsFunc(s.cfg.DHCP.Boot, func(b proxydhcp.Boot) bool { return bios(b.File) })
}

// passedOver finds a menu that a Raspberry Pi does not take for its own.
func (s *site) passedOver() {
	for _, x := range s.exchanges() {
		if isPi(x.client) && x.step.Reply != nil && len(x.step.Reply.Menu) > 0 && !slices.ContainsFunc(x.step.Reply.Menu, func(line string) bool { return strings.Contains(line, piText) }) {
			s.found("pi-menu", x.step.Rule, "the root has files of a Raspberry Pi, and Pis pass over this menu: they want a line of their own, %s", s.fix(
				`pxe-service=tag:pi,x86PC,"`+piText+`" with dhcp-mac=set:pi,dc:a6:32:*:*:*`, "{text: "+piText+", tags: pi} in menu, with {set: pi, mac: dc:a6:32:*:*:*} in tags"))
			return
		}
	}
}

// piTree tells whether the root has what a Raspberry Pi asks for first.
func (s *site) piTree() bool {
	return slices.ContainsFunc([]string{"bootcode.bin", "start4.elf", "start.elf"}, func(name string) bool { return s.head(name).size > 0 })
}
