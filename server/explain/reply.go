package explain

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/bootrig/bootrig/wire/pxe"
)

// A Reply is what an answer says, as far as booting goes.
type Reply struct {
	Type       string   `json:"type"` // OFFER, ACK
	To         string   `json:"to"`
	Address    string   `json:"address,omitempty"` // yiaddr: the client's own
	Siaddr     string   `json:"siaddr"`
	ServerName string   `json:"sname,omitempty"`
	File       string   `json:"file,omitempty"`
	Vendor     []string `json:"vendor,omitempty"` // option 43, a sub-option a line
	Menu       []string `json:"menu,omitempty"`
	Options    []string `json:"options,omitempty"` // all others, "67=70:78:65"
}

// A packet is one of the server's.
type packet struct {
	*dhcpv4.DHCPv4
	rule string
}

func (p *packet) subs() pxe.SubOptions {
	subs, _ := pxe.ParseSubOptions(p.Options.Get(dhcpv4.GenericOptionCode(pxe.OptVendorSpecific)))
	return subs
}

// menu is what the client chooses from: nothing where it is told to boot the file at hand.
func (p *packet) menu() []pxe.MenuItem {
	if control, ok := p.subs().Get(pxe.SubDiscoveryControl); ok && len(control) > 0 && p.BootFileName != "" &&
		pxe.DiscoveryControl(control[0])&pxe.UseFile != 0 {
		return nil
	}
	value, _ := p.subs().Get(pxe.SubBootMenu)
	items, _ := pxe.ParseMenu(value)
	return items
}

func decode(p *packet, to netip.AddrPort) *Reply {
	r := &Reply{
		Type: p.MessageType().String(), To: to.String(), Siaddr: p.ServerIPAddr.String(),
		ServerName: p.ServerHostName, File: p.BootFileName,
	}
	if !p.YourIPAddr.IsUnspecified() {
		r.Address = p.YourIPAddr.String()
	}
	for _, sub := range p.subs() {
		if sub.Code == pxe.SubBootMenu {
			continue
		}
		r.Vendor = append(r.Vendor, words(sub))
	}
	value, _ := p.subs().Get(pxe.SubBootMenu)
	items, _ := pxe.ParseMenu(value)
	for _, item := range items {
		r.Menu = append(r.Menu, fmt.Sprintf("%s (%s)", item.Text, kind(item.Type)))
	}
	for code := uint8(1); code < pxe.OptEnd; code++ {
		value, there := p.Options[code]
		if there && code != pxe.OptVendorSpecific && code != pxe.OptMessageType {
			r.Options = append(r.Options, fmt.Sprintf("%d=%s", code, said(code, value)))
		}
	}
	return r
}

// words is a sub-option of option 43 as a person reads it.
func words(sub pxe.SubOption) string {
	switch sub.Code {
	case pxe.SubDiscoveryControl:
		if len(sub.Value) == 1 {
			return fmt.Sprintf("discovery control %d: %s", sub.Value[0], control(pxe.DiscoveryControl(sub.Value[0])))
		}
	case pxe.SubMenuPrompt:
		if prompt, err := pxe.ParsePrompt(sub.Value); err == nil {
			return fmt.Sprintf("prompt %q, %s", prompt.Text, wait(prompt.Seconds))
		}
	case pxe.SubBootServers:
		if servers, err := pxe.ParseBootServers(sub.Value); err == nil {
			return "boot servers: " + list(servers)
		}
	case pxe.SubBootItem:
		if item, err := pxe.ParseBootItem(sub.Value); err == nil {
			return "boot item " + item.String()
		}
	}
	return fmt.Sprintf("sub-option %d: % x", sub.Code, sub.Value)
}

func control(c pxe.DiscoveryControl) string {
	var said []string
	for _, bit := range []struct {
		pxe.DiscoveryControl
		text string
	}{
		{pxe.NoBroadcast, "no broadcast"}, {pxe.NoMulticast, "no multicast"},
		{pxe.OnlyListed, "only the servers listed"}, {pxe.UseFile, "boot the file of this packet"},
	} {
		if c&bit.DiscoveryControl != 0 {
			said = append(said, bit.text)
		}
	}
	if len(said) == 0 {
		return "look for boot servers by any means"
	}
	return strings.Join(said, ", ")
}

func wait(seconds byte) string {
	switch seconds {
	case 0:
		return "the first line at once"
	case pxe.NoTimeout:
		return "the menu at once, and wait for a key"
	}
	return fmt.Sprintf("the first line after %d s, F8 for the menu", seconds)
}

func list(servers []pxe.BootServers) string {
	var all []string
	for _, s := range servers {
		text := kind(s.Type)
		for _, addr := range s.Addrs {
			text += " " + addr.String()
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func kind(boot uint16) string {
	if boot == pxe.TypeLocalBoot {
		return "local boot"
	}
	return fmt.Sprintf("type %d", boot)
}

func url(name string) bool { return strings.Contains(name, "://") }
