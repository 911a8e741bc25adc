package server

import (
	"context"
	"net"
	"slices"
	"time"

	"github.com/bootrig/bootrig/server/httpd"
	"github.com/bootrig/bootrig/wire/event"
)

// listenHTTP listens on the address of the configuration, or on every link that is served and on no other:
// with one listener for each, bound to the interface. This host may ask too, if nobody else has its loopback.
func (s *Server) listenHTTP(ctx context.Context) (all []net.Listener, err error) {
	const loopback = "lo"
	port, names := s.settings.HTTP.Port, []string{""}
	if !s.settings.HTTP.Addr.IsValid() && len(s.links) > 0 {
		names = nil
		for _, l := range s.links {
			if !slices.Contains(names, l.Name) {
				names = append(names, l.Name)
			}
		}
	}
	for _, name := range names {
		l, err := listen(ctx, name, httpAddr(s.settings.HTTP.Addr, port))
		if err != nil {
			for _, open := range all {
				open.Close()
			}
			return nil, explain(err, "tcp", port, name)
		}
		all = append(all, l)
	}
	if names[0] != "" && !slices.Contains(names, loopback) {
		if l, err := listen(ctx, loopback, httpAddr(s.settings.HTTP.Addr, port)); err == nil {
			all = append(all, l)
		}
	}
	return all, nil
}

func (s *Server) serveHTTP(ctx context.Context, listeners []net.Listener) error {
	h := s.settings.HTTP
	limits := httpd.Limits{Conns: s.limits.Conns, Rule: h.Rule, Events: s.events}
	return httpd.Serve(ctx, httpd.Handler(s.pages, h.Rule, s.events, s.owners.name), limits, listeners...)
}

// caution tells once of what will hinder the service.
func (s *Server) caution() {
	tell := func(rule, text string) {
		s.events.Record(event.Event{Time: time.Now(), Kind: event.Fault, Source: "server", Rule: rule, Text: text})
	}
	if text := s.limits.short(s.settings.TFTP.MaxTransfers); text != "" && (s.tree != nil || s.pages != nil) {
		tell(s.settings.TFTP.MaxRule, text)
	}
	for _, dir := range s.opened {
		if err := dir.Hindered(); err != nil {
			tell(s.settings.TFTP.Rule, "no file is served: "+err.Error())
		}
	}
}
