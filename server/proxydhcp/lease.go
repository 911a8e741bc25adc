package proxydhcp

import (
	"slices"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/pxe"
)

// A Booting is what a lease says of booting: what a proxy would say, in the same packet as the address.
type Booting struct {
	Boot       Boot           // its File is the one for this client
	Bootable   bool           // there is a Boot
	Vendor     string         // of a PXE client, option 60 of the answer; "": this is none, or there are no menus
	MachineID  []byte         // option 97 of the answer
	SubOptions pxe.SubOptions // option 43, for those who ask for it
	Force      bool           // or for everybody
	Menu       string         // the Rule of the menu's first line
	Delay      time.Duration
}

// Booting finds what a lease for the sender of req says, who has tags. class is the vendor class whose
// sub-options are meant: that of the client, unless option 60 of the answer is another.
func (c *Config) Booting(req dhcp.Request, class string, tags policy.Tags) Booting {
	cl := &client{Request: req, vendor: c.vendor(string(req.Packet.Options[pxe.OptVendorClass])), tags: tags}
	arch, typed := cl.arch()
	if !typed {
		arch = noArch
	}
	var b Booting
	if b.Boot, b.Bootable = c.boot(cl, arch); b.Bootable {
		b.Boot.File = b.Boot.fileFor(cl)
	}
	if b.Boot.Local {
		return c.local(cl, b)
	}
	if d, ok := policy.Choose(c.Delays, func(d Delay) policy.Wants { return d.Tags }, tags); ok {
		b.Delay = d.Wait
	}
	b.SubOptions, b.Force = c.said(class, tags)
	if !c.KnowsPXE(req.Packet) {
		return b
	}
	b.Vendor = cl.vendor
	if id := req.Packet.Options[pxe.OptMachineID]; len(id) >= machineID {
		b.MachineID = id[:machineID]
	}
	services := c.services(cl, arch)
	if len(services) > 0 {
		b.Menu = services[0].Rule
	}
	if _, only := onlyFile(arch, services); !only {
		b.SubOptions, _ = menu(b.SubOptions, services, req.Link.Prefix.Addr())
	}
	return b
}

// local is what a lease says to a machine that is to boot its own disk. Who does not boot is told nothing.
func (c *Config) local(cl *client, b Booting) Booting {
	self := cl.Link.Prefix.Addr()
	switch b.Vendor = cl.vendor; b.Vendor {
	case "":
		b.Bootable = false
	case pxe.HTTPClient:
		b.Boot.File = ToOurselves(Nowhere, self)
	default:
		b.SubOptions, b.Force = localBoot(self), true
	}
	return b
}

// KnowsPXE tells whether a lease treats the sender as a PXE client.
func (c *Config) KnowsPXE(packet *dhcpv4.DHCPv4) bool {
	_, typed := pxe.FirstArch(packet.Options[pxe.OptClientArch])
	return typed && c.vendor(string(packet.Options[pxe.OptVendorClass])) != "" && c.Menus()
}

// noArch is an architecture that no client has.
const noArch = pxe.Arch(0xffff)

// Menus tells whether there is any menu. In leases dnsmasq knows PXE clients only then (option.c,
// enable_pxe), and a boot file goes out without options 43 and 60.
func (c *Config) Menus() bool {
	prompt := func(o SubOption) bool { return o.Class == "" && !o.Any }
	return len(c.Services) > 0 || slices.ContainsFunc(c.SubOptions, prompt)
}
