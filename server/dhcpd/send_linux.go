package dhcpd

import (
	"errors"
	"net/netip"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/server/dhcp"
)

// A sender sends from any port of one interface, or by any, and has no port, so it is in nobody's way.
type sender struct {
	index  int
	routed *os.File // IPv4 packets, the way that the kernel knows
	frames *os.File // IPv4 packets to a hardware address
}

// newSender makes one. Its interface joins the groups, so that what is sent to them arrives.
func newSender(link dhcp.Link, groups []netip.Addr) (*sender, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_RAW|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, unix.IPPROTO_RAW) // which hears nothing (raw(7))
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	s := &sender{index: link.Index, routed: os.NewFile(uintptr(fd), "sender")}
	if err = s.prepare(fd, link, groups); err == nil {
		s.frames, err = packetFile(0, "frames", func(int) error { return nil })
	}
	if err != nil {
		s.routed.Close()
		return nil, err
	}
	return s, nil
}

// newRouter makes a sender of no interface: what it sends leaves by that of the kernel's route.
func newRouter() (*sender, error) { return newSender(dhcp.Link{}, nil) }

func (s *sender) prepare(fd int, link dhcp.Link, groups []netip.Addr) error {
	if device := link.Device(); device != "" {
		if err := unix.BindToDevice(fd, device); err != nil {
			return os.NewSyscallError("bind to device", err)
		}
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_BROADCAST, 1); err != nil {
		return os.NewSyscallError("broadcast", err)
	}
	for _, group := range groups {
		err := unix.SetsockoptIPMreqn(fd, unix.IPPROTO_IP, unix.IP_ADD_MEMBERSHIP, &unix.IPMreqn{Multiaddr: group.As4(), Ifindex: int32(link.Index)})
		if err != nil {
			return os.NewSyscallError("join "+group.String(), err)
		}
	}
	return nil
}

// Send sends a datagram. To the owner of a MAC it goes without ARP.
func (s *sender) Send(out outgoing) error {
	packet := encode(out.Src, out.Dst, out.Payload)
	to, file := unix.Sockaddr(&unix.SockaddrInet4{Addr: out.Dst.Addr().As4()}), s.routed
	if out.mac != nil {
		link := &unix.SockaddrLinklayer{Protocol: bigEndian(unix.ETH_P_IP), Ifindex: s.index, Halen: uint8(len(out.mac))}
		copy(link.Addr[:], out.mac)
		to, file = link, s.frames
	}
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Write(func(fd uintptr) bool {
		failed = unix.Sendto(int(fd), packet, 0, to)
		return !errors.Is(failed, syscall.EAGAIN) && !errors.Is(failed, syscall.EINTR)
	})
	if err != nil { // the file was closed
		return os.ErrClosed
	}
	return os.NewSyscallError("sendto", failed)
}

// Close closes both sockets.
func (s *sender) Close() error { return errors.Join(s.routed.Close(), s.frames.Close()) }
