package steps

import (
	"bytes"
	"net/netip"
	"regexp"

	"github.com/bootrig/bootrig/internal/verdict"
	"github.com/bootrig/bootrig/wire/event"
)

// Story is what became of a guest's boot from a server, as its wire and its own words show it.
func Story(guest string, server netip.Addr, facts []event.Event) verdict.Story {
	b := verdict.Boot{Witnessed: true, Ours: server}
	for _, e := range facts {
		if e.Client == guest {
			b.Take(e)
		}
	}
	return b.Story()
}

var menuLine = regexp.MustCompile(`(?m)^\s*pxe-(service|prompt)\b`)

// cause names in one line why a guest's chain stopped, "" when it is not known. A scenario knows more than the wire:
// the configuration of a server that says nothing.
func (j *Judge) cause(guest string, config []byte) string {
	if befell := j.accident(guest); befell != "" {
		return befell
	}
	s := Story(guest, j.plan.Hosts(guest).Server, j.all)
	switch {
	case s.ID == "no-offer" && j.plan.Env.Server == "dnsmasq" && len(config) > 0 && !menuLine.Match(bytes.ReplaceAll(config, []byte("\r"), nil)):
		return "the server sent no OFFER: dnsmasq answers a proxy's clients only if there is a pxe-service or pxe-prompt line, and " + j.plan.Server.Config + " has none"
	case s.Booted(), s.ID == verdict.Unknown:
		return ""
	}
	return s.Text
}
