package explain

import (
	"cmp"
	"maps"
	"net/netip"
	neturl "net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/proxydhcp"
	"github.com/bootrig/bootrig/server/relay"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A conversation is a Story in the making.
type conversation struct {
	client Client
	link   dhcp.Link
	relays relay.Relays // that take what comes by link
	http   config.HTTP  // what we serve
	serves func(dhcp.Request) bool
	decide func(dhcp.Request) dhcp.Decision
	story  Story
	has    netip.Addr // the client's address after its lease
}

// A Teller tells what many clients get of one configuration, which is not to change meanwhile. It is for one
// goroutine.
type Teller struct {
	cfg    *config.Config
	leases *lease.Server // nil: with each client's own leases
}

// New makes a Teller.
func New(cfg *config.Config) *Teller {
	t := &Teller{cfg: cfg}
	if len(cfg.Leases.Ranges) == 0 { // nobody leaves anything behind
		t.leases = lease.New(&cfg.Leases, &cfg.DHCP, nil)
	}
	return t
}

// Explain asks all that a client on a link asks. The link need not be one of this host: see Links.
func Explain(cfg *config.Config, link dhcp.Link, client Client) Story {
	return New(cfg).Explain(link, client)
}

// Explain is the same, of the Teller's configuration. Each client finds the server as it is when it starts: nobody has
// a lease.
func (t *Teller) Explain(link dhcp.Link, client Client) Story {
	cfg, leases := t.cfg, t.leases
	if leases == nil {
		leases = lease.New(&cfg.Leases, &cfg.DHCP, nil)
	}
	decide := func(req dhcp.Request) dhcp.Decision { return leases.Decide(time.Time{}, req) }
	c := &conversation{client: client, link: link, http: cfg.HTTP, decide: decide, serves: leases.Serves, has: client.IP}
	if client.Interface != "" {
		c.link.Name = client.Interface
	}
	c.story.Client, c.story.Link = client.String(), c.link.Prefix.String()
	c.story.secure = client.Secure
	if c.link.Name != "" {
		c.story.Link = c.link.Name + " " + c.story.Link
	}
	for _, r := range slices.Backward(cfg.Relays) { // in the order that servers are asked in
		if r.Local == link.Prefix.Addr() {
			c.relays = append(c.relays, r)
		}
	}
	c.tags(cfg)
	c.talk()
	return c.story
}

func (c *conversation) tags(cfg *config.Config) {
	all := cfg.DHCP
	all.Networks = slices.Concat(all.Networks, cfg.Leases.Networks()) // a host's address may be there
	tags := proxydhcp.Tags(&all, c.request(c.discover(), pxe.PortDHCPServer))
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		c.story.Tags = append(c.story.Tags, Tag{name, tags[name]})
	}
}

// talk goes through the conversations of PXE 2.1 section 2.2, as far as the client's firmware would.
func (c *conversation) talk() {
	offer := c.ask("DISCOVER", c.discover(), pxe.PortDHCPServer)
	if offer == nil {
		return
	}
	told := offer
	if !offer.YourIPAddr.IsUnspecified() {
		if told = c.lease(offer); told == nil {
			return
		}
	}
	if !c.client.http() && c.asksOn(told) {
		told = c.ask("REQUEST", c.client.packet(dhcpv4.MessageTypeRequest, c.address()), pxe.PortBootServer)
	}
	switch {
	case told == nil:
	case len(told.menu()) > 0:
		c.choose(told)
	default:
		c.fetch(told)
	}
}

// lease takes the address of an offer (RFC 2131 section 3.1).
func (c *conversation) lease(offer *packet) *packet {
	p := c.client.packet(dhcpv4.MessageTypeRequest, netip.Addr{})
	c.client.relayed(p)
	p.Options[pxe.OptRequestedAddress] = offer.YourIPAddr.To4()
	p.Options[pxe.OptServerID] = offer.Options[pxe.OptServerID]
	c.has, _ = netip.AddrFromSlice(offer.YourIPAddr.To4())
	return c.ask("REQUEST of the address", p, pxe.PortDHCPServer)
}

func (c *conversation) discover() *dhcpv4.DHCPv4 {
	p := c.client.packet(dhcpv4.MessageTypeDiscover, netip.Addr{})
	c.client.relayed(p)
	return p
}

// asksOn tells whether an offer sends the client to port 4011: iPXE if it lacks a file and a menu (dhcp.c,
// dhcp_has_pxeopts), EDK2 and the ROMs before it if it lacks option 43 too (PxeBcDhcp4.c). A lease that
// does not call itself a PXE server's (option 60) is taken as it is.
func (c *conversation) asksOn(offer *packet) bool {
	if !offer.YourIPAddr.IsUnspecified() && len(offer.Options[pxe.OptVendorClass]) == 0 {
		return false
	}
	if c.client.IPXE {
		return offer.BootFileName == "" && len(offer.menu()) == 0
	}
	_, vendor := offer.Options[pxe.OptVendorSpecific]
	return !vendor
}

// choose asks for each line of a menu.
func (c *conversation) choose(told *packet) {
	all := told.menu()
	for _, line := range all {
		if line.Type == pxe.TypeLocalBoot {
			if len(all) == 1 {
				c.story.Local = told.rule
			}
			continue
		}
		item := pxe.SubOptions{{Code: pxe.SubBootItem, Value: pxe.BootItem{Type: line.Type}.Bytes()}}
		p := c.client.packet(dhcpv4.MessageTypeRequest, c.address())
		p.Options[pxe.OptVendorSpecific], _ = item.Bytes()
		if reply := c.ask("REQUEST for boot item "+line.Text, p, pxe.PortBootServer); reply != nil {
			c.fetch(reply)
		}
	}
}

// address is the client's once it has one: told, given, or made up in its network.
func (c *conversation) address() netip.Addr {
	switch {
	case c.has.IsValid():
		return c.has
	case c.client.Relay.IsValid():
		return c.client.Relay.Next()
	}
	return c.link.Prefix.Addr().Next()
}

func (c *conversation) request(p *dhcpv4.DHCPv4, port uint16) dhcp.Request {
	src := netip.AddrPortFrom(netip.IPv4Unspecified(), pxe.PortDHCPClient)
	switch edk2 := c.client.Arch.UEFI() && !c.client.IPXE; {
	case c.client.Relay.IsValid() && port == pxe.PortDHCPServer:
		src = netip.AddrPortFrom(c.client.Relay, pxe.PortDHCPServer)
	case port == pxe.PortBootServer && edk2: // capture B, frame 11
		src = netip.AddrPortFrom(c.address(), pxe.PortBootServer)
	case port == pxe.PortBootServer: // capture A, frame 17
		src = netip.AddrPortFrom(c.address(), pxe.PortDHCPClient)
	}
	marks := map[string]string{}
	for _, tag := range c.client.Tags {
		marks[tag] = "bootrig machines"
	}
	return dhcp.Request{Link: c.link, Port: port, Src: src, Packet: p, Marks: marks}
}

// ask puts one question and keeps the answer.
func (c *conversation) ask(what string, p *dhcpv4.DHCPv4, port uint16) *packet {
	req := c.request(p, port)
	also := c.serves(req)
	for _, r := range c.relays {
		reason := "all DHCP at the interface of " + r.Local.String() + " is passed on"
		if !also {
			reason += ", and no dhcp-range is for it"
		}
		c.story.Steps = append(c.story.Steps, Step{Asked: what, Rule: r.Rule, Silent: true, Relay: r.To(), Reason: reason})
	}
	if len(c.relays) > 0 && !also {
		return nil
	}
	d := c.decide(req)
	step := Step{Asked: what, Rule: d.Rule, Reason: d.Reason, Silent: true}
	if port == pxe.PortBootServer {
		step.Asked += " to port 4011"
	}
	if d.Delay > 0 {
		step.Delay = d.Delay.Round(time.Millisecond).String()
	}
	if r := d.Reply; r != nil {
		step.packet = &packet{DHCPv4: r.Packet, rule: d.Rule}
		step.Reply, step.Silent = decode(step.packet, r.Dst), false
	}
	c.story.Steps = append(c.story.Steps, step)
	return step.packet
}

// fetch notes the file of an answer.
func (c *conversation) fetch(p *packet) {
	name := p.BootFileName
	if name == "" { // leases have it in option 67
		name = text(p.Options[pxe.OptBootFile])
	}
	if name == "" {
		return
	}
	if name == proxydhcp.ToOurselves(proxydhcp.Nowhere, c.link.Prefix.Addr()) {
		c.story.Local = p.rule
		return
	}
	server, _ := netip.AddrFromSlice(p.ServerIPAddr.To4())
	file := File{Name: name, Server: server, Rule: p.rule}
	file.Ours = server == c.link.Prefix.Addr() && !url(file.Name)
	if name, byHTTP := c.byHTTP(file.Name); byHTTP {
		file.path = name
	} else if file.Ours {
		file.path = file.Name
	}
	same := func(f File) bool { return f.Name == file.Name && f.Server == file.Server && f.Rule == file.Rule }
	if !slices.ContainsFunc(c.story.Files, same) {
		c.story.Files = append(c.story.Files, file)
	}
}

// byHTTP is the name in our tree of a URI that leads there.
func (c *conversation) byHTTP(uri string) (name string, ours bool) {
	u, err := neturl.Parse(uri)
	if err != nil || u.Scheme != "http" || c.http.Port == 0 || c.http.Dir != "" {
		return "", false
	}
	const usual = "80"
	addr, err := netip.ParseAddr(u.Hostname())
	return strings.TrimLeft(u.Path, "/"), err == nil && addr == c.link.Prefix.Addr() && cmp.Or(u.Port(), usual) == strconv.Itoa(int(c.http.Port))
}
