package dnsmasq

import (
	"slices"

	"github.com/bootrig/bootrig/internal/pxe"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/proxydhcp"
)

// The rules of server/lint that are about what dnsmasq itself would do with the file.
const (
	dnsmasqSilent = "dnsmasq-silent"
	siaddrZero    = "siaddr-zero"
)

// trap notes what bootrig does better than dnsmasq would, for whoever takes the file back there.
func (r *reader) trap(id, rule, text string) {
	r.cfg.Notices = append(r.cfg.Notices, config.Notice{Rule: rule, Text: text, ID: id})
}

// traps finds what dnsmasq would not do as it was meant (differences.go: boot-only, siaddr).
func (r *reader) traps() {
	dhcp := &r.cfg.DHCP
	bios := slices.ContainsFunc(dhcp.Services, func(s proxydhcp.Service) bool { return s.Arch == pxe.ArchX86BIOS })
	switch {
	case len(dhcp.Services) == 0 && !r.seen["pxe-prompt"]:
		r.trap(dnsmasqSilent, dhcp.Ranges[0].Rule,
			"dnsmasq would answer nobody: it wants a pxe-service or pxe-prompt line beside dhcp-boot; bootrig answers")
	case !bios:
		for _, b := range dhcp.Boot {
			if !b.Server.IsValid() {
				r.trap(siaddrZero, b.Rule, "dnsmasq would send BIOS machines siaddr 0 with "+b.File+", which iPXE drops; bootrig sends its own address, "+
					"dnsmasq does for dhcp-boot="+b.File+",,ADDRESS or a pxe-service=x86PC line")
			}
		}
	}
}
