package proxydhcp

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/internal/event"
	"github.com/bootrig/bootrig/internal/pxe"
)

// proxy answers a DISCOVER, or a REQUEST on port 4011 that names no boot item.
func proxy(cfg *Config, c client) Decision {
	asked := kind(c.Request)
	arch, typed := c.arch()
	if !typed {
		return silence(asked, BuiltIn, "no client architecture (option 93)")
	}
	network, ours := cfg.rangeFor(c.Request)
	if !ours {
		return cfg.noRange(c.Request, asked)
	}
	services := cfg.services(arch)
	boot, bootable := cfg.boot(arch)
	if len(services) == 0 && !bootable {
		return silence(asked, network.Rule, fmt.Sprintf("no boot file and no menu for architecture %s", arch))
	}
	a := c.answer()
	if asked == event.Discover || a.packet.ClientIPAddr.IsUnspecified() {
		a.packet.Flags |= pxe.BroadcastFlag
	}
	if service, only := onlyFile(arch, services); only {
		return uefi(a, c, service)
	}
	if bootable {
		a.file(boot.File, boot.Server)
		a.rule, a.reason = boot.Rule, "boot file"
	}
	a.menu(cfg, arch, services)
	return a.decision(asked)
}

// menu shows the services. UEFI firmware whose offer has no option 43 asks on port 4011 (EDK2,
// PxeBcBoot.c), and dnsmasq shows it menus only there.
func (a *answer) menu(cfg *Config, arch pxe.Arch, services []Service) {
	later := arch.UEFI() && a.to.Port != pxe.PortBootServer
	shown := 0
	if !later {
		var subs pxe.SubOptions
		subs, shown = menu(cfg, services, a.to.Link.Prefix.Addr())
		a.vendor(subs)
	}
	switch {
	case len(services) == 0:
		return
	case later:
		a.reason = "the menu is on port 4011"
	case shown < len(services):
		a.reason = fmt.Sprintf("a menu of %d (of %d: more do not fit option 43)", shown, len(services))
	default:
		a.reason = fmt.Sprintf("a menu of %d", shown)
	}
	a.rule = services[0].Rule
}

// onlyFile is the one file of a UEFI client's menu. UEFI shows menus badly, so where there is no choice
// dnsmasq makes it for the client (rfc2131.c, pxe_uefi_workaround).
func onlyFile(arch pxe.Arch, services []Service) (Service, bool) {
	var found []Service
	for _, s := range services {
		if s.File != "" {
			found = append(found, s)
		}
	}
	if !arch.UEFI() || len(found) != 1 {
		return Service{}, false
	}
	return found[0], true
}

// uefi sends a UEFI client to port 4011, and there to its file. Server name and siaddr say the same.
func uefi(a *answer, c client, service Service) Decision {
	a.rule, a.reason = service.Rule, "its file is on port 4011"
	if c.Port == pxe.PortBootServer {
		a.file(service.FileFor(0), service.Server)
		a.packet.ServerHostName = a.packet.ServerIPAddr.String()
		a.reason = "boot file"
	}
	return a.decision(kind(c.Request))
}

// bootItem answers a client that chose from the menu (PXE 2.1 section 2.2.4; capture A, frames 17 and 18).
func bootItem(cfg *Config, c client) Decision {
	const asked = event.BootRequest
	want, _ := item(c.Packet)
	if want.Layer&pxe.CredentialsWanted != 0 {
		return silence(asked, BuiltIn, fmt.Sprintf("boot item %s with credentials: signed boot files (BIS) are not supported", want))
	}
	i := slices.IndexFunc(cfg.Services, func(s Service) bool { return s.Type == want.Type })
	if i < 0 {
		return silence(asked, BuiltIn, fmt.Sprintf("boot item %s is not in any menu", want))
	}
	service := cfg.Services[i]
	if service.File == "" {
		return silence(asked, service.Rule, fmt.Sprintf("boot item %s is another boot server's", want))
	}
	ciaddr, _ := netip.AddrFromSlice(c.Packet.ClientIPAddr.To4())
	if !cfg.holds(c.Link, ciaddr) {
		return silence(asked, service.Rule, fmt.Sprintf("no dhcp-range holds the client's address %s", ciaddr))
	}
	a := c.answer()
	// As dnsmasq: the client's address moves to yiaddr. iPXE insists on 43.71 coming back.
	a.packet.YourIPAddr, a.packet.ClientIPAddr = a.packet.ClientIPAddr, zero()
	a.file(service.FileFor(want.Layer), service.Server)
	a.vendor(pxe.SubOptions{{Code: pxe.SubBootItem, Value: want.Bytes()}})
	a.rule, a.reason = service.Rule, "boot item "+want.String()
	return a.decision(asked)
}

// holds tells whether addr is in a range that is ours on this link.
func (c *Config) holds(link Link, addr netip.Addr) bool {
	for _, r := range c.Ranges {
		if r.network(link).Contains(addr) {
			return true
		}
	}
	return false
}

func replyType(asked event.Kind) dhcpv4.MessageType {
	if asked == event.Discover {
		return dhcpv4.MessageTypeOffer
	}
	return dhcpv4.MessageTypeAck
}
