package tap

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"

	"github.com/vishvananda/netlink"
)

// Hangup is SIGHUP, by which servers read their configuration again.
const Hangup = syscall.SIGHUP

// Signal sends the process a signal.
func (h *Host) Signal(s os.Signal) error {
	if err := h.now().cmd.Process.Signal(s); err != nil {
		return fmt.Errorf("host %s: send %v: %w", h.spec.Name, s, err)
	}
	return nil
}

// SetLink sets a card up or down, as an administrator does: its addresses stay.
func (h *Host) SetLink(card int, up bool) error {
	set := netlink.LinkSetDown
	if up {
		set = netlink.LinkSetUp
	}
	return h.onCard(card, set)
}

// AddAddr gives a card one more address.
func (h *Host) AddAddr(card int, addr netip.Prefix) error {
	return h.onCard(card, func(l netlink.Link) error { return netlink.AddrAdd(l, address(addr)) })
}

// RemoveAddr takes an address from a card.
func (h *Host) RemoveAddr(card int, addr netip.Prefix) error {
	return h.onCard(card, func(l netlink.Link) error { return netlink.AddrDel(l, address(addr)) })
}

func (h *Host) onCard(card int, do func(netlink.Link) error) error {
	name := fmt.Sprint("eth", card)
	err := h.In(func() error {
		l, err := netlink.LinkByName(name)
		if err != nil {
			return err
		}
		return do(l)
	})
	if err != nil {
		return fmt.Errorf("host %s: %s: %w", h.spec.Name, name, err)
	}
	return nil
}

func address(p netip.Prefix) *netlink.Addr {
	return &netlink.Addr{IPNet: &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}}
}
