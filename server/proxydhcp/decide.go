package proxydhcp

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/server/policy"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// Decide says what a request deserves. The order of its questions is dnsmasq's (rfc2131.c, dhcp_reply).
func Decide(cfg *Config, req Request) Decision {
	asked := kind(req)
	packet := req.Packet
	if packet.OpCode != dhcpv4.OpcodeBootRequest {
		return silence(asked, BuiltIn, "an answer of another server")
	}
	class := string(option(packet, pxe.OptVendorClass))
	vendor := cfg.vendor(class)
	switch {
	case class == "":
		return silence(asked, BuiltIn, "no vendor class (option 60): not a netboot client")
	case vendor == "" && pxe.ParseVendorClass([]byte(class)).Name == pxe.HTTPClient:
		return silence(asked, BuiltIn, "UEFI HTTP boot is not configured: no boot file is for such clients")
	case vendor == "":
		return silence(asked, BuiltIn, fmt.Sprintf("vendor class %q: not a PXE client", class))
	}
	switch asked {
	case event.BootRequest, event.Discover, event.ProxyRequest:
	case event.Request:
		return silence(asked, BuiltIn, "a DHCPREQUEST on port 67 is for the DHCP server that gives the address")
	default:
		return silence(asked, BuiltIn, fmt.Sprintf("%s is not for a proxy", packet.MessageType()))
	}
	client, ours := cfg.client(req, vendor)
	switch {
	case !ours:
		return cfg.noRange(req, asked)
	case client.known.Ignore != "":
		return silence(asked, client.known.Ignore, client.known.Reason)
	case asked == event.BootRequest:
		return bootItem(cfg, client)
	}
	return proxy(cfg, client)
}

// A client is a request whose sender is ours to answer.
type client struct {
	Request
	vendor string
	ranges []Range // the networks it may be answered from
	ports  Ports
	known  policy.Result
	tags   policy.Tags // known.Tags, and that of the range in the end
}

func (c *Config) client(req Request, vendor string) (client, bool) {
	ranges := c.ranges(req)
	known := c.Policy.Evaluate(policy.Client{
		Interface: req.Link.Name,
		Packet:    req.Packet,
		Here: func(addr netip.Addr) bool {
			return slices.ContainsFunc(ranges, func(r Range) bool { return r.network(req.Link).Contains(addr) })
		},
	})
	return client{Request: req, vendor: vendor, ranges: ranges, ports: c.Ports, known: known, tags: known.Tags}, len(ranges) > 0
}

// arch is the client's architecture. Several may be listed; dnsmasq compares the first only.
func (c client) arch() (pxe.Arch, bool) {
	archs := pxe.ParseArchs(option(c.Packet, pxe.OptClientArch))
	if len(archs) == 0 {
		return 0, false
	}
	return archs[0], true
}

// kind sorts the four conversations of PXE 2.1 section 2.2 apart.
func kind(req Request) event.Kind {
	switch req.Packet.MessageType() {
	case dhcpv4.MessageTypeDiscover:
		return event.Discover
	case dhcpv4.MessageTypeRequest, dhcpv4.MessageTypeInform:
		if _, ok := Item(req.Packet); ok {
			return event.BootRequest
		}
		if req.Packet.MessageType() == dhcpv4.MessageTypeInform {
			return ""
		}
		if req.Port == pxe.PortBootServer {
			return event.ProxyRequest
		}
		return event.Request
	}
	return ""
}

// Item is the boot item (43.71) a client asks for. A broken tail of option 43 does not hide it.
func Item(packet *dhcpv4.DHCPv4) (pxe.BootItem, bool) {
	subs, _ := pxe.ParseSubOptions(option(packet, pxe.OptVendorSpecific))
	value, ok := subs.Get(pxe.SubBootItem)
	if !ok {
		return pxe.BootItem{}, false
	}
	item, err := pxe.ParseBootItem(value)
	return item, err == nil
}

func option(packet *dhcpv4.DHCPv4, code uint8) []byte {
	return packet.Options.Get(dhcpv4.GenericOptionCode(code))
}
