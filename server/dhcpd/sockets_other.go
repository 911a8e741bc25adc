//go:build !linux

package dhcpd

import (
	"errors"
	"net"
	"net/netip"
	"sync/atomic"

	"github.com/bootrig/bootrig/server/dhcp"
)

var errLinux = errors.New("the DHCP service listens on Linux only, for now")

type (
	sender struct{ groups []netip.Addr }
	pinger struct{ broken atomic.Bool }
)

func listenUDP(dhcp.Link, uint16) (socket, error)            { return nil, errLinux }
func hear(net.PacketConn, dhcp.Link, uint16) (socket, error) { return nil, errLinux }
func listenPacket(dhcp.Link, uint16) (socket, error)         { return nil, errLinux }
func newSender(dhcp.Link, []netip.Addr) (*sender, error)     { return nil, errLinux }
func newRouter() (*sender, error)                            { return nil, errLinux }
func newPinger() (*pinger, error)                            { return nil, errLinux }
func (*sender) Send(outgoing) error                          { return errLinux }
func (*sender) Close() error                                 { return nil }
func (*pinger) Ask(int, netip.Addr) error                    { return errLinux }
func (*pinger) Receive() (netip.Addr, error)                 { return netip.Addr{}, errLinux }
func (*pinger) Close() error                                 { return nil }
