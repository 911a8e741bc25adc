package tap

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"regexp"
	"time"
)

// HostSpec describes a host of the LAN: a net namespace with lo and eth0, a root, and a process.
type HostSpec struct {
	Name   string // lower case letters, digits and dashes
	MAC    net.HardwareAddr
	Prefix netip.Prefix // eth0's address; zero: it gets none
	IPv6   bool         // leave IPv6 on

	// Argv is the server's command line; its first word is looked up in PATH, and Self is this program.
	// With no Argv the host is only a place, for In.
	Argv  []string
	Env   []string // added to PATH, HOME and TMPDIR, which is all a server inherits
	Binds []Bind   // what its root shows beside the machine's own directories, which are read-only

	Stdout, Stderr io.Writer     // nil: only the last lines are kept. Written to from two goroutines
	Grace          time.Duration // between SIGTERM and SIGKILL when it is stopped; 3 s
}

var hostName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

func (s HostSpec) check() error {
	switch {
	case !hostName.MatchString(s.Name):
		return fmt.Errorf("host %q: a name is made of a-z, 0-9 and -", s.Name)
	case len(s.MAC) != 6:
		return fmt.Errorf("host %s: %q is not a MAC address of 6 bytes", s.Name, s.MAC)
	case s.Prefix != netip.Prefix{} && !s.Prefix.IsValid():
		return fmt.Errorf("host %s: no valid prefix", s.Name)
	case s.Prefix.IsValid() && s.Prefix.Addr().Is6() && !s.IPv6:
		return fmt.Errorf("host %s: %s needs IPv6", s.Name, s.Prefix)
	}
	return nil
}
