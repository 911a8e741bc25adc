package server

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/relay"
)

// chooseLinks finds the links whose network a range or a relay is for. A range of another network is for
// relayed clients, and a relay may be behind any link.
func (s *Server) chooseLinks() error {
	ranges := slices.Concat(s.settings.DHCP.Networks, s.settings.Leases.Networks())
	switch {
	case len(ranges)+len(s.settings.Relays) > 0:
	case !s.settings.TFTP.Enabled && s.settings.HTTP.Port == 0:
		lacks := "neither dhcp-range nor dhcp-relay nor enable-tftp"
		if s.settings.YAML {
			lacks = "neither networks nor leases, relays, tftp or http"
		}
		return fmt.Errorf("%s: there is nothing to serve: %s", strings.Join(s.settings.Files, ", "), lacks)
	default:
		return nil
	}
	wanted := slices.DeleteFunc(slices.Clone(s.wired), func(l dhcp.Link) bool {
		return !l.Prefix.IsValid() || !s.settings.Interfaces.MatchDHCP(l.Name)
	})
	for _, link := range wanted {
		on := func(n dhcp.Network) bool { return n.On(link) || s.settings.DHCP.Shared.On(link, n) }
		if slices.ContainsFunc(ranges, on) || s.relays(wanted, link.Name) {
			s.dhcp = append(s.dhcp, link)
		}
	}
	for _, r := range ranges {
		if r.Bits > 0 && !r.OnAny(s.wired) {
			s.dhcp = wanted
		}
	}
	s.chooseUplinks()
	switch {
	case len(s.dhcp) > 0:
		return nil
	case len(ranges) == 0:
		r := s.settings.Relays[0]
		return fmt.Errorf("%s: %s, from where requests are to be relayed, is the address of none of %s", r.Rule, r.Local, describe(wanted))
	}
	return fmt.Errorf("%s: the range %s is the network of none of %s; put the network of one of them there",
		ranges[0].Rule, ranges[0], describe(wanted))
}

// relays tells whether a relay is at one of an interface's addresses.
func (s *Server) relays(links []dhcp.Link, name string) bool {
	return slices.ContainsFunc(links, func(l dhcp.Link) bool {
		return l.Name == name && slices.ContainsFunc(s.settings.Relays, at(l))
	})
}

// at tells whether a relay is at a link.
func at(link dhcp.Link) func(relay.Relay) bool {
	return func(r relay.Relay) bool { return r.Local == link.Prefix.Addr() }
}

// chooseUplinks finds where the answers to what is relayed may come, beside the links that are served: by
// any interface of the host, whatever is said of interfaces to serve (dhcp.c, dhcp_packet).
func (s *Server) chooseUplinks() {
	all := slices.Clone(s.wired)
	for _, o := range s.others {
		if name := s.settings.Interfaces.Bridged(o.Name); name != "" {
			o.Name, o.Alias = name, o.Name
		}
		all = append(all, o)
	}
	for _, link := range all {
		if s.settings.Relays.Hears(link.Name) && !slices.Contains(s.dhcp, link) {
			s.uplinks = append(s.uplinks, link)
		}
	}
}

// relaysNowhere names the relays at addresses that are none of ours.
func (s *Server) relaysNowhere() (found []relay.Relay) {
	for _, r := range s.settings.Relays {
		if !slices.ContainsFunc(s.dhcp, func(l dhcp.Link) bool { return at(l)(r) }) {
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
		text += link.Name
		if link.Alias != "" {
			text += " by " + link.Alias
		}
		if link.Prefix.IsValid() {
			text += " " + link.Prefix.String()
		}
	}
	return text
}
