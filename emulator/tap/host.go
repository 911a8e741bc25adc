package tap

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"regexp"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
)

// HostSpec describes a host of the LAN: a net namespace with lo and its cards, a root, and a process.
type HostSpec struct {
	Name   string // lower case letters, digits and dashes
	NICs   []NIC  // eth0, eth1, ...
	Routes []link.Route
	IPv6   bool // leave IPv6 on

	// Argv is the server's command line; its first word is looked up in PATH, and Self is this program.
	// With no Argv the host is only a place, for In.
	Argv  []string
	Env   []string // added to PATH, HOME and TMPDIR, which is all a server inherits
	Binds []Bind   // what its root shows beside the machine's own directories, which are read-only

	Stdout, Stderr io.Writer     // nil: only the last lines are kept. Written to from two goroutines
	Grace          time.Duration // between SIGTERM and SIGKILL when it is stopped; 6 s, since a server may take 2 for bodies under way
}

// A NIC is a card of a host.
type NIC struct {
	MAC    net.HardwareAddr
	Prefix netip.Prefix // its address; zero: it gets none
	VLAN   uint16       // of its port
}

var hostName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

func (s HostSpec) check() error {
	switch {
	case !hostName.MatchString(s.Name):
		return fmt.Errorf("host %q: a name is made of a-z, 0-9 and -", s.Name)
	case len(s.NICs) == 0:
		return fmt.Errorf("host %s: it has no card", s.Name)
	}
	for _, n := range s.NICs {
		switch {
		case len(n.MAC) != 6:
			return fmt.Errorf("host %s: %q is not a MAC address of 6 bytes", s.Name, n.MAC)
		case n.Prefix != netip.Prefix{} && !n.Prefix.IsValid():
			return fmt.Errorf("host %s: no valid prefix", s.Name)
		case n.Prefix.IsValid() && n.Prefix.Addr().Is6() && !s.IPv6:
			return fmt.Errorf("host %s: %s needs IPv6", s.Name, n.Prefix)
		}
	}
	return nil
}
