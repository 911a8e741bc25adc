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

// tellMedia says what is served of media, what is to be known of them, and how machines boot.
func (s *Server) tellMedia(p *plan) {
	if p.media == nil {
		return
	}
	for _, f := range p.media.Media() {
		where := ""
		if len(p.Links) > 0 {
			where = p.media.URL(p.Links[0].Prefix.Addr(), f)
		}
		for _, text := range append(aboutMedium(f, where), aboutAnswers(f.Medium, p.media.Seed(), p.given.Media.Seed)...) {
			s.record(event.Medium, f.Path, text)
		}
	}
	for _, w := range p.media.Ways {
		text := fmt.Sprintf("serves %s: %s", w.Firmware, w.Title)
		if w.Secure {
			text += ", also under Secure Boot"
		}
		s.record(event.Medium, w.Boot.Rule, text)
	}
}

// aboutMedium is what somebody has to know who boots machines from a medium. at is its URL; "": it is not known yet.
func aboutMedium(f ways.Found, at string) []string {
	text := fmt.Sprintf("serves %s of %s", f.Title, f.Path)
	switch {
	case at != "":
		text += " at " + at
	case f.Below != "":
		text += " below " + f.Below + "/"
	}
	if f.Memory > 0 {
		text += fmt.Sprintf("; machines need %d MiB of memory", f.Memory)
	}
	all := []string{text}
	for _, note := range f.Notes {
		all = append(all, f.Title+": "+media.Places{Base: at}.Fill(note))
	}
	return all
}

// aboutAnswers tells whether a medium's installer asks people. dir is where answers are; "": nobody has any.
func aboutAnswers(m media.Medium, answers *seed.Seed, dir string) []string {
	if answers == nil {
		return nil
	}
	if _, ok := answers.Answer(m, seed.Machine{}, ""); ok {
		return []string{fmt.Sprintf("%s: its installer takes the answers in %s and asks nobody: whoever boots it may lose what is on its disks", m.Title, dir)}
	}
	if len(m.Answer.Files) == 0 {
		return []string{fmt.Sprintf("%s: it takes no answers, so those of %s are not for it", m.Title, dir)}
	}
	return []string{fmt.Sprintf("%s: there are no answers in %s for it, so it asks people; it would read %s", m.Title, dir, strings.Join(m.Answer.Files, " or "))}
}
