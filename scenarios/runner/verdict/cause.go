package verdict

import (
	"bytes"
	"fmt"
	"net/netip"
	"path"
	"regexp"
	"strings"

	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/wire/event"
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
	text, why := h.lastError()
	for _, rule := range []func(history) string{noOffer, noRouter, dead4011, badNextServer, deadTFTP, noProgram} {
		if seen := rule(h); seen != "" {
			if text != "" {
				seen += fmt.Sprintf(" (the guest: %s)", text)
			}
			return seen
		}
	}
	if name := h.missing(text); name != "" {
		return fmt.Sprintf("%s: the server has no %s (TFTP ERROR 1)", text, name)
	}
	if why != "" {
		return text + ": " + why
	}
	if text == "" {
		return atMenu(h)
	}
	return text
}

// atMenu tells that the guest stands at a menu, as far as its files show: one without a timeout waits
// for a key for ever.
func atMenu(h history) string {
	menu := ""
	for _, e := range h.facts(event.Got) {
		switch base, ext := path.Base(e.Path), path.Ext(e.Path); {
		case strings.HasSuffix(base, "menu.c32"):
			menu = base
		case ext != ".c32" && ext != ".cfg" && ext != ".png" && !strings.Contains(e.Path, "pxelinux.cfg/"):
			menu = "" // it has gone on
		}
	}
	if menu == "" {
		return ""
	}
	return "the guest is at the menu of " + menu + ", which may wait for a key"
}

// lastError is what the guest printed when it gave up, and what it means where the guest knows. The
// first error counts: what follows are its consequences.
func (h history) lastError() (text, why string) {
	for _, e := range h.facts(event.Error) {
		return e.Text, e.Attr("cause")
	}
	return "", ""
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
		if server := h.server(); server.IsValid() && sender(e, h.plan) == server {
			found = append(found, e)
		}
	}
	return found
}

// server is the server under test as the guest sees it.
func (h history) server() netip.Addr { return h.plan.Hosts(h.guest).Server }

// ignored is the server's own reason for its silence to a question of the guest.
func (h history) ignored(asked event.Kind) string {
	for _, e := range h.all {
		if e.Kind != event.Ignore || e.Client != h.guest || e.Attr("of") != string(asked) {
			continue
		}
		if e.Rule != "" {
			return fmt.Sprintf(": it says: %s (%s)", e.Text, e.Rule)
		}
		return ": it says: " + e.Text
	}
	return ""
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
	return "the server sent no OFFER" + h.ignored(event.Discover)
}

func dead4011(h history) string {
	asked := h.fromServer(event.BootRequest, event.ProxyRequest)
	if len(asked) == 0 || len(h.fromServer(event.BootAck, event.ProxyAck)) > 0 {
		return ""
	}
	return fmt.Sprintf("no reply on port 4011 of %s to %d requests%s", h.server(), len(asked)+h.retries(asked[0].Kind), h.ignored(asked[0].Kind))
}

// noRouter tells that the guest has no way to a server on another network.
func noRouter(h history) string {
	g, _ := h.plan.Guest(h.guest)
	at, leases := h.plan.LanAt(g.Lan), h.facts(event.Ack)
	if at < 0 || len(leases) == 0 || !h.server().IsValid() || h.plan.Lans[at].Net.Contains(h.server()) {
		return ""
	}
	lease := leases[len(leases)-1]
	if lease.Attr("router") != "" || len(h.fromServer(event.BootAck, event.ProxyAck, event.OACK, event.Got)) > 0 {
		return ""
	}
	return fmt.Sprintf("the lease of %s names no router (option 3), and %s is on another network", lease.Attr("server"), h.server())
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
	case last.Path == "" && err == nil && !next.IsUnspecified() && next != h.server() && len(h.facts(event.BootRequest, event.ProxyRequest)) == 0 && len(h.facts(event.Ack)) > 0:
		return fmt.Sprintf("the %s sends the ROM to port 4011 of siaddr %s, where nobody serves; the server is %s", last.Kind, next, h.server())
	case last.Path == "":
		return ""
	case err != nil || next.IsUnspecified():
		return fmt.Sprintf("the %s names %s but its siaddr is 0: the ROM has no server to fetch it from", last.Kind, last.Path)
	case next != h.server():
		return fmt.Sprintf("the %s sends the ROM to siaddr %s, where nobody serves; the server is %s", last.Kind, next, h.server())
	}
	return ""
}

func deadTFTP(h history) string {
	asked := h.facts(event.RRQ)
	if len(asked) == 0 {
		return ""
	}
	last := asked[len(asked)-1]
	for _, e := range h.facts(event.Unreachable) {
		if e.Seq > last.Seq && e.Path == last.Path {
			return fmt.Sprintf("nobody listens on TFTP port 69 of %s", last.Peer.Addr())
		}
	}
	for _, e := range h.facts(event.OACK, event.Data, event.Got, event.Miss, event.TFTPError, event.Abort) {
		if e.Seq > last.Seq && e.Path == last.Path {
			return ""
		}
	}
	return fmt.Sprintf("nothing answers TFTP requests to %s: %s was asked for %d times", last.Peer.Addr(), last.Path, 1+h.retries(event.RRQ))
}

// noProgram tells that the firmware has a file and cannot run it: in the words of EDK2, which name no file.
func noProgram(h history) string {
	text, _ := h.lastError()
	got := h.facts(event.Got)
	if !strings.HasPrefix(text, "BdsDxe: failed to load") || strings.Contains(text, "Access Denied") || len(got) == 0 {
		return ""
	}
	arch := ""
	for _, e := range h.facts(event.Discover) {
		arch = e.Attr("arch")
	}
	return fmt.Sprintf("%s came whole, and is no UEFI program for this machine (client architecture %s)", got[len(got)-1].Path, arch)
}

// notFound are the codes of ROMs that say that a file is missing and not which.
var notFound = regexp.MustCompile(`^PXE-(E23|E3B|T01)\b`)

// missing finds the file the server did not have, if the error names it or means the last one asked for. Short
// names, such as those of pxelinux's search for its configuration, may be in any text by chance.
func (h history) missing(said string) string {
	misses := h.facts(event.Miss)
	if n := len(misses); n > 0 && notFound.MatchString(said) {
		return misses[n-1].Path
	}
	for _, e := range misses {
		if base := e.Path[strings.LastIndexByte(e.Path, '/')+1:]; len(base) > 3 && strings.Contains(said, base) {
			return e.Path
		}
	}
	return ""
}
