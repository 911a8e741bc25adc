package proxydhcp

import (
	"fmt"
	"net/netip"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/internal/event"
	"github.com/bootrig/bootrig/internal/pxe"
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
		return silence(asked, BuiltIn, "UEFI HTTP boot is not configured")
	case vendor == "":
		return silence(asked, BuiltIn, fmt.Sprintf("vendor class %q: not a PXE client", class))
	}
	client := client{Request: req, vendor: vendor}
	switch asked {
	case event.BootRequest:
		return bootItem(cfg, client)
	case event.Discover, event.ProxyRequest:
		return proxy(cfg, client)
	case event.Request:
		return silence(asked, BuiltIn, "a DHCPREQUEST on port 67 is for the DHCP server that gives the address")
	}
	return silence(asked, BuiltIn, fmt.Sprintf("%s is not for a proxy", packet.MessageType()))
}

// A client is a request whose sender is ours to answer.
type client struct {
	Request
	vendor string
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
		if _, ok := item(req.Packet); ok {
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

// item is the boot item (43.71) a client asks for. A broken tail of option 43 does not hide it.
func item(packet *dhcpv4.DHCPv4) (pxe.BootItem, bool) {
	subs, _ := pxe.ParseSubOptions(option(packet, pxe.OptVendorSpecific))
	value, ok := subs.Get(pxe.SubBootItem)
	if !ok {
		return pxe.BootItem{}, false
	}
	item, err := pxe.ParseBootItem(value)
	return item, err == nil
}

// rangeFor finds the range that makes the request ours: the link's network, or the relay's.
func (c *Config) rangeFor(req Request) (Range, bool) {
	relay, relayed := relay(req.Packet)
	for _, r := range c.Ranges {
		switch {
		case relayed && r.network(req.Link).Contains(relay), !relayed && r.On(req.Link):
			return r, true
		}
	}
	return Range{}, false
}

func (c *Config) noRange(req Request, asked event.Kind) Decision {
	where := fmt.Sprintf("%s %s", req.Link.Name, req.Link.Prefix)
	if relay, relayed := relay(req.Packet); relayed {
		where = "relay " + relay.String()
	}
	if len(c.Ranges) == 0 {
		return silence(asked, BuiltIn, "no dhcp-range is configured")
	}
	last := c.Ranges[len(c.Ranges)-1]
	return silence(asked, last.Rule, fmt.Sprintf("no dhcp-range for %s", where))
}

func relay(packet *dhcpv4.DHCPv4) (netip.Addr, bool) {
	addr, ok := netip.AddrFromSlice(packet.GatewayIPAddr.To4())
	return addr, ok && !addr.IsUnspecified()
}

func option(packet *dhcpv4.DHCPv4, code uint8) []byte {
	return packet.Options.Get(dhcpv4.GenericOptionCode(code))
}
