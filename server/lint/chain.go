package lint

import (
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/media/header"
)

// chain follows a program that machines are told to boot to what it loads.
func (s *site) chain(boot config.BootFile) {
	switch p := s.head(boot.Name); p.Kind {
	case header.PXELINUX, header.LPXELINUX, header.SyslinuxEFI:
		s.pxelinux(boot)
	case header.Shim, header.GRUB:
		if name, core, ok := s.grubOf(boot); ok {
			s.house(boot, name, core)
			s.grub(boot, name, core)
		}
	case header.EFI:
		s.esxi(boot)
	}
}

// grubOf is the GRUB that a program is, or that a shim loads, with its name.
func (s *site) grubOf(boot config.BootFile) (name string, core header.Core, ok bool) {
	name = boot.Name
	p := s.head(name)
	if p.Kind == header.Shim {
		next := header.Second(p.data, name)
		if next == "" {
			return "", core, false
		}
		if p = s.head(next); !p.there() || p.size == 0 {
			s.found("shim-second", boot.Rule, "%s is a shim and loads %s, which is missing: put the loader that it is signed for there%s", name, next, s.like(next))
			return "", core, false
		}
		if !p.UEFI || p.CPU != s.head(name).CPU {
			s.found("shim-second", boot.Rule, "%s is a shim for %s and loads %s, which is no program for it%s: put the loader that it is signed for there", name, s.head(name).CPU, next, p.but())
		}
		name = next
	}
	return name, header.CoreOf(p.data), p.Kind == header.GRUB
}

// device cuts the device off a name of GRUB's: (tftp,192.168.9.2)/grub.
func device(name string) (dev, rest string) {
	if inside, ok := strings.CutPrefix(name, "("); ok {
		if dev, rest, ok := strings.Cut(inside, ")"); ok {
			return dev, rest
		}
	}
	return "", name
}

// house finds a GRUB that asks the DHCP server beside us for its files: one that nobody told a server takes the
// siaddr of the lease, and nothing that a proxy says changes it.
func (s *site) house(boot config.BootFile, name string, core header.Core) {
	dev, _ := device(core.Prefix)
	kind, server, _ := strings.Cut(dev, ",")
	told := server != "" || strings.Contains(core.Config, "net_default_server") || strings.Contains(core.Config, "(tftp,") || strings.Contains(core.Config, "(http,")
	if told || kind != "" && kind != "tftp" && kind != "http" && kind != "pxe" || !s.proxy() {
		return
	}
	which := name + " is a GRUB that asks"
	if name != boot.Name {
		which = name + ", the GRUB that " + boot.Name + " loads, asks"
	}
	s.found("grub-house", boot.Rule, "%s the DHCP server beside us for its grub.cfg, and not us: where the siaddr of leases is not ours it stops at its grub> prompt; give these machines iPXE, or a GRUB made with grub-mkimage -p '(tftp,ADDRESS)/grub'", which)
}

// grubTree tells whether the files of a device of GRUB's are those that TFTP serves.
func (s *site) grubTree(dev string) bool {
	kind, server, _ := strings.Cut(dev, ",")
	switch kind {
	case "", "pxe", "tftp", netRoot:
	case "http":
		if s.cfg.HTTP.Port == 0 || s.cfg.HTTP.Dir != "" {
			return false
		}
	default:
		return false // a disk
	}
	addr, err := netip.ParseAddr(server)
	return server == "" || err == nil && s.near(addr)
}

// near tells whether an address is ours: one of the links', or where they are not known one in a network that is
// served, as ours is.
func (s *site) near(addr netip.Addr) bool {
	if len(s.links) > 0 {
		return slices.ContainsFunc(s.links, func(l dhcp.Link) bool { return l.Prefix.Addr() == addr })
	}
	for _, t := range s.stories() {
		if t.link.Prefix.Masked().Contains(addr) {
			return true
		}
	}
	return false
}

// besideOf is a name beside another file's.
func besideOf(file, name string) string { return path.Join(path.Dir(file), name) }
