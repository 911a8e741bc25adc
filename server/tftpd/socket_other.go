//go:build !linux

package tftpd

import (
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
)

// tune is for Linux only.
func tune(*net.UDPConn) {}

func notes(uintptr) {}

func mtu(_ *net.UDPConn, index int) int {
	on, err := net.InterfaceByIndex(index)
	if err != nil {
		return 0
	}
	return on.MTU
}

// mostCuts is 0: only Linux cuts messages.
func mostCuts(*net.UDPConn) int { return 0 }

func withCut(oob []byte, _ int) []byte { return oob }

// arrival reads where a datagram came: the interface, and our address.
func arrival(oob []byte) (index int, local netip.Addr, ok bool) {
	var cm ipv4.ControlMessage
	if cm.Parse(oob) != nil {
		return 0, netip.Addr{}, false
	}
	local, ok = netip.AddrFromSlice(cm.Dst)
	return cm.IfIndex, local.Unmap(), ok
}

// unreachable needs the error queue, which only Linux has.
func (*socket) unreachable() []closed { return nil }
