package verdict

import (
	"bytes"
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"github.com/bootrig/bootrig/internal/event"
	"github.com/bootrig/bootrig/scenarios/script"
)

// history is what a cause is looked for in.
type history struct {
	plan   *script.Plan
	guest  string
	all    []event.Event
	config []byte
}

// cause names in one line why the chain stopped, "" when it is not known. What the wire shows comes
// first, since it holds for every guest and server; the guest's own words are added.
func cause(h history) string {
	said := h.lastError()
	for _, rule := range []func(history) string{noOffer, dead4011, badNextServer, deadTFTP, missing} {
		if why := rule(h); why != "" {
			if said != "" && !strings.Contains(why, said) {
				why += fmt.Sprintf(" (the guest: %s)", said)
			}
			return why
		}
	}
	return said
}

func (h history) lastError() string {
	// The first one counts: what follows are its consequences.
	for _, e := range h.facts(event.Error) {
		if why := e.Attr("cause"); why != "" {
			return e.Text + ": " + why
		}
		return e.Text
	}
	return ""
}

// facts are the guest's facts of some kinds, not as the server tells them.
func (h history) facts(kinds ...event.Kind) []event.Event {
	var found []event.Event
	for _, e := range h.all {
		for _, k := range kinds {
			if e.Kind == k && e.Client == h.guest && e.Source != "server" {
				found = append(found, e)
			}
		}
	}
	return found
}

// fromServer are the facts of some kinds that came from, or went to, the server under test.
func (h history) fromServer(kinds ...event.Kind) []event.Event {
	var found []event.Event
	for _, e := range h.facts(kinds...) {
		if e.Peer.Addr() == h.plan.Lan.Server {
			found = append(found, e)
		}
	}
	return found
}

// ignored is the server's own reason for its last silence towards the guest.
func (h history) ignored() string {
	reason := ""
	for _, e := range h.all {
		if e.Kind == event.Ignore && e.Client == h.guest {
			reason = ": it says: " + e.Text
			if e.Rule != "" {
				reason += " (" + e.Rule + ")"
			}
		}
	}
	return reason
}

var menuLine = regexp.MustCompile(`(?m)^\s*pxe-(service|prompt)\b`)

func noOffer(h history) string {
	switch {
	case len(h.facts(event.Discover)) == 0:
		if len(h.facts(event.Console)) == 0 && len(h.all) > 0 {
			return "the guest never sent a DISCOVER"
		}
		return ""
	case len(h.fromServer(event.Offer)) > 0:
		return ""
	case h.plan.Env.Server == "dnsmasq" && len(h.config) > 0 && !menuLine.Match(bytes.ReplaceAll(h.config, []byte("\r"), nil)):
		return "the server sent no OFFER: dnsmasq answers a proxy's clients only if there is a pxe-service or pxe-prompt line, and " + h.plan.Server.Config + " has none"
	}
	return "the server sent no OFFER" + h.ignored()
}

func dead4011(h history) string {
	asked := h.fromServer(event.BootRequest, event.ProxyRequest)
	if len(asked) == 0 || len(h.fromServer(event.BootAck, event.ProxyAck)) > 0 {
		return ""
	}
	return fmt.Sprintf("no reply on port 4011 of %s to %d requests%s", h.plan.Lan.Server, len(asked)+h.retries(asked[0].Kind), h.ignored())
}

func (h history) retries(of event.Kind) int {
	n := 0
	for _, e := range h.facts(event.Retry) {
		if e.Attr("of") == string(of) {
			n++
		}
	}
	return n
}

// badNextServer looks at the packet that brought the boot file: the ROM fetches from its siaddr.
func badNextServer(h history) string {
	brought := h.fromServer(event.Offer)
	if acks := h.fromServer(event.BootAck, event.ProxyAck); len(acks) > 0 {
		brought = acks
	}
	if len(brought) == 0 || len(h.fromServer(event.Got, event.OACK, event.Miss)) > 0 {
		return ""
	}
	last := brought[len(brought)-1]
	next, err := netip.ParseAddr(last.Attr("siaddr"))
	switch {
	case last.Path == "":
		return ""
	case err != nil || next.IsUnspecified():
		return fmt.Sprintf("the %s names %s but its siaddr is 0: the ROM has no server to fetch it from", last.Kind, last.Path)
	case next != h.plan.Lan.Server:
		return fmt.Sprintf("the %s sends the ROM to siaddr %s, where nobody serves; the server is %s", last.Kind, next, h.plan.Lan.Server)
	}
	return ""
}

func deadTFTP(h history) string {
	asked := h.facts(event.RRQ)
	if len(asked) == 0 {
		return ""
	}
	last := asked[len(asked)-1]
	for _, e := range h.facts(event.OACK, event.Data, event.Got, event.Miss, event.TFTPError, event.Abort) {
		if e.Seq > last.Seq && e.Path == last.Path {
			return ""
		}
	}
	return fmt.Sprintf("nothing answers TFTP requests to %s: %s was asked for %d times", last.Peer.Addr(), last.Path, 1+h.retries(event.RRQ))
}

// missing explains an error by the file the server did not have, if the error names it.
func missing(h history) string {
	said := h.lastError()
	if said == "" {
		return ""
	}
	misses := h.facts(event.Miss)
	for n := len(misses) - 1; n >= 0; n-- {
		if name := misses[n].Path; strings.Contains(said, name[strings.LastIndexByte(name, '/')+1:]) {
			return fmt.Sprintf("%s: the server has no %s (TFTP ERROR 1)", said, name)
		}
	}
	return ""
}
