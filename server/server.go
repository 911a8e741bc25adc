package server

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/machines"
	"github.com/bootrig/bootrig/server/media/ways"
	"github.com/bootrig/bootrig/wire/event"
)

// Config is what a Server is made of.
type Config struct {
	Links    []dhcp.Link
	Others   []dhcp.Link    // the host's interfaces that are not to be served, and those without an address: answers to relayed requests may come by them, and they may be aliases
	Settings config.Config  // zero: the embedded boot programs on every link
	Tree     content.Tree   // what TFTP serves; nil: the media of Settings, or the directory Settings.TFTP.Root
	Media    ways.Options   // of Settings.Media: where boot programs are, and tarballs are unpacked. The rest is said by Settings
	Events   event.Recorder // nil: nobody listens

	// Silent says that Run tells what it would answer to DHCP, and sends nothing: there is neither TFTP nor HTTP. Whoever has
	// the ports on this host keeps them.
	Silent bool

	// Sockets were opened by whoever started this program, as systemd does (LISTEN_FDS): those that fit are used in place
	// of ones that Run would open, and the others are told and closed. Run closes all at its end.
	Sockets []*os.File

	// Waits says that links may come later, by Move: that there are none now is no mistake.
	Waits   bool
	Missing []string // as Host.Missing

	Known []lease.Lease              // the leases of the last time
	Store func([]lease.Change) error // as dhcpd.Config.Store; nil: they are forgotten with the server
	Clock func() time.Time           // as dhcpd.Config.Clock
	Learn dhcpd.Learn                // of a Machine's owner

	// Machines gives machines tags by their marks. Who gives it is to have it hear Events too. Nil: nobody is marked.
	Machines *machines.Book

	// Holders are the programs that this process has seen and may not see any more: who has a port is told by them.
	Holders Holders

	// Neighbor is for tftp-unique-root=mac, and names the machines in facts of TFTP and HTTP that DHCP said
	// nothing of. Nil: the host's ARP table; a Machine, which may have another world, asks it for the first only.
	Neighbor Neighbor
}

// A Server is checked and ready to Run, or to be a Machine.
type Server struct {
	cfg     Config
	plan    atomic.Pointer[plan] // what is served now
	moving  sync.Mutex
	retired *plan       // the one before: who asked it for a tree may still be about to open a file
	sim     *whole      // the Machine, if there is one
	changes chan change // to Run
	owners  *owners
	events  event.Recorder
	limits  limits
	hints   content.Hints
	given   givens
	ready   chan struct{} // closed when something is served for the first time
	ended   chan struct{} // closed when Run is over
}

// A change is on its way to Run.
type change struct {
	plan  *plan
	taken chan struct{}
}

// EmbeddedRule is the Rule of the configuration that serves the embedded boot programs.
const EmbeddedRule = "built-in default"

// New checks a configuration and opens its content, but no socket. Its error joins every mistake.
func New(cfg Config) (*Server, error) {
	s := &Server{cfg: cfg, events: cfg.Events, owners: &owners{neighbor: cfg.Neighbor}, limits: limitsOf(descriptors()),
		changes: make(chan change), ready: make(chan struct{}), ended: make(chan struct{})}
	if s.events == nil {
		s.events = event.Discard
	}
	if unset(cfg.Settings) && len(cfg.Links) == 0 && !cfg.Waits {
		return nil, errors.New(noLink)
	}
	first, err := newPlan(cfg)
	if err != nil {
		return nil, err
	}
	s.plan.Store(first)
	return s, nil
}

// unset tells whether nothing was configured but perhaps HTTP.
func unset(c config.Config) bool {
	return len(c.Files) == 0 && len(c.DHCP.Networks) == 0 && len(c.Leases.Ranges) == 0 && len(c.Relays) == 0 && !c.TFTP.Enabled && len(c.Media.Paths) == 0
}

func (p *plan) openHTTP() error {
	h := p.settings.HTTP
	switch {
	case h.Port == 0:
		return nil
	case h.Dir != "" && p.media != nil:
		return fmt.Errorf("%s: HTTP serves the media, so not %s too: give that as a PATH, and it is laid over them", h.Rule, h.Dir)
	case h.Dir == "" && p.tree == nil:
		return errors.New("HTTP has nothing to serve: say which directory, --http PORT=DIR")
	case h.Dir == "":
		p.pages = p.tree
		return nil
	}
	dir, err := p.open(h.Dir, h.Rule, "directory", content.Options{})
	if err == nil {
		p.pages = dir
	}
	return err
}
