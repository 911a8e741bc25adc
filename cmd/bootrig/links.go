package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/server/host"
)

// hostLinks are the IPv4 networks of this host's interfaces that are up; of those named, if any are,
// where even the loopback may be one.
func hostLinks(named []string) ([]dhcp.Link, error) {
	w, err := host.New()
	if err != nil {
		return nil, err
	}
	defer w.Close()
	now, err := w.Snapshot()
	if err != nil {
		return nil, err
	}
	links, _ := now.Links(named, config.Interfaces{})
	if len(links) == 0 && len(named) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(now.Missing(named, config.Interfaces{}), ", "))
	}
	return links, nil
}

// here is what the server is told of its host.
func here(now host.Snapshot, named []string, wanted config.Interfaces) server.Host {
	h := server.Host{Missing: now.Missing(named, wanted)}
	h.Links, h.Others = now.Links(named, wanted)
	return h
}

// bound says what bind-interfaces wants to be there at the start and is not, as dnsmasq does.
func bound(now host.Snapshot, named []string, wanted config.Interfaces) error {
	if wanted.BindRule == "" || len(named) > 0 {
		return nil
	}
	absent := now.Absent(wanted)
	if len(absent) == 0 {
		return nil
	}
	slices.Sort(absent)
	return fmt.Errorf("%s: bind-interfaces wants all at the start, and %s: with bind-dynamic, or neither, it is waited for",
		wanted.BindRule, strings.Join(absent, ", "))
}
