package main

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/bootrig/bootrig/server/dhcp"
)

// hostLinks are the IPv4 networks of this host's interfaces that are up; of those named, if any are,
// where even the loopback may be one.
func hostLinks(named []string) ([]dhcp.Link, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	if err := exist(named, interfaces); err != nil {
		return nil, err
	}
	var links []dhcp.Link
	for _, i := range interfaces {
		wanted := slices.Contains(named, i.Name) || len(named) == 0 && i.Flags&net.FlagLoopback == 0
		if !wanted || i.Flags&net.FlagUp == 0 {
			continue
		}
		networks, err := networksOf(i)
		if err != nil {
			return nil, err
		}
		for _, prefix := range networks {
			links = append(links, dhcp.Link{Name: i.Name, Index: i.Index, Prefix: prefix})
		}
	}
	if len(links) == 0 && len(named) > 0 {
		return nil, fmt.Errorf("--interface: %s is down or has no IPv4 address", strings.Join(named, ", "))
	}
	return links, nil
}

// hostInterfaces are all that are up, one Link for each IPv4 address, and for one that has none too.
func hostInterfaces() ([]dhcp.Link, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var all []dhcp.Link
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		networks, err := networksOf(i)
		if err != nil {
			return nil, err
		}
		if len(networks) == 0 {
			networks = []netip.Prefix{{}}
		}
		for _, prefix := range networks {
			all = append(all, dhcp.Link{Name: i.Name, Index: i.Index, Prefix: prefix})
		}
	}
	return all, nil
}

// without are the links that are not among some.
func without(all, some []dhcp.Link) []dhcp.Link {
	return slices.DeleteFunc(all, func(l dhcp.Link) bool { return slices.Contains(some, l) })
}

func exist(named []string, interfaces []net.Interface) error {
	var names []string
	for _, i := range interfaces {
		names = append(names, i.Name)
	}
	for _, name := range named {
		if !slices.Contains(names, name) {
			return fmt.Errorf("--interface: there is no %s here, only %s", name, strings.Join(names, ", "))
		}
	}
	return nil
}

func networksOf(i net.Interface) ([]netip.Prefix, error) {
	addrs, err := i.Addrs()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", i.Name, err)
	}
	var found []netip.Prefix
	for _, a := range addrs {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil && prefix.Addr().Is4() {
			found = append(found, prefix)
		}
	}
	return found, nil
}
