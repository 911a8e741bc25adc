// Package house is the plain DHCP server a lab has already: addresses, and nothing of PXE.
package house

import (
	"net"
	"net/netip"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/internal/event"
)

// A Config describes the house.
type Config struct {
	MAC     net.HardwareAddr       // default 52:54:00:00:00:01
	Addr    netip.Prefix           // its address and the LAN's prefix
	Reserve map[[6]byte]netip.Addr // addresses by MAC
	First   netip.Addr             // first address of the pool
	NoRA    bool                   // do not answer IPv6 router solicitations
	SIAddr  netip.Addr             // siaddr of its replies; default itself
	Delay   time.Duration          // before each DHCP reply
	Events  event.Recorder
}

// New makes the house.
func New(cfg Config) link.Station { return nil }
