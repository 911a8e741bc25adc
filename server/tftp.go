package server

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/tftpd"
)

// ipUDPTFTP is what goes off a packet before its data: headers of 20, 8 and 4 bytes.
const ipUDPTFTP = 32

// A Neighbor finds the MAC address of a client on the interface of that name, or on any if name is "".
type Neighbor func(name string, client netip.Addr) (net.HardwareAddr, bool)

func (s *Server) openTFTP() error {
	t := s.settings.TFTP
	if !t.Enabled {
		s.tree = nil
		return nil
	}
	if s.neighbor == nil {
		s.neighbor = neighbor
	}
	s.roots = roots{TFTP: t, neighbor: s.neighbor, single: map[string]root{}}
	rule := cmp.Or(t.Rule, EmbeddedRule)
	if s.tree == nil && t.Root == "" {
		s.tree = nothing{}
		if len(t.Roots) > 0 {
			rule = t.Roots[0].Rule
		}
	}
	if s.tree == nil {
		tree, err := s.openRoot(t.Root, t.Rule)
		if err != nil {
			return err
		}
		s.tree = tree
	}
	s.roots.root = root{s.tree, rule}
	for _, r := range t.Roots {
		tree, err := s.openRoot(r.Dir, r.Rule)
		if err != nil {
			return err
		}
		if _, earlier := s.roots.single[r.Interface]; !earlier {
			s.roots.single[r.Interface] = root{tree, r.Rule}
		}
	}
	if len(s.links) > 0 && !slices.ContainsFunc(s.tftpLinks(), func(l tftpd.Link) bool { return !l.Closed }) {
		return fmt.Errorf("%s: TFTP is for none of %s", strings.Join(s.settings.Files, ", "), describe(s.links))
	}
	return nil
}

// openRoot opens a directory, or makes one that is opened when it is there (tftp-no-fail).
func (s *Server) openRoot(path, rule string) (content.Tree, error) {
	t := s.settings.TFTP
	options := content.Options{LinksAnywhere: t.LinksAnywhere, OwnFilesOnly: t.Secure}
	err := config.Root(path, rule, "tftp-root")
	if err != nil && t.NoFail {
		return late{path, options}, nil
	}
	if err != nil {
		return nil, err
	}
	dir, err := options.OpenDir(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", rule, err)
	}
	s.opened = append(s.opened, dir)
	return dir, nil
}

// tftp is what the TFTP server is told.
func (s *Server) tftp() tftpd.Config {
	t := s.settings.TFTP
	cfg := tftpd.Config{TreeFor: s.roots.forClient, Who: s.owners.name, Events: s.events, MaxTransfers: s.limits.transfers(t.MaxTransfers), MaxRule: t.MaxRule,
		Ports:     s.limits.Ports,
		LinksRule: s.settings.Interfaces.Rule, NoBlocksize: t.NoBlocksize,
		FirstPort: t.FirstPort, LastPort: t.LastPort, SinglePort: t.SinglePort}
	if t.MTU > 0 {
		cfg.MaxBlock = max(t.MTU-ipUDPTFTP, 1)
	}
	return cfg
}

// tftpLinks are all links, those without TFTP closed.
func (s *Server) tftpLinks() []tftpd.Link {
	links := []tftpd.Link{}
	for _, l := range s.links {
		served, rule := s.settings.MatchTFTP(l.Name)
		links = append(links, tftpd.Link{Name: l.Name, Index: l.Index, Addr: l.Prefix.Addr(), Net: l.Prefix.Masked(), Closed: !served, Rule: rule})
	}
	for _, l := range s.wired { // who boots by an alias fetches its files by it
		if served, rule := s.settings.MatchTFTP(l.Name); l.Alias != "" && l.Prefix.IsValid() {
			links = append(links, tftpd.Link{Name: l.Name, Index: l.Index, Addr: l.Prefix.Addr(), Net: l.Prefix.Masked(), Closed: !served, Rule: rule})
		}
	}
	return links
}
