// Package golden turns what a guest's wire saw into a text that must not change: the same in every
// world, for every run, as long as firmware, server and scenario are the same.
package golden

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/wire/event"
)

// fields are the attributes a trace prints, in this order. Everything that may differ between two good
// runs is left out: times, xids, ports, sizes.
var fields = map[event.Kind][]string{
	event.Discover:     {"arch", "class"},
	event.Offer:        {"yiaddr", "siaddr", "class", "control", "prompt", "menu", "servers"},
	event.Request:      {"server", "ciaddr"},
	event.Ack:          {"yiaddr", "siaddr", "class", "control", "prompt", "menu", "servers"},
	event.Nak:          {},
	event.ProxyRequest: {"server", "ciaddr", "class"},
	event.ProxyAck:     {"siaddr", "class", "control", "prompt", "menu", "servers"},
	event.BootRequest:  {"item", "ciaddr", "class"},
	event.BootAck:      {"item", "yiaddr", "siaddr", "class"},
	event.RRQ:          {"options"},
	event.OACK:         {"options"},
	event.Got:          {},
	event.Miss:         {},
	event.TFTPError:    {},
	event.Abort:        {},
	event.Unreachable:  {},
	event.HTTPRequest:  {"method"},
	event.HTTPResponse: {},
}

// Trace is the canonical text of what guest did: one line a fact, up to the final ACK of its last file,
// then the command lines its kernels were given.
func Trace(events []event.Event, guest string, m Masks) []string {
	var t trace
	for _, e := range upToLastFile(events, guest) {
		t.add(e.Kind, m.line(e))
	}
	t.flush()
	for _, e := range events {
		if e.Client == guest && e.Kind == event.Cmdline {
			if line := "cmdline " + strings.TrimSpace(e.Text); !slices.Contains(t.lines, line) {
				t.lines = append(t.lines, line)
			}
		}
	}
	return t.lines
}

// upToLastFile keeps the guest's facts from the wire that a trace prints, up to its last Got if there
// is one: what an operating system does afterwards is its own affair.
func upToLastFile(events []event.Event, guest string) []event.Event {
	var kept []event.Event
	end := 0
	for _, e := range events {
		if _, printed := fields[e.Kind]; !printed || e.Client != guest || e.Source != "wire" {
			continue
		}
		kept = append(kept, e)
		if e.Kind == event.Got {
			end = len(kept)
		}
	}
	if end == 0 {
		return kept
	}
	return kept[:end]
}

// trace collects lines. Two servers race, so the OFFERs of one discovery are a set, and how often a
// client asked before it had them is chance.
type trace struct {
	lines    []string
	discover string
	offers   []string
	last     []string // the offers of the discovery before
}

func (t *trace) add(k event.Kind, line string) {
	switch k {
	case event.Discover:
		t.discover = line
	case event.Offer:
		if !slices.Contains(t.offers, line) && (t.discover != "" || !slices.Contains(t.last, line)) {
			t.offers = append(t.offers, line)
		}
	default:
		t.flush()
		t.lines = append(t.lines, line)
	}
}

func (t *trace) flush() {
	if t.discover == "" && len(t.offers) == 0 {
		return
	}
	if t.discover != "" {
		t.lines = append(t.lines, t.discover)
	}
	slices.Sort(t.offers)
	t.lines = append(t.lines, t.offers...)
	t.last, t.offers, t.discover = t.offers, nil, ""
}

// line prints one fact.
func (m Masks) line(e event.Event) string {
	words := []string{string(e.Kind)}
	if a := e.Peer.Addr(); a.IsValid() && a != netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		words = append(words, m.addr(a.String()))
	}
	if e.Path != "" {
		words = append(words, m.path(e.Path))
	}
	for _, key := range fields[e.Kind] {
		v := e.Attr(key)
		switch {
		case v == "":
			continue
		case key == "options":
			v = m.options(v, e.Kind)
		case strings.HasSuffix(key, "addr") || key == "server":
			v = m.addr(v)
		case key == "servers":
			v = m.servers(v)
		}
		words = append(words, string(event.Attrs(key, v)))
	}
	if e.Code != 0 && e.Kind != event.Miss {
		words = append(words, string(event.Attrs("code", itoa(e.Code))))
	}
	return strings.Join(words, " ")
}
