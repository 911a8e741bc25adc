package server

import (
	"fmt"
	"slices"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/relay"
)

// chooseLinks finds the links whose network a range or a relay is for. A range of another network is for
// relayed clients, and a relay may be behind any link.
func (p *plan) chooseLinks() {
	p.dhcp, p.uplinks, p.lack = nil, nil, ""
	if !p.answersDHCP() {
		return
	}
	ranges := p.ranges()
	wanted := slices.DeleteFunc(slices.Clone(p.wired), func(l dhcp.Link) bool {
		return !l.Prefix.IsValid() || !p.settings.Interfaces.MatchDHCP(l.Name)
	})
	for _, link := range wanted {
		on := func(n dhcp.Network) bool { return n.On(link) || p.settings.DHCP.Shared.On(link, n) }
		if slices.ContainsFunc(ranges, on) || p.relays(wanted, link.Name) {
			p.dhcp = append(p.dhcp, link)
		}
	}
	for _, r := range ranges {
		if r.Bits > 0 && !r.OnAny(p.wired) {
			p.dhcp = wanted
		}
	}
	p.chooseUplinks()
	switch {
	case len(p.dhcp) > 0:
	case len(ranges) > 0:
		p.lack = fmt.Sprintf("%s: the range %s is the network of none of %s; put the network of one of them there", ranges[0].Rule, ranges[0], describe(wanted))
	case len(p.settings.Relays) > 0:
		r := p.settings.Relays[0]
		p.lack = fmt.Sprintf("%s: %s, from where requests are to be relayed, is the address of none of %s", r.Rule, r.Local, describe(wanted))
	default:
		p.lack = noLink
	}
}

// relays tells whether a relay is at one of an interface's addresses.
func (p *plan) relays(links []dhcp.Link, name string) bool {
	return slices.ContainsFunc(links, func(l dhcp.Link) bool {
		return l.Name == name && slices.ContainsFunc(p.settings.Relays, at(l))
	})
}

// at tells whether a relay is at a link.
func at(link dhcp.Link) func(relay.Relay) bool {
	return func(r relay.Relay) bool { return r.Local == link.Prefix.Addr() }
}

// chooseUplinks finds where the answers to what is relayed may come, beside the links that are served: by
// any interface of the host, whatever is said of interfaces to serve (dhcp.c, dhcp_packet).
func (p *plan) chooseUplinks() {
	all := slices.Clone(p.wired)
	for _, o := range p.Others {
		if name := p.settings.Interfaces.Bridged(o.Name); name != "" {
			o.Name, o.Alias = name, o.Name
		}
		all = append(all, o)
	}
	for _, link := range all {
		if p.settings.Relays.Hears(link.Name) && !slices.Contains(p.dhcp, link) {
			p.uplinks = append(p.uplinks, link)
		}
	}
}

// relaysNowhere names the relays at addresses that are none of ours.
func (p *plan) relaysNowhere() (found []relay.Relay) {
	for _, r := range p.settings.Relays {
		if !slices.ContainsFunc(p.dhcp, func(l dhcp.Link) bool { return at(l)(r) }) {
			found = append(found, r)
		}
	}
	return found
}

func describe(links []dhcp.Link) string {
	if len(links) == 0 {
		return "the interfaces: there is none with an IPv4 address"
	}
	text := ""
	for i, link := range links {
		if i > 0 {
			text += ", "
		}
		text += describeLink(link)
	}
	return text
}

func describeLink(link dhcp.Link) string {
	text := link.Name
	if link.Alias != "" {
		text += " by " + link.Alias
	}
	if link.Prefix.IsValid() {
		text += " " + link.Prefix.String()
	}
	return text
}
