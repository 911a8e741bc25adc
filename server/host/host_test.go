package host

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
)

func seen() Snapshot {
	net := func(all ...string) (prefixes []netip.Prefix) {
		for _, p := range all {
			prefixes = append(prefixes, netip.MustParsePrefix(p))
		}
		return prefixes
	}
	return Snapshot{
		{Name: "lo", Index: 1, Up: true, Loopback: true, Prefixes: net("127.0.0.1/8")},
		{Name: "eth0", Index: 2, Up: true, Prefixes: net("192.168.9.2/24", "10.0.0.2/8")},
		{Name: "eth1", Index: 3, Prefixes: net("192.168.20.2/24")},
		{Name: "tap0", Index: 4, Up: true},
		{Name: "docker0", Index: 5, Up: true, Prefixes: net("172.17.0.1/16")},
	}
}

func names(links []dhcp.Link) string {
	var all []string
	for _, l := range links {
		name := l.Name
		if l.Prefix.IsValid() {
			name += " " + l.Prefix.Addr().String()
		}
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}

func addrs(all ...string) (found []netip.Addr) {
	for _, a := range all {
		found = append(found, netip.MustParseAddr(a))
	}
	return found
}

func TestLinksAreThoseToServe(t *testing.T) {
	for rule, c := range map[string]struct {
		named         []string
		wanted        config.Interfaces
		links, others string
	}{
		"all that are up, but for the loopback": {nil, config.Interfaces{}, "eth0 192.168.9.2, eth0 10.0.0.2, docker0 172.17.0.1", "tap0"},
		"those the configuration names":         {nil, config.Interfaces{Names: []string{"eth*"}}, "eth0 192.168.9.2, eth0 10.0.0.2", "tap0, docker0 172.17.0.1"},
		"the one that has an address":           {nil, config.Interfaces{Addrs: addrs("172.17.0.1")}, "docker0 172.17.0.1", "eth0 192.168.9.2, eth0 10.0.0.2, tap0"},
		"the command line is stronger":          {[]string{"eth0"}, config.Interfaces{Names: []string{"docker0"}}, "eth0 192.168.9.2, eth0 10.0.0.2", "tap0, docker0 172.17.0.1"},
		"the loopback, if it is named":          {[]string{"lo"}, config.Interfaces{}, "lo 127.0.0.1", "eth0 192.168.9.2, eth0 10.0.0.2, tap0, docker0 172.17.0.1"},
		"one that is down is not there":         {[]string{"eth1"}, config.Interfaces{}, "", "eth0 192.168.9.2, eth0 10.0.0.2, tap0, docker0 172.17.0.1"},
	} {
		links, others := seen().Links(c.named, c.wanted)
		if names(links) != c.links || names(others) != c.others {
			t.Errorf("%s: %s; others %s; want %s; others %s", rule, names(links), names(others), c.links, c.others)
		}
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	wants := config.Interfaces{Names: []string{"eth0", "eth1", "tap0", "usb*", "e*", ""}, Addrs: addrs("172.17.0.1", "192.168.20.2", "fe80::1"), Rule: "x:1"}
	for rule, c := range map[string]struct {
		got, want []string
	}{
		"of the configuration": {seen().Missing(nil, wants), []string{
			"x:1: eth1 is down", "x:1: tap0 has no IPv4 address", "x:1: there is no interface usb* here, only lo, eth0, eth1, tap0, docker0",
			"x:1: no interface that is up has the address 192.168.20.2"}},
		"of the command line":          {seen().Missing([]string{"eth0", "tap0"}, wants), []string{"--interface: tap0 has no IPv4 address"}},
		"nothing":                      {seen().Missing(nil, config.Interfaces{Except: []string{"eth0"}}), nil},
		"what is not there at all":     {seen().Absent(wants), []string{"there is no interface usb*", "no interface has the address 192.168.20.2"}},
		"not there at all is nothing":  {seen().Absent(config.Interfaces{Names: []string{"eth1", "tap0"}}), nil},
		"any address is always there":  {seen().Missing(nil, config.Interfaces{Addrs: addrs("0.0.0.0")}), nil},
		"the same is absent from none": {Snapshot{}.Absent(config.Interfaces{}), nil},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", rule, diff)
		}
	}
}

func TestSnapshotsAreEqualIfNothingChanged(t *testing.T) {
	if !seen().Equal(seen()) {
		t.Error("one is another")
	}
	for what, change := range map[string]func(*Interface){
		"a name": func(i *Interface) { i.Name = "x" }, "a number": func(i *Interface) { i.Index++ }, "down": func(i *Interface) { i.Up = false },
		"an address": func(i *Interface) { i.Prefixes = i.Prefixes[:1] },
	} {
		other := seen()
		change(&other[1])
		if seen().Equal(other) {
			t.Errorf("%s is no change", what)
		}
	}
}
