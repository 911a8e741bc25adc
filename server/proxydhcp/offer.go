package proxydhcp

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// proxy answers a DISCOVER, or a REQUEST on port 4011 that names no boot item.
func proxy(cfg *Config, c *client) dhcp.Decision {
	asked := kind(c.Request)
	arch, typed := c.arch()
	if !typed {
		return dhcp.Silence(asked, event.BuiltIn, "no client architecture (option 93)")
	}
	network, ours := c.network()
	if !ours {
		last := c.networks[len(c.networks)-1]
		return dhcp.Silence(asked, last.Rule, "the dhcp-range is for others: it wants "+last.Tags.Because(c.tags))
	}
	c.tags = c.known.With(network.Set, network.Rule)
	services := cfg.services(c, arch)
	boot, bootable := cfg.boot(c, arch)
	if len(services) == 0 && !bootable {
		return dhcp.Silence(asked, network.Rule, fmt.Sprintf("no boot file and no menu for architecture %s", arch))
	}
	a := c.answer()
	a.wait(cfg, c)
	if asked == event.Discover || a.packet.ClientIPAddr.IsUnspecified() {
		a.packet.Flags |= pxe.BroadcastFlag
	}
	offer := cfg.offer(c, arch)
	if asked == event.Discover && offer.Form == Redirect {
		a.because(offer.Rule, "everything is on port 4011", offer.Tags)
		return a.decision(asked)
	}
	if boot.Local {
		a.local(boot)
		return a.decision(asked)
	}
	if service, only := onlyFile(arch, services); only {
		return uefi(cfg, a, service, offer.Form)
	}
	if bootable {
		a.file(boot.fileFor(c), boot.Server)
		a.because(boot.Rule, boot.which("boot file"), boot.Tags)
	}
	a.menu(cfg, arch, services, offer.Form)
	return a.decision(asked)
}

// network is the first one that is for this client.
func (c *client) network() (dhcp.Network, bool) {
	for _, r := range c.networks {
		if !r.Leases && r.Tags.Met(c.known.Tags) {
			return r, true
		}
	}
	return dhcp.Network{}, false
}

// wait makes the answer come later, if that is wanted (rfc2131.c, apply_delay).
func (a *answer) wait(cfg *Config, c *client) {
	if d, ok := policy.Choose(cfg.Delays, func(d Delay) policy.Wants { return d.Tags }, c.tags); ok {
		a.delay = d.Wait
	}
}

// boot is the file for a client.
func (c *Config) boot(client *client, arch pxe.Arch) (Boot, bool) {
	// A file for all is a name for TFTP, of no use to those who fetch by HTTP because we want them to.
	named := client.vendor == pxe.HTTPClient && !slices.Contains(c.vendors(), pxe.HTTPClient)
	best := policy.Best(c.Boot, func(b *Boot) (policy.Wants, bool) {
		all := len(b.Archs) == 0 && (!named || b.Local)
		return b.Tags, all || slices.Contains(b.Archs, arch)
	}, client.tags)
	if best == nil {
		return Boot{}, false
	}
	return *best, true
}

// services are the menu's lines for a client.
func (c *Config) services(client *client, arch pxe.Arch) []Service {
	var fit []Service
	for i := range c.Services {
		if s := &c.Services[i]; s.Arch == arch && s.Tags.Met(client.tags) {
			fit = append(fit, *s)
		}
	}
	return fit
}

// menu shows the services. UEFI firmware whose offer has no option 43 asks on port 4011 (EDK2,
// PxeBcBoot.c), and dnsmasq shows it menus only there.
func (a *answer) menu(cfg *Config, arch pxe.Arch, services []Service, form Form) {
	later := arch.UEFI() && a.to.Port != pxe.PortBootServer && form != Direct
	shown := 0
	if !later {
		var subs pxe.SubOptions
		subs, shown = menu(cfg.subOptions(a.to), services, a.to.Link.Prefix.Addr())
		if len(services) == 0 && a.to.raspberryPi() {
			subs = forRaspberryPi(subs)
		}
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
		if a.to.raspberryPi() {
			a.reason += passedOver(services)
		}
	}
	a.rule = services[0].Rule
}

// onlyFile is the one file of a UEFI client's menu. UEFI shows menus badly, so where there is no choice
// dnsmasq makes it for the client (rfc2131.c, pxe_uefi_workaround).
func onlyFile(arch pxe.Arch, services []Service) (Service, bool) {
	if !arch.UEFI() {
		return Service{}, false
	}
	hasFile := func(s Service) bool { return s.File != "" }
	first := slices.IndexFunc(services, hasFile)
	if first < 0 || slices.ContainsFunc(services[first+1:], hasFile) {
		return Service{}, false
	}
	return services[first], true
}

// uefi sends a UEFI client to port 4011, and there to its file. sname is the server's name, or says what
// siaddr does. Direct does so at once, with an option 43 that says not to ask on.
func uefi(cfg *Config, a *answer, service Service, form Form) dhcp.Decision {
	asked := kind(a.to.Request)
	if a.to.Port != pxe.PortBootServer && form != Direct {
		a.because(service.Rule, "its file is on port 4011", service.Tags)
		return a.decision(asked)
	}
	if form == Direct {
		subs, _ := menu(cfg.subOptions(a.to), nil, a.to.Link.Prefix.Addr())
		a.vendor(subs)
	}
	a.file(service.FileFor(0), service.Server)
	a.packet.ServerHostName = cmp.Or(service.Name, a.packet.ServerIPAddr.String())
	a.because(service.Rule, "boot file", service.Tags)
	return a.decision(asked)
}

// bootItem answers a client that chose from the menu (PXE 2.1 section 2.2.4; capture A, frames 17 and 18).
func bootItem(cfg *Config, c *client) dhcp.Decision {
	const asked = event.BootRequest
	want, _ := dhcp.BootItem(c.Packet)
	if want.Layer&pxe.CredentialsWanted != 0 {
		return dhcp.Silence(asked, event.BuiltIn, fmt.Sprintf("boot item %s with credentials: signed boot files (BIS) are not supported", want))
	}
	i := slices.IndexFunc(cfg.Services, func(s Service) bool { return s.Type == want.Type })
	if i < 0 {
		return dhcp.Silence(asked, event.BuiltIn, fmt.Sprintf("boot item %s is not in any menu", want))
	}
	service := cfg.Services[i]
	if service.File == "" {
		return dhcp.Silence(asked, service.Rule, fmt.Sprintf("boot item %s is another boot server's", want))
	}
	if has := dhcp.ClientAddr(c.Packet); !c.holds(has) {
		return dhcp.Silence(asked, service.Rule, fmt.Sprintf("no dhcp-range holds the client's address %s", has))
	}
	a := c.answer()
	// As dnsmasq: the client's address moves to yiaddr. iPXE insists on 43.71 coming back.
	a.packet.YourIPAddr, a.packet.ClientIPAddr = a.packet.ClientIPAddr, zero()
	a.file(service.FileFor(want.Layer), service.Server)
	a.vendor(merge(pxe.SubOptions{{Code: pxe.SubBootItem, Value: want.Bytes()}}, cfg.subOptions(c)))
	a.rule, a.reason = service.Rule, "boot item "+want.String()
	return a.decision(asked)
}

// holds tells whether addr is in a network that is for this client.
func (c *client) holds(addr netip.Addr) bool {
	return slices.ContainsFunc(c.networks, func(n dhcp.Network) bool {
		return n.Tags.Met(c.known.Tags) && n.Prefix(c.Link).Contains(addr)
	})
}

func replyType(asked event.Kind) dhcpv4.MessageType {
	if asked == event.Discover {
		return dhcpv4.MessageTypeOffer
	}
	return dhcpv4.MessageTypeAck
}
