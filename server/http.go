package server

import (
	"context"
	"fmt"
	"io/fs"
	"slices"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/httpd"
	"github.com/bootrig/bootrig/wire/event"
)

// entrances are the interfaces by which HTTP may be asked: the address of the configuration, whatever has it, or
// every link that is served and no other. This host may ask too, if nobody else has its loopback.
func (p *plan) entrances() (all []entrance) {
	if p.settings.HTTP.Addr.IsValid() || len(p.Links) == 0 && !p.waits {
		return []entrance{{}}
	}
	for _, l := range p.Links {
		if e := (entrance{l.Name, l.Index}); !slices.Contains(all, e) {
			all = append(all, e)
		}
	}
	if !slices.Contains(all, loopback) {
		all = append(all, loopback)
	}
	return all
}

func (s *Server) serveHTTP(ctx context.Context, l *doors) error {
	h := s.plan.Load().settings.HTTP
	limits := httpd.Limits{Conns: s.limits.Conns, Rule: h.Rule, Events: s.events}
	return httpd.Serve(ctx, httpd.Handler(pages{s}, h.Rule, s.events, s.owners.name), limits, l)
}

// pages are what HTTP gives by the plan of now.
type pages struct{ *Server }

// Open finds the file.
func (p pages) Open(name string) (*content.File, error) { return p.plan.Load().pages.Open(name) }

// List names what is in a directory, of those trees that know.
func (p pages) List(name string) ([]content.Entry, error) {
	tree, ok := p.plan.Load().pages.(interface {
		List(name string) ([]content.Entry, error)
	})
	if !ok {
		return nil, fmt.Errorf("there is no index: %w", fs.ErrPermission)
	}
	return tree.List(name)
}

// caution tells once of what will hinder the service.
func (s *Server) caution() {
	p := s.plan.Load()
	if text := s.limits.short(p.settings.TFTP.MaxTransfers); text != "" && (p.tree != nil || p.pages != nil) {
		s.record(event.Fault, p.settings.TFTP.MaxRule, text)
	}
	for _, dir := range p.dirs {
		if err := dir.hindered(); err != nil {
			s.record(event.Fault, p.settings.TFTP.Rule, "no file is served: "+err.Error())
		}
	}
}
