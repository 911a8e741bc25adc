package runner

import (
	"slices"
	"strings"

	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/internal/peer"
)

// dnsmasqDir is where a server's root shows a dnsmasq that is no part of the system.
const dnsmasqDir = "/opt/dnsmasq"

// dnsmasq tells whether the server is one, and which version was asked for; "" is the machine's own.
func (r Request) dnsmasq() (version string, is bool) {
	name, version, _ := strings.Cut(r.Server, "@")
	return version, name == "dnsmasq"
}

// peer finds that dnsmasq, and says what is missing.
func (r Request) peer() (peer.Program, error) {
	version, is := r.dnsmasq()
	if !is {
		return peer.Program{}, nil
	}
	found, err := peer.Find(version)
	if err != nil {
		err = notTested("%v", err)
	}
	return found, err
}

// dnsmasqCommand starts it in its root. It opens its lease file even as a pure proxy, so it gets one of its own.
func dnsmasqCommand(d peer.Program, config string) []string {
	return append(slices.Clone(d.In(dnsmasqDir)), "-d", "-C", config, "--dhcp-leasefile=/tmp/leases", "--pid-file=/tmp/pid")
}

// dnsmasqTree is what that needs to see.
func dnsmasqTree(d peer.Program) []tap.Bind {
	if d.Tree == "" {
		return nil
	}
	return []tap.Bind{{Host: tap.Outside(d.Tree), Inside: dnsmasqDir, ReadOnly: true}}
}
