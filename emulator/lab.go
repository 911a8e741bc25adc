package emulator

import (
	"fmt"
	"net"
	"net/netip"

	"github.com/bootrig/bootrig/emulator/house"
	"github.com/bootrig/bootrig/emulator/link"
	"github.com/bootrig/bootrig/wire/event"
)

// A LabConfig describes a lab. The zero LabConfig is 192.168.9.0/24 with a house at its first address.
type LabConfig struct {
	LAN     netip.Prefix   // the network; default 192.168.9.0/24
	House   house.Config   // the plain DHCP server; Addr defaults to the network's first address
	NoHouse bool           // there is none: the server under test gives the addresses
	Faults  link.Faults    // of the wire
	Seed    uint64         // decides the faults
	Events  event.Recorder // the house's facts, and those of guests that have no recorder of their own; may be nil
}

// NewLab makes a lab. Its caller must call Run or Close, which end what it started.
func NewLab(cfg LabConfig) (*Lab, error) {
	if !cfg.LAN.IsValid() {
		cfg.LAN = netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 168, 9, 0}), 24)
	}
	if !cfg.LAN.Addr().Is4() || cfg.LAN.Bits() > 30 {
		return nil, fmt.Errorf("lab: LAN %s is no IPv4 network with room for hosts, such as 192.168.9.0/24", cfg.LAN)
	}
	lan := link.NewLAN(cfg.Seed)
	lan.SetFaults(cfg.Faults)
	l := Drive(lan)
	l.hosts.lan, l.events = cfg.LAN.Masked(), cfg.Events
	if cfg.NoHouse {
		return l, nil
	}
	if err := l.build(cfg.House); err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	return l, nil
}

// build puts up the house.
func (l *Lab) build(cfg house.Config) error {
	if !cfg.Addr.IsValid() {
		cfg.Addr = netip.PrefixFrom(l.hosts.lan.Addr().Next(), l.hosts.lan.Bits())
	}
	if cfg.MAC == nil {
		cfg.MAC = net.HardwareAddr{0x52, 0x54, 0, 0, 0, 1}
	}
	if cfg.Events == nil {
		cfg.Events = l.events
	}
	if err := l.hosts.take("house", cfg.MAC, cfg.Addr); err != nil {
		return err
	}
	_, err := l.plug("house", house.New(cfg), func() {})
	return err
}
