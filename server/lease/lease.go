package lease

import (
	"net"
	"net/netip"
	"time"

	"github.com/insomniacslk/dhcp/iana"
)

// A Lease is an address and whose it is.
type Lease struct {
	Addr     netip.Addr
	ClientID []byte // option 61; nil: it sent none
	HWType   iana.HWType
	MAC      net.HardwareAddr
	Name     string     // the host's, without the domain
	Expires  time.Time  // zero: never
	Relay    netip.Addr // the relay it was taken through (giaddr)
	Since    time.Time  // when it was given or renewed; zero: unknown
	Class    []byte     // option 60, as the client last sent one
	Agent    []byte     // option 82, as a relay last sent one
	ServerID netip.Addr // what the client takes for our address, if a relay wants it to be another
}

// A Change is a Lease that is new or different, or Gone: then only Addr counts.
type Change struct {
	Lease
	Gone bool
}

// live tells whether the lease is still its client's.
func (l Lease) live(now time.Time) bool { return l.Expires.IsZero() || now.Before(l.Expires) }
