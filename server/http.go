package server

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/httpd"
	"github.com/bootrig/bootrig/wire/event"
)

// entrances are the interfaces by which HTTP may be asked: the address of the configuration, whatever has it, or
// every link that is served and no other. This host may ask too, if nobody else has its loopback.
func (p *plan) entrances() (all []entrance) {
	h := p.settings.HTTP
	if p.pages == nil {
		return nil
	}
	known := map[string]bool{}
	add := func(name string, index int) {
		if !known[name] {
			known[name] = true
			all = append(all, entrance{name, index, httpAddr(h.Addr, h.Port), h.Port})
		}
	}
	if h.Addr.IsValid() || len(p.Links) == 0 && !p.waits {
		add("", 0)
		return all
	}
	for _, l := range p.Links {
		add(l.Name, l.Index)
	}
	add(loopback, 1)
	return all
}

// HTTP tells whether the Machine's owner is to give a TCP port to Handler.
func (s *Server) HTTP(port uint16) bool {
	p := s.plan.Load()
	return p.pages != nil && p.settings.HTTP.Port == port
}

// Handler answers each request by the plan of its moment.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := s.plan.Load()
		var tree content.Tree = nothing{}
		if p.pages != nil {
			tree = content.For(p.pages, local(r), remote(r), s.owners.mac)
		}
		if seeds, ok := s.answers(p, r); ok {
			httpd.Told(seeds, p.settings.Media.Rule, s.events, s.owners.name).ServeHTTP(w, r)
			return
		}
		httpd.Handler(tree, p.settings.HTTP.Rule, s.events, s.owners.name, &s.hints).ServeHTTP(w, r)
	})
}

func (s *Server) serveHTTP(ctx context.Context, l *doors) error {
	rule := func() string { return s.plan.Load().settings.HTTP.Rule }
	return httpd.Serve(ctx, s.Handler(), httpd.Limits{Conns: s.limits.Conns, Rule: rule, Events: s.events}, l)
}

// local is our address that was asked.
func local(r *http.Request) netip.Addr {
	addr, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return addr.AddrPort().Addr().Unmap()
}

// remote is who asks.
func remote(r *http.Request) netip.Addr {
	peer, _ := netip.ParseAddrPort(r.RemoteAddr)
	return peer.Addr().Unmap()
}

// A caution is what will hinder the service, and the line that wants it.
type caution struct{ rule, text string }

func (p *plan) cautions(l limits) (all []caution) {
	t := p.settings.TFTP
	if text := l.short(t.MaxTransfers); text != "" && (p.tree != nil || p.pages != nil) {
		all = append(all, caution{t.MaxRule, text})
	}
	for _, dir := range p.dirs {
		if err := dir.hindered(); err != nil {
			all = append(all, caution{t.Rule, "no file is served: " + err.Error()})
		}
	}
	return all
}

// caution tells of what hinders the service, but for what is known already.
func (s *Server) caution(known []caution) {
	for _, c := range s.plan.Load().cautions(s.limits) {
		if !slices.Contains(known, c) {
			s.record(event.Fault, c.rule, c.text)
		}
	}
}
