package server

import (
	"errors"
	"fmt"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/embedded"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/wire/event"
)

// Config is what a Server is made of.
type Config struct {
	Links    []dhcp.Link
	Others   []dhcp.Link    // the host's interfaces that are not to be served, and those without an address: answers to relayed requests may come by them, and they may be aliases
	Settings config.Config  // zero: the embedded boot programs on every link
	Tree     content.Tree   // what TFTP serves; nil: the directory Settings.TFTP.Root
	Events   event.Recorder // nil: nobody listens

	Known []lease.Lease              // the leases of the last time
	Store func([]lease.Change) error // keeps them; nil: they are forgotten with the server
	Learn dhcpd.Learn                // of a Machine's owner

	// Neighbor is for tftp-unique-root=mac, and names the machines in facts of TFTP and HTTP that DHCP said
	// nothing of. Nil: the host's ARP table; a Machine, which may have another world, asks it for the first only.
	Neighbor Neighbor
}

// A Server is checked and ready to Run, or to be a Machine.
type Server struct {
	settings config.Config
	links    []dhcp.Link // all of them
	others   []dhcp.Link
	wired    []dhcp.Link // links, with aliases as what they count as
	dhcp     []dhcp.Link // where DHCP is answered
	uplinks  []dhcp.Link // where answers to relayed requests come, beside dhcp
	known    []lease.Lease
	store    func([]lease.Change) error
	learn    dhcpd.Learn
	tree     content.Tree // of TFTP; nil without TFTP
	roots    roots        // what tree is for single links and clients
	neighbor Neighbor
	owners   *owners
	pages    content.Tree // of HTTP; nil without HTTP
	opened   []*content.Dir
	events   event.Recorder
	limits   limits
	ready    chan struct{}
}

// EmbeddedRule is the Rule of the configuration that serves the embedded boot programs.
const EmbeddedRule = "built-in default"

// New checks a configuration and opens its content, but no socket. Its error joins every mistake.
func New(cfg Config) (*Server, error) {
	s := &Server{settings: cfg.Settings, links: cfg.Links, others: cfg.Others, events: cfg.Events, tree: cfg.Tree, ready: make(chan struct{}),
		known: cfg.Known, store: cfg.Store, learn: cfg.Learn, neighbor: cfg.Neighbor, owners: &owners{neighbor: cfg.Neighbor}, limits: limitsOf(descriptors())}
	if s.events == nil {
		s.events = event.Discard
	}
	if unset(cfg.Settings) && len(cfg.Links) == 0 {
		return nil, errors.New("there is no interface with an IPv4 address to serve")
	}
	if unset(cfg.Settings) {
		s.settings = config.Serve(embedded.Programs(), cfg.Links, EmbeddedRule)
		s.settings.HTTP = cfg.Settings.HTTP
		if s.tree == nil {
			s.tree = embedded.Tree()
		}
	}
	s.wired = s.settings.Interfaces.Bridge(s.links, s.others)
	mistakes := s.settings.DHCP.Check()
	for _, check := range []func() error{s.chooseLinks, s.openTFTP, s.openHTTP} {
		if err := check(); err != nil {
			mistakes = append(mistakes, err)
		}
	}
	if len(mistakes) > 0 {
		s.close()
		return nil, errors.Join(mistakes...)
	}
	return s, nil
}

// unset tells whether nothing was configured but perhaps HTTP.
func unset(c config.Config) bool {
	return len(c.Files) == 0 && len(c.DHCP.Networks) == 0 && len(c.Leases.Ranges) == 0 && len(c.Relays) == 0 && !c.TFTP.Enabled
}

func (s *Server) openHTTP() error {
	h := s.settings.HTTP
	switch {
	case h.Port == 0:
		return nil
	case h.Dir == "" && s.tree == nil:
		return errors.New("HTTP has nothing to serve: say which directory, --http PORT=DIR")
	case h.Dir == "":
		s.pages = s.tree
		return nil
	}
	dir, err := s.open(h.Dir, h.Rule, "directory")
	if err == nil {
		s.pages = dir
	}
	return err
}

func (s *Server) open(path, rule, what string) (*content.Dir, error) {
	if err := config.Root(path, rule, what); err != nil {
		return nil, err
	}
	dir, err := content.OpenDir(path, "")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", rule, err)
	}
	s.opened = append(s.opened, dir)
	return dir, nil
}

func (s *Server) close() {
	for _, dir := range s.opened {
		dir.Close()
	}
}
