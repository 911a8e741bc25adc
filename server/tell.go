package server

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/event"
)

// tell says what is another since the last plan: that something is served at last, or is not any more; links that
// came or went; and what is waited for.
func (s *Server) tell(last, next *plan) {
	first := last.given.Files == nil && last.tree == nil && last.pages == nil && !last.answersDHCP()
	idle := next.idle()
	switch {
	case idle == "" && (first || last.idle() != ""):
		s.served()
		s.record(event.Ready, "", next.describe())
	case idle != "" && (first || last.idle() != idle || !slices.Equal(last.Missing, next.Missing)):
		s.record(event.Waiting, "", cmp.Or(strings.Join(next.Missing, "; "), idle))
	default:
		for _, text := range moved(last.where(), next.where()) {
			s.record(event.Change, "", text)
		}
	}
	if idle == "" && (next.media != last.media || last.idle() != "") {
		s.tellMedia(next)
	}
	if idle == "" {
		lacks := append(slices.Clone(next.Missing), next.lacks()...)
		before := append(slices.Clone(last.Missing), last.lacks()...)
		for _, text := range lacks {
			if !slices.Contains(before, text) {
				s.record(event.Waiting, "", text)
			}
		}
	}
	s.tellRelays(last, next)
}

// served closes Ready, once.
func (s *Server) served() {
	select {
	case <-s.ready:
	default:
		close(s.ready)
	}
}

func (s *Server) tellRelays(last, next *plan) {
	if next.idle() != "" {
		return
	}
	before := last.relaysNowhere()
	for _, r := range next.relaysNowhere() {
		if !slices.Contains(before, r) {
			s.record(event.Fault, r.Rule, fmt.Sprintf("no interface that is served has the address %s: nothing is relayed from there", r.Local))
		}
	}
}

// where are the links where something is served.
func (p *plan) where() []dhcp.Link {
	if p.answersDHCP() {
		return p.dhcp
	}
	return p.Links
}

// moved says which links came and went.
func moved(last, next []dhcp.Link) (lines []string) {
	for _, l := range last {
		if !slices.Contains(next, l) {
			lines = append(lines, describeLink(l)+" is gone")
		}
	}
	for _, l := range next {
		if !slices.Contains(last, l) {
			lines = append(lines, describeLink(l)+" is served")
		}
	}
	return lines
}

func httpAddr(addr netip.Addr, port uint16) string {
	if !addr.IsValid() {
		return fmt.Sprintf(":%d", port)
	}
	return netip.AddrPortFrom(addr, port).String()
}

// beside names who else has port 67 while we are a proxy, which takes it from nobody.
func (p *plan) beside() string {
	needs, port := p.needs(), p.settings.DHCP.Ports.DHCPServer()
	others := p.holders.of(procDir, "udp", port)
	if needs.Addresses || needs.Relays || len(others) == 0 {
		return ""
	}
	return fmt.Sprintf(", beside %s, who keeps port %d", strings.Join(others, " and "), port)
}

// describe says what is served and where, in one line.
func (p *plan) describe() string {
	var parts []string
	if len(p.dhcp) > 0 {
		parts = append(parts, "DHCP on "+describe(p.dhcp)+p.beside())
	}
	for _, r := range p.settings.Relays {
		parts = append(parts, "DHCP relay from "+r.Local.String()+" to "+r.To())
	}
	if p.silent {
		return strings.Join(append(parts, "a dry run, so nothing is sent"), "; ")
	}
	switch {
	case p.tree != nil && p.settings.TFTP.Root != "":
		parts = append(parts, "TFTP from "+p.settings.TFTP.Root)
	case p.media != nil:
		parts = append(parts, "TFTP from "+strings.Join(p.settings.Media.Paths, " "))
	case p.tree != nil:
		parts = append(parts, "TFTP with the embedded boot program")
	}
	if p.pages != nil {
		parts = append(parts, "HTTP on "+httpAddr(p.settings.HTTP.Addr, p.settings.HTTP.Port))
	}
	return strings.Join(parts, "; ")
}
