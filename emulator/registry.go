package emulator

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
)

// A registry knows who is on a lab's network, so that two who cannot be there together are told at once.
type registry struct {
	lan netip.Prefix // invalid: any

	mu    sync.Mutex
	taken map[string]string // a name, a MAC or an address, and whose it is
}

// take enters a host, or says why it cannot be there. A host without address gets one by DHCP.
func (r *registry) take(name string, mac net.HardwareAddr, addr netip.Prefix) error {
	if err := r.check(name, mac, addr); err != nil {
		return err
	}
	keys := []string{"name " + name, "MAC address " + mac.String()}
	if addr.IsValid() {
		keys = append(keys, "address "+addr.Addr().String())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, key := range keys {
		if whose, ok := r.taken[key]; ok {
			return fmt.Errorf("%s: the %s is taken by %s: give it another", name, key, whose)
		}
	}
	if r.taken == nil {
		r.taken = map[string]string{}
	}
	for _, key := range keys {
		r.taken[key] = name
	}
	return nil
}

// leave gives back all that a host had.
func (r *registry) leave(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for key, whose := range r.taken {
		if whose == name {
			delete(r.taken, key)
		}
	}
}

func (r *registry) check(name string, mac net.HardwareAddr, addr netip.Prefix) error {
	switch {
	case name == "":
		return errors.New("a host without a name: set Name")
	case len(mac) == 0:
		return fmt.Errorf("%s: it has no MAC address: set MAC, to 52:54:00:12:34:56 for example", name)
	case len(mac) != 6:
		return fmt.Errorf("%s: the MAC address %s has %d bytes, not 6", name, mac, len(mac))
	case mac[0]&1 != 0:
		return fmt.Errorf("%s: the MAC address %s is one of a group: its first byte must be even", name, mac)
	case addr == netip.Prefix{}:
		return nil
	}
	return r.checkAddr(name, addr)
}

func (r *registry) checkAddr(name string, addr netip.Prefix) error {
	ip := addr.Addr()
	switch {
	case !addr.IsValid() || !ip.Is4():
		return fmt.Errorf("%s: its address %s is no IPv4 address with the length of its network, such as 192.168.9.2/24", name, addr)
	case r.lan.IsValid() && (addr.Masked() != r.lan):
		return fmt.Errorf("%s: its address %s is not in the lab's network, %s", name, addr, r.lan)
	case addr.Bits() < 31 && (ip == addr.Masked().Addr() || !addr.Contains(ip.Next())):
		return fmt.Errorf("%s: its address %s is that of a whole network", name, addr)
	}
	return nil
}
