package yaml

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"

	"github.com/goccy/go-yaml/ast"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/server/relay"
	"github.com/bootrig/bootrig/wire/pxe"
)

// document is the whole file. Its description never changes, so it is made once.
var document = sync.OnceValue(whole)

func whole() form[config.Config] {
	return object[config.Config]{fields: []field[config.Config]{
		key("interfaces", "which of the host's interfaces are served; without it all", interfaces(), func(c *config.Config) *config.Interfaces { return &c.Interfaces }),
		key("networks", "networks whose clients are told what to boot, beside the DHCP server that gives the addresses", list(proxyNetwork()), func(c *config.Config) *[]dhcp.Network { return &c.DHCP.Networks }),
		key("shared-networks", "networks on the wire of another, from whose ranges its clients are answered too", list(shared()), func(c *config.Config) *[]dhcp.SharedNetwork { return (*[]dhcp.SharedNetwork)(&c.DHCP.Shared) }),
		key("relays", "networks whose requests go to DHCP servers elsewhere", list(relayed()), func(c *config.Config) *[]relay.Relay { return (*[]relay.Relay)(&c.Relays) }),
		key("dhcp-ports", "other ports than 67 and 68, for tests", dhcpPorts(), func(c *config.Config) *dhcp.Ports { return &c.DHCP.Ports }),
		part("leases", "bootrig is the DHCP server of an isolated lab, and gives the addresses itself", leases(),
			func(c config.Config) lease.Config { c.Leases.Options = nil; return c.Leases },
			func(_ *reader, _ ast.Node, c *config.Config, v lease.Config) { c.Leases = v }),
		key("options", "what leases tell besides: routers, names, times", list(leaseOption()), func(c *config.Config) *[]lease.Option { return &c.Leases.Options }),
		part("tags", "who gets which tag; other entries are for those who have theirs", list(given()),
			func(c config.Config) []tagEntry { return tagEntries(c.DHCP.Policy) },
			func(_ *reader, _ ast.Node, c *config.Config, all []tagEntry) { addTags(&c.DHCP.Policy, all) }),
		part("hosts", "machines that are known", list(host()),
			func(c config.Config) []hostEntry { return hostEntries(c.DHCP.Policy.Hosts) },
			func(_ *reader, _ ast.Node, c *config.Config, all []hostEntry) { addHosts(c, all) }),
		key("ignore", "whom to leave alone", list(ignore()), func(c *config.Config) *[]policy.Ignore { return &c.DHCP.Policy.Ignores }),
		key("ignore-client-id", "machines are told apart by their hardware address only", boolean(), func(c *config.Config) *bool { return &c.DHCP.Policy.IgnoreClientID }),
		key("vendors", "vendor classes (option 60) that are answered, in the place of PXEClient", list(text()), func(c *config.Config) *[]string { return &c.DHCP.Vendors }),
		part("boot", "which file to boot; the last entry that fits wins, those with tags before those without", list(boot()),
			func(c config.Config) []proxydhcp.Boot { return c.DHCP.Boot },
			func(_ *reader, _ ast.Node, c *config.Config, all []proxydhcp.Boot) {
				c.DHCP.Boot = append(all, c.DHCP.Boot...)
			}),
		part("offers", "how much an OFFER says; the last entry that fits wins", list(offer()),
			func(c config.Config) []proxydhcp.Offer { return c.DHCP.Offers },
			func(_ *reader, _ ast.Node, c *config.Config, all []proxydhcp.Offer) {
				c.DHCP.Offers = append(all, c.DHCP.Offers...)
			}),
		part("vendor-options", "parts of option 43 as they are, before the prompts of the menu", list(vendorOption()), vendorOptions, addVendorOptions),
		part("menu", "the boot menu of PXE", menu(), menuOf, addMenu),
		key("delays", "answers that wait, for DHCP servers that should be first", list(delay()), func(c *config.Config) *[]proxydhcp.Delay { return &c.DHCP.Delays }),
		key("media", "what was downloaded, to be booted as it is by every firmware; then nothing else need be said", media(), func(c *config.Config) *config.Media { return &c.Media }),
		key("tftp", "the TFTP server", tftp(), func(c *config.Config) *config.TFTP { return &c.TFTP }),
		key("http", "the HTTP server", http(), func(c *config.Config) *config.HTTP { return &c.HTTP }),
	}}.form()
}

// together looks at what the entries say together.
func (r *reader) together(c *config.Config) {
	c.DHCP.Policy.Index()
	r.mistakes = append(r.mistakes, c.DHCP.Check()...)
	owner := map[netip.Addr]string{}
	for _, h := range c.DHCP.Policy.Hosts {
		if other := owner[h.Addr]; h.Addr.IsValid() && other != "" {
			r.mistakes = append(r.mistakes, fmt.Errorf("%s: the address %s is that of another host, %s: give it to one of the two", h.Rule, h.Addr, other))
		}
		owner[h.Addr] = h.Rule
	}
	notice := func(rule, text string) {
		c.Notices = append(c.Notices, config.Notice{Rule: rule, Text: text})
	}
	leased := func(o lease.Option) bool { return !o.PXE }
	if i := slices.IndexFunc(c.Leases.Options, leased); i >= 0 && len(c.Leases.Ranges) == 0 {
		notice(c.Leases.Options[i].Rule, "options is what leases tell, and without leases: ranges there are none")
	}
	switch proxy, gives := c.DHCP.Networks, c.Leases.Ranges; {
	case len(c.Media.Paths) > 0: // they say all that is missing
	case len(c.DHCP.Boot)+len(c.DHCP.Services) > 0 && len(proxy)+len(gives) == 0:
		notice(r.name, "there is neither networks nor leases, so no DHCP client is answered")
	case len(c.DHCP.Boot)+len(c.DHCP.Services) > 0, len(gives) > 0 && c.Leases.Names(pxe.OptBootFile):
	case len(gives) > 0:
		notice(gives[0].Rule, "neither boot nor menu says what to boot, so clients get addresses only")
	case len(proxy) > 0:
		notice(proxy[0].Rule, "neither boot nor menu says what to boot, so no client is answered")
	}
}
