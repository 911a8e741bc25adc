package lint

import (
	"slices"

	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

// onlyFiles finds what UEFI clients never see because their menu has one file, which they get at once
// (proxydhcp, onlyFile): its other lines, and boot files for their architecture.
func (s *site) onlyFiles() {
	d := &s.cfg.DHCP
	if len(s.cfg.Leases.Ranges) > 0 {
		return
	}
	for _, file := range d.Services {
		same := func(m proxydhcp.Service) bool { return m.Arch == file.Arch && m.File != "" }
		if !file.Arch.UEFI() || file.File == "" || len(file.Tags) > 0 || countIf(d.Services, same) != 1 {
			continue
		}
		for _, m := range d.Services {
			if m.Arch == file.Arch && m.File == "" {
				s.found("hidden", m.Rule, "nobody sees %q: %s has the only file for %s clients, which they get at once", m.Text, file.Rule, file.Arch)
			}
		}
		for _, b := range d.Boot {
			if len(b.Tags) == 1 && s.only(b.Tags[0], file.Arch) {
				s.found("hidden", b.Rule, "%s is never sent: %s clients get %s of %s at once", b.File, file.Arch, file.File, file.Rule)
			}
		}
	}
}

// only tells whether a tag is given to clients of one architecture and to no others.
func (s *site) only(tag string, arch pxe.Arch) bool {
	p := &s.cfg.DHCP.Policy
	found := false
	for _, m := range p.Options {
		switch {
		case m.Tag != tag:
		case m.Code == pxe.OptClientArch && slices.Equal(m.Value.Bytes, []byte{byte(arch >> 8), byte(arch)}):
			found = true
		default:
			return false
		}
	}
	cfg := *s.cfg
	cfg.DHCP.Policy.Options = nil
	return found && !(&site{cfg: &cfg}).settable()[tag]
}

func countIf(services []proxydhcp.Service, fits func(proxydhcp.Service) bool) (n int) {
	for _, m := range services {
		if fits(m) {
			n++
		}
	}
	return n
}
