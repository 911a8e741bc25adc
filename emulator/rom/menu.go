package rom

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// Discovery control, option 43.6 (PXE 2.1 section 2.2.1.3).
const (
	noBroadcast = 1 << iota
	noMulticast
	onlyListed
	skipDiscovery
)

// An item is one line of a boot menu.
type item struct {
	typ  uint16
	text string
}

// A menu is what option 43 asks a ROM to show.
type menu struct {
	control   byte
	items     []item
	prompt    string
	timeout   byte // 0: first item at once; 255: wait for a key
	hasPrompt bool
}

// menu reads the sub-options 6, 9 and 10.
func (r *Reply) menu() menu {
	var m menu
	if c := r.PXE(6); len(c) > 0 {
		m.control = c[0]
	}
	for b := r.PXE(9); len(b) >= 3 && len(b) >= 3+int(b[2]); b = b[3+int(b[2]):] {
		m.items = append(m.items, item{typ: binary.BigEndian.Uint16(b), text: string(b[3 : 3+int(b[2])])})
	}
	if p := r.PXE(10); len(p) > 0 {
		m.timeout, m.prompt, m.hasPrompt = p[0], string(p[1:]), true
	}
	return m
}

// wait is how long the prompt stands; forever when it waits for a key.
func (m menu) wait() (d time.Duration, forever bool) {
	if !m.hasPrompt || m.timeout == 255 {
		return 0, true
	}
	return time.Duration(m.timeout) * time.Second, false
}

// bootServers lists whom to ask for a type, in iPXE's order: multicast, broadcast, then the listed ones
// (src/net/udp/dhcp.c, start_pxebs). accept is nil when any server may answer.
func (r *Reply) bootServers(typ uint16) (ask, accept []netip.Addr) {
	control := r.menu().control
	if group := r.PXE(7); len(group) >= 4 && control&noMulticast == 0 && addr4(group[:4]) != netip.IPv4Unspecified() {
		ask = append(ask, addr4(group[:4]))
	}
	if control&noBroadcast == 0 {
		ask = append(ask, broadcast)
	}
	listed := r.listed(typ)
	if control&onlyListed != 0 {
		accept = append([]netip.Addr{}, listed...)
	}
	return append(ask, listed...), accept
}

// listed reads sub-option 8: type, count, that many addresses.
func (r *Reply) listed(typ uint16) (addrs []netip.Addr) {
	for b := r.PXE(8); len(b) >= 3 && len(b) >= 3+4*int(b[2]); b = b[3+4*int(b[2]):] {
		for i := range int(b[2]) {
			if binary.BigEndian.Uint16(b) == typ {
				addrs = append(addrs, addr4(b[3+4*i:7+4*i]))
			}
		}
	}
	return addrs
}
