// Package host says which links this machine has, now and whenever that changes.
//
// # Why
//
// server.Config reads nothing of the host, so somebody has to look for it. What is seen comes as whole snapshots:
// the kernel's messages only say that it is time to look again, so none that is lost, or comes in another order,
// leaves a wrong picture.
package host

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
)

// An Interface is one of the host's.
type Interface struct {
	Name     string
	Index    int
	Up       bool // somebody switched it on; whether a cable is in it is another matter
	Loopback bool
	Prefixes []netip.Prefix // its IPv4 addresses, each with its network
}

// A Snapshot is all interfaces at one moment, in the order of their numbers.
type Snapshot []Interface

// Equal tells whether nothing has changed.
func (s Snapshot) Equal(other Snapshot) bool {
	return slices.EqualFunc(s, other, func(a, b Interface) bool {
		return a.Name == b.Name && a.Index == b.Index && a.Up == b.Up && a.Loopback == b.Loopback && slices.Equal(a.Prefixes, b.Prefixes)
	})
}

// Links are what is to be served: of the interfaces named, if any are, where even the loopback may be one, else
// of those that the configuration wants. others are the rest of what is up, also what has no address.
func (s Snapshot) Links(named []string, wanted config.Interfaces) (links, others []dhcp.Link) {
	for _, i := range s {
		chosen := slices.Contains(named, i.Name) || len(named) == 0 && !i.Loopback
		switch {
		case !i.Up:
		case chosen:
			links = append(links, i.links()...)
			fallthrough
		case !i.Loopback:
			others = append(others, i.links()...)
		}
		if i.Up && !i.Loopback && len(i.Prefixes) == 0 {
			others = append(others, dhcp.Link{Name: i.Name, Index: i.Index})
		}
	}
	if len(named) == 0 {
		links = wanted.Limit(links)
	}
	return links, slices.DeleteFunc(others, func(l dhcp.Link) bool { return slices.Contains(links, l) })
}

func (i Interface) links() []dhcp.Link {
	var all []dhcp.Link
	for _, prefix := range i.Prefixes {
		all = append(all, dhcp.Link{Name: i.Name, Index: i.Index, Prefix: prefix})
	}
	return all
}

// Missing says, one line each, what is asked for and not there to be served: the interfaces named, if any are,
// else those that the configuration names.
func (s Snapshot) Missing(named []string, wanted config.Interfaces) []string {
	var found []string
	say := func(rule, text string) {
		if text != "" {
			found = append(found, rule+": "+text)
		}
	}
	for _, name := range named {
		say("--interface", s.lacks(name))
	}
	if len(named) > 0 {
		return found
	}
	for _, name := range wanted.Names {
		if name != "" {
			say(wanted.Rule, s.lacks(name))
		}
	}
	for _, addr := range wanted.Addrs {
		if addr.Is4() && !addr.IsUnspecified() && !s.has(addr) {
			say(wanted.Rule, fmt.Sprintf("no interface that is up has the address %s", addr))
		}
	}
	return found
}

// Absent are the interfaces and addresses that the configuration names and that are not there at all.
func (s Snapshot) Absent(wanted config.Interfaces) (found []string) {
	for _, name := range wanted.Names {
		if name != "" && !slices.ContainsFunc(s, func(i Interface) bool { return matches(name, i.Name) }) {
			found = append(found, "there is no interface "+name)
		}
	}
	for _, addr := range wanted.Addrs {
		if addr.Is4() && !addr.IsUnspecified() && !addr.IsLoopback() && !s.has(addr) {
			found = append(found, fmt.Sprintf("no interface has the address %s", addr))
		}
	}
	return found
}

// matches compares as interface= does.
func matches(pattern, name string) bool {
	start, wild := strings.CutSuffix(pattern, "*")
	return name == pattern || wild && strings.HasPrefix(name, start)
}

// lacks says why an interface cannot be served; "": it can. With a `*` at its end one of many is enough.
func (s Snapshot) lacks(pattern string) string {
	reason := fmt.Sprintf("there is no interface %s here, only %s", pattern, s.names())
	for _, i := range s {
		switch {
		case !matches(pattern, i.Name):
		case !i.Up:
			reason = i.Name + " is down"
		case len(i.Prefixes) == 0:
			reason = i.Name + " has no IPv4 address"
		default:
			return ""
		}
	}
	return reason
}

func (s Snapshot) names() string {
	var all []string
	for _, i := range s {
		all = append(all, i.Name)
	}
	return strings.Join(all, ", ")
}

func (s Snapshot) has(addr netip.Addr) bool {
	return slices.ContainsFunc(s, func(i Interface) bool {
		return i.Up && slices.ContainsFunc(i.Prefixes, func(p netip.Prefix) bool { return p.Addr() == addr })
	})
}
