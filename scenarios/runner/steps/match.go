package steps

import (
	"net/netip"
	"path"
	"strconv"

	"github.com/bootrig/bootrig/scenarios/runner/script"
	"github.com/bootrig/bootrig/wire/event"
)

// Matches reports whether a fact is the one an expect line means. What the server says of itself never
// is, except why it ignored a packet: nobody else can know that.
func Matches(want script.Expect, e event.Event, plan *script.Plan) bool {
	switch {
	case string(e.Kind) != want.Kind || e.Client != want.Guest:
		return false
	case e.Source == "server" && e.Kind != event.Ignore:
		return false
	case want.Path != "" && !pathMatches(want.Path, e.Path):
		return false
	case want.Text != nil && !want.Text.MatchString(e.Text):
		return false
	case want.From != "" && sender(e, plan) != address(want, plan):
		return false
	}
	for _, f := range want.Fields {
		if field(e, f.Key) != f.Value {
			return false
		}
	}
	return true
}

func pathMatches(pattern, name string) bool {
	if pattern == name {
		return true
	}
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

// address says who house and server are to a guest.
func address(want script.Expect, plan *script.Plan) netip.Addr {
	switch hosts := plan.Hosts(want.Guest); want.From {
	case "house":
		return hosts.House
	case "server":
		return hosts.Server
	}
	addr, _ := netip.ParseAddr(want.From) // the script's reader has seen to it
	return addr
}

// sender is who is behind a fact. What a relay brought is from the server that option 54 names.
func sender(e event.Event, plan *script.Plan) netip.Addr {
	peer := e.Peer.Addr()
	if router := plan.Hosts(e.Client).Router; router.IsValid() && peer == router {
		if server, err := netip.ParseAddr(e.Attr("server")); err == nil {
			return server
		}
	}
	return peer
}

// field is a fact's field or attribute as an expect line writes it.
func field(e event.Event, key string) string {
	switch key {
	case "file":
		return e.Path
	case "code":
		return strconv.Itoa(e.Code)
	case "bytes":
		return strconv.FormatInt(e.Bytes, 10)
	case "port":
		return strconv.Itoa(int(e.Peer.Port()))
	case "text":
		return e.Text
	case "rule":
		return e.Rule
	}
	return e.Attr(key)
}
