package proxydhcp

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// Decide says what a request deserves. The order of its questions is dnsmasq's (rfc2131.c, dhcp_reply).
func Decide(cfg *Config, req dhcp.Request) dhcp.Decision {
	asked := kind(req)
	packet := req.Packet
	if packet.OpCode != dhcpv4.OpcodeBootRequest {
		return dhcp.Silence(asked, event.BuiltIn, "an answer of another server")
	}
	class := string(packet.Options[pxe.OptVendorClass])
	vendor := cfg.vendor(class)
	switch {
	case class == "":
		return dhcp.Silence(asked, event.BuiltIn, "no vendor class (option 60): not a netboot client")
	case vendor == "" && pxe.ParseVendorClass([]byte(class)).Name == pxe.HTTPClient:
		return dhcp.Silence(asked, event.BuiltIn, "UEFI HTTP boot is not configured: no boot file is for such clients")
	case vendor == "":
		return dhcp.Silence(asked, event.BuiltIn, fmt.Sprintf("vendor class %q: not a PXE client%s", class, letIn(class)))
	}
	switch asked {
	case event.BootRequest, event.Discover, event.ProxyRequest:
	case event.Request:
		usual := dhcp.Silence(asked, event.BuiltIn, "a DHCPREQUEST on port 67 is for the DHCP server that gives the address")
		usual.Usual = true
		return usual
	default:
		return dhcp.Silence(asked, event.BuiltIn, fmt.Sprintf("%s is not for a proxy", packet.MessageType()))
	}
	networks := cfg.networks(req)
	if len(networks) == 0 {
		return cfg.nowhere(req)
	}
	client := cfg.client(req, vendor, networks)
	switch {
	case client.known.Ignore != "":
		return dhcp.Ignored(asked, client.known.Ignore, client.known.Reason)
	case asked == event.BootRequest:
		return bootItem(cfg, client)
	}
	return proxy(cfg, client)
}

// A client is a request whose sender is ours to answer.
type client struct {
	dhcp.Request
	vendor   string
	networks []dhcp.Network // those it may be answered from
	ports    dhcp.Ports
	known    policy.Result
	tags     policy.Tags // known.Tags, and that of the network in the end
}

func (c *Config) client(req dhcp.Request, vendor string, networks []dhcp.Network) *client {
	cl := &client{Request: req, vendor: vendor, networks: networks, ports: c.Ports}
	cl.known = c.Policy.Evaluate(policy.Client{Interface: cl.Link.Name, Packet: cl.Packet, In: cl.In(), Marks: cl.Marks, Here: cl.here})
	cl.tags = cl.known.Tags
	return cl
}

// here tells whether an address is in one of the networks that the client may be answered from.
func (c *client) here(addr netip.Addr) bool {
	return slices.ContainsFunc(c.networks, func(n dhcp.Network) bool { return n.Prefix(c.Link).Contains(addr) })
}

// arch is the client's architecture.
func (c *client) arch() (pxe.Arch, bool) { return pxe.FirstArch(c.Packet.Options[pxe.OptClientArch]) }

// kind tells the conversations of PXE 2.1 section 2.2 from those of DHCP.
func kind(req dhcp.Request) event.Kind {
	asked := dhcp.Asked(req.Packet)
	if asked != event.Request && asked != event.Inform {
		return asked
	}
	if _, ok := dhcp.BootItem(req.Packet); ok {
		return event.BootRequest
	}
	if asked == event.Request && req.Port == pxe.PortBootServer {
		return event.ProxyRequest
	}
	return asked
}

// letIn says how a netboot client is let in that calls itself something else: U-Boot asks as U-Boot.armv8 and so on
// (doc/README.pxe; siderolabs and armbian labs have it).
func letIn(class string) string {
	const uboot = "U-Boot"
	if len(class) < len(uboot) || !strings.EqualFold(class[:len(uboot)], uboot) {
		return ""
	}
	return ", but dhcp-pxe-vendor=PXEClient," + class[:len(uboot)] + " lets it in (vendors in a bootrig.yaml)"
}
