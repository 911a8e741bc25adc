package server

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/tftpd"
	"github.com/bootrig/bootrig/wire/event"
	"github.com/bootrig/bootrig/wire/pxe"
)

// sockets are all that a running server listens on.
type sockets struct {
	dhcp *dhcpd.Listener // nil without DHCP
	tftp *net.UDPConn    // nil without TFTP
	http []net.Listener  // none without HTTP
}

func (l *sockets) close() {
	if l.dhcp != nil {
		l.dhcp.Close()
	}
	if l.tftp != nil {
		l.tftp.Close()
	}
	for _, h := range l.http {
		h.Close()
	}
}

// Ready is closed when every socket listens.
func (s *Server) Ready() <-chan struct{} { return s.ready }

// Run serves until ctx ends, and returns nil then. It may be called once.
func (s *Server) Run(ctx context.Context) error {
	defer s.close()
	l, err := s.listen(ctx)
	if err != nil {
		return err
	}
	if s.owners.neighbor == nil {
		s.owners.neighbor = neighbor
	}
	s.events.Record(event.Event{Time: time.Now(), Kind: event.Ready, Source: "server", Text: s.describe()})
	s.caution()
	for _, r := range s.relaysNowhere() {
		text := fmt.Sprintf("no interface that is served has the address %s: nothing is relayed from there", r.Local)
		s.events.Record(event.Event{Time: time.Now(), Kind: event.Fault, Source: "server", Rule: r.Rule, Text: text})
	}
	close(s.ready)
	group, ctx := errgroup.WithContext(ctx)
	if l.dhcp != nil {
		group.Go(func() error {
			cfg := s.dhcpConfig(s.dhcp)
			cfg.Patience = dhcpd.Patience
			return l.dhcp.Serve(ctx, cfg)
		})
	}
	if l.tftp != nil {
		group.Go(func() error {
			return tftpd.Serve(ctx, s.tftp(), l.tftp, s.tftpLinks()...)
		})
	}
	if len(l.http) > 0 {
		group.Go(func() error { return s.serveHTTP(ctx, l.http) })
	}
	return group.Wait()
}

// listen opens every socket or none.
func (s *Server) listen(ctx context.Context) (l sockets, err error) {
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	if len(s.dhcp) > 0 {
		if l.dhcp, err = dhcpd.Listen(s.dhcp, s.needs()); err != nil {
			return l, explainDHCP(err)
		}
	}
	if s.tree != nil {
		l.tftp, err = tftpd.Listen(netip.AddrPortFrom(netip.IPv4Unspecified(), pxe.PortTFTP))
		if err != nil {
			return l, explain(err, "udp", pxe.PortTFTP, "")
		}
	}
	if s.pages != nil {
		if l.http, err = s.listenHTTP(ctx); err != nil {
			return l, err
		}
	}
	return l, nil
}

// needs are what the DHCP service listens for.
func (s *Server) needs() dhcpd.Needs {
	gives := len(s.settings.Leases.Ranges) > 0
	return dhcpd.Needs{
		Addresses: gives, Relays: len(s.settings.Relays) > 0, Groups: dhcpd.Groups(&s.settings.DHCP),
		Probes: gives && !s.settings.Leases.NoPing, Ports: s.settings.DHCP.Ports, Uplinks: s.uplinks,
	}
}

func httpAddr(addr netip.Addr, port uint16) string {
	if !addr.IsValid() {
		return fmt.Sprintf(":%d", port)
	}
	return netip.AddrPortFrom(addr, port).String()
}

// beside names who else has port 67 while we are a proxy, which takes it from nobody.
func (s *Server) beside() string {
	needs, port := s.needs(), s.settings.DHCP.Ports.DHCPServer()
	others := holders("/proc", "udp", port)
	if needs.Addresses || needs.Relays || len(others) == 0 {
		return ""
	}
	return fmt.Sprintf(", beside %s, who keeps port %d", strings.Join(others, " and "), port)
}

// describe says what is served and where, in one line.
func (s *Server) describe() string {
	var parts []string
	if len(s.dhcp) > 0 {
		parts = append(parts, "DHCP on "+describe(s.dhcp)+s.beside())
	}
	for _, r := range s.settings.Relays {
		parts = append(parts, "DHCP relay from "+r.Local.String()+" to "+r.To())
	}
	switch {
	case s.tree != nil && s.settings.TFTP.Root != "":
		parts = append(parts, "TFTP from "+s.settings.TFTP.Root)
	case s.tree != nil:
		parts = append(parts, "TFTP with the embedded boot program")
	}
	if s.pages != nil {
		parts = append(parts, "HTTP on "+httpAddr(s.settings.HTTP.Addr, s.settings.HTTP.Port))
	}
	return strings.Join(parts, "; ")
}
