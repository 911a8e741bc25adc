package teller

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/wire/event"
)

func upper(k event.Kind) string { return strings.ToUpper(string(k)) }

// from is the server's address of what was seen on a wire. A server's own facts have no need to say it,
// and a broadcast address says nothing.
func from(e event.Event) string {
	if addr := e.Peer.Addr(); e.Source != "server" && addr.IsValid() && addr != broadcast() {
		return addr.String()
	}
	return ""
}

func broadcast() netip.Addr { return netip.AddrFrom4([4]byte{255, 255, 255, 255}) }

// set is an address that is one.
func set(addr string) string {
	if addr == "0.0.0.0" {
		return ""
	}
	return addr
}

func label(name, value string) string {
	if value == "" {
		return ""
	}
	return name + " " + value
}

// bracket sets words behind a sentence.
func bracket(words ...string) string {
	words = slices.DeleteFunc(words, empty)
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, ", ") + ")"
}

func join(words ...string) string { return strings.Join(slices.DeleteFunc(words, empty), " ") }

func empty(word string) bool { return word == "" }
