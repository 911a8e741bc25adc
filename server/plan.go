package server

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/embedded"
	"github.com/bootrig/bootrig/server/lease"
	"github.com/bootrig/bootrig/server/media/ways"
	"github.com/bootrig/bootrig/server/tftpd"
)

// A Host is what a server knows of its host at one moment.
type Host struct {
	Links   []dhcp.Link // to serve
	Others  []dhcp.Link // as Config.Others
	Missing []string    // what is to be served and is not there, one line each
}

// A plan is what is served: a configuration, where the host's links are at one moment. It is not changed when it
// is made; another takes its place.
type plan struct {
	Host
	given    config.Config // as it was written
	settings config.Config // with the networks of the links
	wired    []dhcp.Link   // links, with aliases as what they count as
	dhcp     []dhcp.Link   // where DHCP is answered
	uplinks  []dhcp.Link   // where answers to relayed requests come, beside dhcp
	lack     string        // why DHCP is answered nowhere
	tree     content.Tree  // of TFTP; nil without TFTP
	roots    roots         // what tree is for single links and clients
	tftp     []tftpd.Link
	pages    content.Tree // of HTTP; nil without HTTP
	dirs     []*named     // what tree, roots and pages are made of
	media    *ways.Served // the same; nil: there are none
	waits    bool         // links may come later
	silent   bool         // nothing is sent
	holders  Holders      // as Config.Holders
	leases   memory
}

// A memory is what outlives a server, as Config has it.
type memory struct {
	known []lease.Lease
	store func([]lease.Change) error
	clock func() time.Time
}

// newPlan finds what is wrong with a configuration, all mistakes at once.
func newPlan(cfg Config) (*plan, error) {
	p := &plan{given: cfg.Settings, tree: cfg.Tree, waits: cfg.Waits, silent: cfg.Silent, holders: cfg.Holders, leases: memory{cfg.Known, cfg.Store, cfg.Clock}}
	if unset(cfg.Settings) {
		p.given = config.Serve(embedded.Programs(), nil, EmbeddedRule)
		p.given.HTTP = cfg.Settings.HTTP
		if p.tree == nil {
			p.tree = embedded.Tree()
		}
	}
	if err := p.openMedia(cfg.Media); err != nil {
		return nil, err
	}
	mistakes := p.given.DHCP.Check()
	p.settings = p.given
	before := len(mistakes)
	for _, check := range []func() error{p.given.Something, func() error { return p.openTFTP(cfg.Neighbor) }, p.openHTTP} {
		if err := check(); err != nil {
			mistakes = append(mistakes, err)
		}
	}
	p = p.at(Host{Links: cfg.Links, Others: cfg.Others, Missing: cfg.Missing})
	if !cfg.Waits && len(mistakes) == before {
		for _, lack := range p.lacks() {
			mistakes = append(mistakes, errors.New(lack))
		}
	}
	if len(mistakes) > 0 {
		p.close()
		return nil, errors.Join(mistakes...)
	}
	return p, nil
}

// answersDHCP tells whether DHCP is to be answered at all.
func (p *plan) answersDHCP() bool { return p.given.AnswersDHCP() }

func (p *plan) ranges() []dhcp.Network {
	return slices.Concat(p.settings.DHCP.Networks, p.settings.Leases.Networks())
}

// at is the same configuration on other links.
func (p *plan) at(h Host) *plan {
	next := *p
	next.Host = h
	next.settings = p.given.On(h.Links)
	next.wired = next.settings.Interfaces.Bridge(h.Links, h.Others)
	next.chooseLinks()
	next.tftp = next.tftpLinks()
	return &next
}

// lacks are the reasons why what is to be served is served nowhere.
func (p *plan) lacks() (all []string) {
	if p.lack != "" {
		all = append(all, p.lack)
	}
	open := func(l dhcp.Link) bool { served, _ := p.settings.MatchTFTP(l.Name); return served }
	if p.tree != nil && len(p.Links) > 0 && !slices.ContainsFunc(slices.Concat(p.Links, p.wired), open) {
		all = append(all, fmt.Sprintf("%s: TFTP is for none of %s", strings.Join(p.settings.Files, ", "), describe(p.Links)))
	}
	return all
}

// idle says why nothing is served at all, as long as the links for it are not there; "": something is.
func (p *plan) idle() string {
	switch lacks := p.lacks(); {
	case p.answersDHCP():
		return p.lack
	case len(lacks) > 0:
		return lacks[0]
	case p.waits && len(p.Links) == 0:
		return noLink
	}
	return ""
}

const noLink = "there is no interface with an IPv4 address to serve"

// close gives the directories back. Who still has the plan may use it.
func (p *plan) close() {
	for _, dir := range p.dirs {
		dir.close()
	}
	if p.media != nil {
		_ = p.media.Close() // it was only read
	}
}
