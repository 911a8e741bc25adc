package server

import (
	"context"
	"errors"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/tftpd"
	"github.com/bootrig/bootrig/wire/event"
)

// sockets are all that a running server listens on.
type sockets struct {
	dhcp *dhcpd.Listener
	tftp *tftpd.Server // nil: there was no TFTP yet
	http *doors
	run  func(part func(context.Context) error) // serves, as long as Run runs
}

func (l *sockets) close() {
	if l.dhcp != nil {
		l.dhcp.Close()
	}
	if l.tftp != nil {
		l.tftp.Close()
	}
	l.http.Close()
}

// Ready is closed when every socket listens, and there is a link to serve.
func (s *Server) Ready() <-chan struct{} { return s.ready }

// Run serves until ctx ends, and returns nil then. It may be called once. All sockets are opened by its own
// goroutine, also those of links that come later.
func (s *Server) Run(ctx context.Context) error {
	defer s.close()
	defer close(s.ended) // first: a change that waits for it holds what close wants
	given, unused := gives(s.cfg.Sockets).drop(s.plan.Load())
	s.given = given
	defer given.close()
	l, err := s.listen(ctx)
	if err != nil {
		return err
	}
	if s.owners.neighbor == nil {
		s.owners.neighbor = neighbor
	}
	for _, text := range unused {
		s.record(event.Fault, "", text)
	}
	s.tell(&plan{}, s.plan.Load())
	s.caution(nil)
	group, ctx := errgroup.WithContext(ctx)
	l.run = func(part func(context.Context) error) { group.Go(func() error { return part(ctx) }) }
	first := s.realDHCP(s.plan.Load())
	l.run(func(ctx context.Context) error { return l.dhcp.Serve(ctx, first) })
	if l.tftp != nil {
		l.run(l.tftp.Run)
	}
	l.run(func(ctx context.Context) error { return s.serveHTTP(ctx, l.http) })
	s.follow(ctx, &l)
	return group.Wait()
}

// close gives back what the plans have opened.
func (s *Server) close() {
	s.moving.Lock()
	defer s.moving.Unlock()
	s.plan.Load().close()
	if s.retired != nil {
		s.retired.close()
	}
}

// follow takes changes, until ctx ends. What could not be opened, or has failed, is tried again.
func (s *Server) follow(ctx context.Context, l *sockets) {
	const again = time.Second
	told := map[string]bool{}
	var retry <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-s.changes:
			s.tell(s.plan.Swap(c.plan), c.plan)
			retry = nil
			if !s.open(l, told) {
				retry = time.After(again)
			}
			close(c.taken)
		case <-l.dhcp.Broken():
			retry = time.After(again / 2)
		case <-retry:
			retry = nil
			if !s.open(l, told) {
				retry = time.After(again)
			}
		}
	}
}

// open opens and closes sockets as the plan of now wants it. It tells once what cannot be opened.
func (s *Server) open(l *sockets, told map[string]bool) (all bool) {
	p := s.plan.Load()
	failed := l.dhcp.Change(s.realDHCP(p), s.needs(p))
	for i, err := range failed {
		failed[i] = s.cfg.Holders.explainDHCP(err)
	}
	if !p.silent {
		failed = append(failed, s.moveTFTP(l, p)...)
		failed = append(failed, l.http.move(p.entrances())...)
	}
	now := map[string]bool{}
	for _, err := range failed {
		now[err.Error()] = true
		if !told[err.Error()] {
			s.record(event.Fault, "", err.Error())
		}
	}
	clear(told)
	for text := range now {
		told[text] = true
	}
	return len(failed) == 0
}

// moveTFTP has the TFTP server go on as the plan wants it, begin or finish.
func (s *Server) moveTFTP(l *sockets, p *plan) []error {
	if p.tree == nil {
		if l.tftp != nil {
			l.tftp.Finish()
		}
		return nil
	}
	if l.tftp != nil {
		switch err := l.tftp.Change(s.tftp()); {
		case err == nil:
			return p.openDoors(l.tftp)
		case !errors.Is(err, net.ErrClosed):
			return []error{err}
		}
	}
	var err error
	if l.tftp, err = tftpd.New(s.tftp()); err != nil {
		return []error{err}
	}
	l.run(l.tftp.Run)
	return p.openDoors(l.tftp)
}

// openDoors has requests of TFTP come to the addresses of the plan.
func (p *plan) openDoors(to *tftpd.Server) (failed []error) {
	wanted := p.doors()
	hindered := to.Move(wanted)
	for _, addr := range wanted {
		err, at := hindered[addr], ""
		if err == nil {
			continue
		}
		if p.settings.Interfaces.ByAddress {
			at = addr.String()
		}
		failed = append(failed, p.holders.explain(err, "udp", tftpd.Port, at))
	}
	return failed
}

// realDHCP is what the DHCP service is told where it has sockets, and somebody may have the addresses it gives.
func (s *Server) realDHCP(p *plan) dhcpd.Config {
	cfg := s.dhcpConfig(p, p.dhcp)
	cfg.Patience = dhcpd.Patience
	if cfg.Silent = p.silent; cfg.Silent {
		unprobed := *cfg.Lease
		unprobed.NoPing = true
		cfg.Lease = &unprobed
	}
	return cfg
}

func (s *Server) record(kind event.Kind, rule, text string) {
	s.events.Record(event.Event{Time: time.Now(), Kind: kind, Source: "server", Rule: rule, Text: text})
}

// listen opens every socket or none.
func (s *Server) listen(ctx context.Context) (l sockets, err error) {
	p := s.plan.Load()
	l.http = newDoors(ctx, s.given, s.cfg.Holders)
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	if l.dhcp, err = dhcpd.Listen(p.dhcp, s.needs(p)); err != nil {
		return l, s.cfg.Holders.explainDHCP(err)
	}
	if p.silent {
		return l, nil
	}
	if p.tree != nil {
		if l.tftp, err = tftpd.New(s.tftp()); err != nil {
			return l, err
		}
		if failed := p.openDoors(l.tftp); len(failed) > 0 {
			return l, errors.Join(failed...)
		}
	}
	if failed := l.http.move(p.entrances()); len(failed) > 0 {
		return l, failed[0]
	}
	return l, nil
}

// needs are those of a plan, and what was given for them.
func (s *Server) needs(p *plan) dhcpd.Needs {
	needs := p.needs()
	needs.Given = s.given.dhcp
	return needs
}

// needs are what the DHCP service listens for.
func (p *plan) needs() dhcpd.Needs {
	gives := len(p.settings.Leases.Ranges) > 0
	return dhcpd.Needs{
		Addresses: gives, Relays: len(p.settings.Relays) > 0, Groups: dhcpd.Groups(&p.settings.DHCP),
		Probes: gives && !p.settings.Leases.NoPing && !p.silent, Ports: p.settings.DHCP.Ports, Uplinks: p.uplinks, Silent: p.silent,
	}
}
