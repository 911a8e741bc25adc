package server

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/tftpd"
)

// ipUDPTFTP is what goes off a packet before its data: headers of 20, 8 and 4 bytes.
const ipUDPTFTP = 32

// A Neighbor finds the MAC address of a client on the interface of that name, or on any if name is "".
type Neighbor func(name string, client netip.Addr) (net.HardwareAddr, bool)

// openTFTP makes the trees of TFTP.
func (p *plan) openTFTP(find Neighbor) error {
	t := p.settings.TFTP
	if !t.Enabled {
		p.tree = nil
		return nil
	}
	if find == nil {
		find = neighbor
	}
	p.roots = roots{TFTP: t, neighbor: find, single: map[string]root{}}
	rule := cmp.Or(t.Rule, EmbeddedRule)
	if p.tree == nil && t.Root == "" {
		p.tree = nothing{}
		if len(t.Roots) > 0 {
			rule = t.Roots[0].Rule
		}
	}
	if p.tree == nil {
		tree, err := p.openRoot(t.Root, t.Rule)
		if err != nil {
			return err
		}
		p.tree = tree
	}
	p.roots.root = root{p.tree, rule}
	for _, r := range t.Roots {
		tree, err := p.openRoot(r.Dir, r.Rule)
		if err != nil {
			return err
		}
		if _, earlier := p.roots.single[r.Interface]; !earlier {
			p.roots.single[r.Interface] = root{tree, r.Rule}
		}
	}
	return nil
}

// openRoot makes the tree of a directory, which may be missing with tftp-no-fail.
func (p *plan) openRoot(path, rule string) (content.Tree, error) {
	t := p.settings.TFTP
	options := content.Options{LinksAnywhere: t.LinksAnywhere, OwnFilesOnly: t.Secure}
	tree, err := p.open(path, rule, "tftp-root", options)
	if t.NoFail && err != nil {
		tree, err = p.name(path, options), nil
	}
	return tree, err
}

func (p *plan) name(path string, options content.Options) *named {
	dir := &named{path: path, Options: options}
	p.dirs = append(p.dirs, dir)
	return dir
}

// open makes the tree of a directory that must be there.
func (p *plan) open(path, rule, what string, options content.Options) (content.Tree, error) {
	if err := config.Root(path, rule, what); err != nil {
		return nil, err
	}
	dir := p.name(path, options)
	if err := dir.use(func(*content.Dir) error { return nil }); err != nil {
		return nil, fmt.Errorf("%s: %w", rule, err)
	}
	return dir, nil
}

// tftp is what the TFTP server is told.
func (s *Server) tftp() tftpd.Config {
	p := s.plan.Load()
	t := p.settings.TFTP
	treeFor := func(on tftpd.Link, client netip.Addr) (content.Tree, string) {
		return s.plan.Load().roots.forClient(on, client, s.owners.mac)
	}
	links := func() []tftpd.Link { return s.plan.Load().tftp }
	cfg := tftpd.Config{TreeFor: treeFor, Links: links, Who: s.owners.name, Events: s.events, Hints: &s.hints, MaxTransfers: s.limits.transfers(t.MaxTransfers), MaxRule: t.MaxRule,
		Ports: s.limits.Ports, Listen: s.given.tftp,
		LinksRule: p.settings.Interfaces.Rule, NoBlocksize: t.NoBlocksize,
		FirstPort: t.FirstPort, LastPort: t.LastPort, SinglePort: t.SinglePort}
	if t.MTU > 0 {
		cfg.MaxBlock = max(t.MTU-ipUDPTFTP, 1)
	}
	return cfg
}

// tftpLinks are all links, those without TFTP closed. None would be all there are.
func (p *plan) tftpLinks() []tftpd.Link {
	links := []tftpd.Link{}
	add := func(l dhcp.Link) {
		served, rule := p.settings.MatchTFTP(l.Name)
		link := tftpd.Link{Name: l.Name, Index: l.Index, Addr: l.Prefix.Addr(), Net: l.Prefix.Masked(), Closed: !served, Rule: rule}
		if p.settings.Interfaces.ByName(l.Name) {
			link.Reach |= tftpd.AnyAddr
		}
		if p.settings.Interfaces.Anywhere(link.Addr) {
			link.Reach |= tftpd.AnyInterface
		}
		links = append(links, link)
	}
	for _, l := range p.Links {
		add(l)
	}
	for _, l := range p.wired { // who boots by an alias fetches its files by it
		if l.Alias != "" && l.Prefix.IsValid() {
			add(l)
		}
	}
	if len(links) == 0 && p.waits {
		links = append(links, tftpd.Link{Name: "no interface that is served", Closed: true})
	}
	served := func(l dhcp.Link) bool { return l.Name == loopback }
	if len(links) > 0 && p.settings.Interfaces.Loopback() && !slices.ContainsFunc(p.Links, served) {
		served, rule := p.settings.MatchTFTP(loopback)
		links = append(links, tftpd.Link{Name: loopback, Index: 1, Addr: netip.AddrFrom4([4]byte{127, 0, 0, 1}), Closed: !served, Rule: rule})
	}
	return links
}

// doors are our addresses where requests are taken.
func (p *plan) doors() (all []netip.Addr) {
	if !p.settings.Interfaces.ByAddress {
		return []netip.Addr{netip.IPv4Unspecified()}
	}
	for _, l := range p.tftp {
		if !l.Closed && l.Addr.IsValid() {
			all = append(all, l.Addr)
		}
	}
	return all
}
