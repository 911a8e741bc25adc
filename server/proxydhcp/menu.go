package proxydhcp

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/pxe"
)

// menu makes option 43 from the services for a client, in dnsmasq's order (rfc2131.c, pxe_opts;
// capture A, frame 2), and says how many of them it holds. Old ROMs do not put an option together from
// parts, so what does not fit 255 bytes is left out from the end.
func menu(said pxe.SubOptions, services []Service, self netip.Addr) (pxe.SubOptions, int) {
	for n := len(services); ; n-- {
		subs := merge(menuOf(services[:n], self), said)
		if n == 0 || subs.Size() <= 255 {
			return subs, n
		}
	}
}

// roomy is what most menus fit.
const roomy = 64

func menuOf(services []Service, self netip.Addr) pxe.SubOptions {
	// As dnsmasq: no multicast, and broadcast only helps where no server is known.
	control := pxe.NoBroadcast | pxe.NoMulticast
	var items, servers []byte
	if len(services) > 0 {
		b := make([]byte, 0, 2*roomy)
		items, servers = b[:0:roomy], b[roomy:roomy]
	}
	for _, s := range services {
		items = pxe.AppendMenuItem(items, pxe.MenuItem{Type: s.Type, Text: s.Text})
		server := s.Server
		if s.File != "" {
			server = self // the boot item is asked of us, whoever serves the file
		}
		switch {
		case server.IsValid():
			servers = pxe.AppendBootServers(servers, pxe.BootServers{Type: s.Type, Addrs: []netip.Addr{server}})
		case s.Type != pxe.TypeLocalBoot:
			control = pxe.NoMulticast
		}
	}
	if len(services) == 0 {
		control = pxe.UseFile
	}
	subs := append(make(pxe.SubOptions, 0, 4),
		pxe.SubOption{Code: pxe.SubDiscoveryControl, Value: []byte{byte(control)}},
		pxe.SubOption{Code: pxe.SubMenuPrompt, Value: defaultPrompt(len(services)).Bytes()})
	if len(servers) > 0 {
		subs = append(subs, pxe.SubOption{Code: pxe.SubBootServers, Value: servers})
	}
	if len(items) > 0 {
		subs = append(subs, pxe.SubOption{Code: pxe.SubBootMenu, Value: items})
	}
	return subs
}

// defaultPrompt waits for a key if there is a choice. Without any prompt iPXE would show the menu and
// wait for ever (pxemenu.c).
func defaultPrompt(items int) pxe.Prompt {
	if items > 1 {
		return pxe.Prompt{Seconds: pxe.NoTimeout, Text: "PXE"}
	}
	return pxe.Prompt{Text: "PXE"}
}

// subOptions are the parts of option 43 that the configuration says itself, the last line first, as
// they stand in dnsmasq's answers.
func (c *Config) subOptions(client *client) pxe.SubOptions {
	said, _ := c.said(string(client.Packet.Options[pxe.OptVendorClass]), client.tags)
	return said
}

// said are the sub-options for a vendor class and tags. Leases carry them unasked if one is forced.
func (c *Config) said(class string, tags policy.Tags) (said pxe.SubOptions, force bool) {
	for _, o := range slices.Backward(c.SubOptions) {
		meant := strings.Contains(class, o.Class)
		switch {
		case o.Any:
			meant = class != ""
		case o.Class == "":
			meant = c.vendorIn(class)
		}
		if !meant || !o.Tags.Met(tags) {
			continue
		}
		force = force || o.Force
		if _, again := said.Get(o.Code); !again {
			said = append(said, o.SubOption)
		}
	}
	return said, force
}

// merge puts what the configuration says behind what is made, and in the place of it: dnsmasq sends
// both, and clients differ in which they believe.
func merge(made, said pxe.SubOptions) pxe.SubOptions {
	if len(said) == 0 {
		return made
	}
	made = slices.DeleteFunc(made, func(s pxe.SubOption) bool {
		_, replaced := said.Get(s.Code)
		return replaced
	})
	return append(made, said...)
}

// vendor is the class to repeat to a client that sent option 60 as class; "" is a client not ours.
// HTTPClient is ours without being told so once a Boot is for its architectures.
func (c *Config) vendor(class string) string {
	if len(c.Vendors) == 0 && strings.HasPrefix(class, pxe.PXEClient) { // as nearly always
		return pxe.PXEClient
	}
	for _, v := range slices.Backward(c.Vendors) {
		if strings.HasPrefix(class, v) {
			return v
		}
	}
	if strings.HasPrefix(class, pxe.HTTPClient) && slices.ContainsFunc(c.Boot, Boot.http) {
		return pxe.HTTPClient
	}
	return ""
}

// vendorIn tells whether class has one of the vendors anywhere in it (rfc2131.c, match_vendor_opts).
func (c *Config) vendorIn(class string) bool {
	return slices.ContainsFunc(c.vendors(), func(v string) bool { return strings.Contains(class, v) })
}

func (c *Config) vendors() []string {
	if len(c.Vendors) == 0 {
		return []string{pxe.PXEClient}
	}
	return c.Vendors
}
