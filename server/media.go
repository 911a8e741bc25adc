package server

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/ways"
	"github.com/bootrig/bootrig/server/seed"
	"github.com/bootrig/bootrig/wire/event"
)

// openMedia looks into the media of the configuration, if there are any, and has them say what else is served.
func (p *plan) openMedia(o ways.Options) error {
	m := p.given.Media
	if len(m.Paths) == 0 {
		return nil
	}
	if p.given.TFTP.Enabled {
		return fmt.Errorf("%s: TFTP serves the media, so not %s too: say that among the paths of the media, and it is laid over them", m.Rule, p.given.TFTP.Root)
	}
	o.HTTP, o.Leases = p.given.HTTP, len(p.given.Leases.Ranges) > 0
	if o.Families == nil {
		o.Families = media.Embedded()
	}
	served, err := ways.Open(m, o)
	if err != nil {
		return err
	}
	p.media, p.given = served, served.Settings(p.given)
	if p.tree == nil {
		p.tree = served.Tree()
	}
	return nil
}

// answers is what installers are given of the answer files, where somebody asks for those.
func (s *Server) answers(p *plan, r *http.Request) (http.Handler, bool) {
	if p.media == nil || p.media.Seed() == nil || !strings.HasPrefix(r.URL.Path, seed.Path) {
		return nil, false
	}
	known := func(mac net.HardwareAddr, addr netip.Addr) seed.Machine {
		m := seed.Machine{MAC: mac, IP: addr, Base: p.media.Base(local(r))}
		if mac == nil {
			m.MAC, _ = net.ParseMAC(s.owners.mac(addr))
		}
		return m
	}
	return &seed.Handler{
		Seed: p.media.Seed(), At: seed.At(p.media.Host(local(r))), Known: known, Done: s.installed,
		Wrong: func(_ seed.Machine, err error) { s.record(event.Fault, p.settings.Media.Rule, err.Error()) },
	}, true
}

// installed notes that an installer says that it has finished.
func (s *Server) installed(d seed.Done) {
	client := d.From.String()
	if d.Machine.MAC != nil {
		client = d.Machine.MAC.String()
	}
	s.events.Record(event.Event{Time: time.Now(), Kind: event.Installed, Source: "server", Client: client, Text: d.Query})
}

// tellMedia says what is served of media, and how machines boot it.
func (s *Server) tellMedia(p *plan) {
	if p.media == nil {
		return
	}
	for _, f := range p.media.Media() {
		where := "at the top"
		if f.Below != "" {
			where = "below " + f.Below + "/"
		}
		if len(p.Links) > 0 {
			where = "at " + p.media.URL(p.Links[0].Prefix.Addr(), f)
		}
		s.record(event.Medium, f.Path, fmt.Sprintf("%s of %s, %s", f.Title, f.Path, where))
	}
	for _, w := range p.media.Ways {
		s.record(event.Medium, w.Boot.Rule, w.Firmware+": "+w.Title)
	}
}
