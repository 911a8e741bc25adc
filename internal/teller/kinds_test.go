package teller

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/wire/event"
)

// full is a fact with something in every field.
func full(kind event.Kind, source string) event.Event {
	return event.Event{
		Kind: kind, Source: source, Client: card, Peer: netip.MustParseAddrPort("192.168.9.2:67"), Path: "a/file", Bytes: 7, Code: 200, Xfer: 1,
		Rule: "dnsmasq.conf:5", Text: "a text", Attrs: `of=other kind=other item=1.0 options="tsize 7" siaddr=192.168.9.3 cause=other`,
	}
}

// Kinds whose words are those of another kind, with the kind's own name in them, would be told apart; so
// each must have an entry, and no two say the same.
func TestEveryKindHasWordsOfItsOwn(t *testing.T) {
	for _, source := range []string{"server", "wire", "guest"} {
		said := map[string]event.Kind{}
		for _, kind := range event.Kinds() {
			if _, ok := kinds[kind]; !ok {
				t.Errorf("%s has no words", kind)
				continue
			}
			text := words(full(kind, source), &transfer{})
			if other, taken := said[text]; taken {
				t.Errorf("%s of the %s says what %s says: %s", kind, source, other, text)
			}
			said[text] = kind
		}
	}
	if len(kinds) != len(event.Kinds()) {
		t.Errorf("%d kinds have words, there are %d", len(kinds), len(event.Kinds()))
	}
}

// What is left out of a server's log is left out on purpose.
func TestAServerIsSilentOnlyWhereAnotherFactTells(t *testing.T) {
	for _, kind := range event.Kinds() {
		e := full(kind, "server")
		switch kind {
		case event.Data, event.Console: // progress and milestones: they have tests of their own
			continue
		}
		silent := told(&Printer{}, moment{none, e}) == ""
		if with := kinds[kind].with; silent != (with != "") {
			t.Errorf("%s is silent: %t, and told with %q", kind, silent, with)
		}
		if told(&Printer{Verbose: true}, moment{none, e}) == "" {
			t.Errorf("%s is silent even if all is asked for", kind)
		}
	}
}

func TestWhatDHCPSaysIsTold(t *testing.T) {
	for _, c := range []struct {
		says string
		e    event.Event
		want string
	}{
		{"an address that is refused", server(event.Nak, event.Event{Text: "wrong network", Rule: "a:1"}), "NAK (wrong network, a:1)"},
		{"an address that is taken", server(event.Conflict, event.Event{Text: "10.0.0.5 answers a ping", Rule: "a:1"}), "CONFLICT (10.0.0.5 answers a ping, a:1)"},
		{"an address that a client found taken", server(event.Decline, event.Event{Text: "declined: somebody has 10.0.0.5", Rule: "a:1", Attrs: "of=decline from=10.0.0.1:68"}), "DECLINE (declined: somebody has 10.0.0.5, a:1)"},
		{"an address given back", server(event.Release, event.Event{Text: "released: 10.0.0.5 is free", Rule: "a:1"}), "RELEASE (released: 10.0.0.5 is free, a:1)"},
		{"another boot server", server(event.Heard, event.Event{Path: "evil.0", Attrs: "of=offer server=10.0.0.3 class=PXEClient"}), "hears of another server: OFFER from 10.0.0.3 file evil.0 PXEClient"},
		{"another server's refusal", server(event.Heard, event.Event{Attrs: "of=nak server=10.0.0.3"}), "hears of another server: NAK from 10.0.0.3"},
		{"what the DHCP server gives", server(event.Heard, event.Event{Attrs: "of=offer server=10.0.0.3 yiaddr=10.0.0.5"}), ""},
		{"a boot that went well", server(event.Verdict, event.Event{Text: "it fetched a kernel", Attrs: "id=booted sure=likely"}), "booted: it fetched a kernel"},
		{"one that did not", server(event.Verdict, event.Event{Text: "no request arrives", Attrs: `id=dead-tftp sure=likely fix="open port 69"`}), "does not go on: no request arrives (dead-tftp, likely). What to do: open port 69"},
		{"a lease", server(event.Ack, event.Event{Text: "for 1h0m0s", Rule: "a:1", Attrs: "yiaddr=10.0.0.5 siaddr=10.0.0.1"}), "ACK address 10.0.0.5 (for 1h0m0s, a:1)"},
		{"options without a lease", server(event.Ack, event.Event{Text: "the options, without a lease", Rule: "a:1", Attrs: "siaddr=10.0.0.1"}), "ACK (the options, without a lease, a:1)"},
		{"a client from before DHCP", server(event.BOOTPReply, event.Event{Text: "10.0.0.5 is its own for ever", Attrs: "yiaddr=10.0.0.5"}), "BOOTP-REPLY address 10.0.0.5 (10.0.0.5 is its own for ever)"},
		{"a relayed question", server(event.Relay, event.Event{Text: "relayed to 10.1.0.1:67", Rule: "a:1", Attrs: "of=discover"}), "relay of DISCOVER: relayed to 10.1.0.1:67 (a:1)"},
		{"an offer without a server address, which is a fault", wire(event.Offer, "a.0", "siaddr=0.0.0.0"), "OFFER from 192.168.9.2 file a.0 siaddr 0.0.0.0"},
		{"a URI, which needs none", wire(event.Offer, "http://a/b", "siaddr=0.0.0.0"), "OFFER from 192.168.9.2 file http://a/b"},
		{"a closed port", wire(event.Unreachable, "a", ""), "finds a closed port at 192.168.9.2:67 a"},
		{"a closed port of the guest", wire(event.Unreachable, "", "by=guest"), "its port is closed to 192.168.9.2:67"},
		{"a fact of tomorrow", wire("teapot", "a", ""), "teapot 192.168.9.2 a"},
	} {
		got := told(&Printer{}, moment{none, c.e})
		if _, text, _ := strings.Cut(got, c.e.Client); strings.TrimSpace(text) != c.want {
			t.Errorf("%s: got %q, want %q", c.says, got, c.want)
		}
	}
}
