package dhcpd

import (
	"errors"
	"net/netip"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/server/dhcp"
)

// A sender sends from any port of one interface, or by any, and has no port, so it is in nobody's way. It never
// waits. What the kernel keeps while it asks for hosts that are not there fills one socket; broadcasts and frames
// have others.
type sender struct {
	index  int
	groups []netip.Addr
	all    *os.File // broadcasts
	routed *os.File // IPv4 packets, the way that the kernel knows
	frames *os.File // IPv4 packets to a hardware address
	packet []byte   // the last
}

// newSender makes one. Its interface joins the groups, so that what is sent to them arrives.
func newSender(link dhcp.Link, groups []netip.Addr) (s *sender, err error) {
	s = &sender{index: link.Index, groups: groups}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.all, err = rawFile("broadcasts", func(fd int) error { return s.join(fd, link) }); err != nil {
		return s, err
	}
	if s.routed, err = rawFile("sender", func(fd int) error { return s.roomy(fd, link) }); err != nil {
		return s, err
	}
	s.frames, err = packetFile(0, "frames", func(int) error { return nil })
	return s, err
}

// newRouter makes a sender of no interface: what it sends leaves by that of the kernel's route.
func newRouter() (*sender, error) { return newSender(dhcp.Link{}, nil) }

// rawFile makes a socket that sends IPv4 packets and hears nothing (raw(7)).
func rawFile(name string, prepare func(fd int) error) (*os.File, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_RAW|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, unix.IPPROTO_RAW)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	if err := prepare(fd); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}

func bound(fd int, link dhcp.Link) error {
	if device := link.Device(); device != "" {
		if err := unix.BindToDevice(fd, device); err != nil {
			return os.NewSyscallError("bind to device", err)
		}
	}
	err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_BROADCAST, 1)
	return os.NewSyscallError("broadcast", err)
}

func (s *sender) join(fd int, link dhcp.Link) error {
	if err := bound(fd, link); err != nil {
		return err
	}
	for _, group := range s.groups {
		err := unix.SetsockoptIPMreqn(fd, unix.IPPROTO_IP, unix.IP_ADD_MEMBERSHIP, &unix.IPMreqn{Multiaddr: group.As4(), Ifindex: int32(link.Index)})
		if err != nil {
			return os.NewSyscallError("join "+group.String(), err)
		}
	}
	return nil
}

// roomy has room for what waits for ARP: for three seconds the kernel keeps up to 100 packets for each host that
// is not there.
func (s *sender) roomy(fd int, link dhcp.Link) error {
	makeRoom(fd)
	return bound(fd, link)
}

func makeRoom(fd int) {
	const size = 4 << 20
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, size) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, size) // less does too
	}
}

// Send sends a datagram. To the owner of a MAC it goes without ARP.
func (s *sender) Send(out outgoing) error {
	s.packet = encode(s.packet, out.Src, out.Dst, out.Payload)
	if out.mac != nil {
		to := unix.RawSockaddrLinklayer{Family: unix.AF_PACKET, Protocol: bigEndian(unix.ETH_P_IP), Ifindex: int32(s.index), Halen: uint8(len(out.mac))}
		copy(to.Addr[:], out.mac)
		return at(s.frames, func(fd int) error { return transmit(fd, s.packet, &to) })
	}
	to, file := unix.RawSockaddrInet4{Family: unix.AF_INET, Addr: out.Dst.Addr().As4()}, s.routed
	if out.Dst.Addr() == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		file = s.all
	}
	return at(file, func(fd int) error { return transmit(fd, s.packet, &to) })
}

// at sends something at once or not at all.
func at(file interface {
	SyscallConn() (syscall.RawConn, error)
}, send func(fd int) error) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		for failed = send(int(fd)); errors.Is(failed, unix.EINTR); failed = send(int(fd)) {
		}
	})
	if err != nil { // the file was closed
		return os.ErrClosed
	}
	return os.NewSyscallError("sendto", failed)
}

// Close closes the sockets.
func (s *sender) Close() error {
	var all []error
	for _, f := range []*os.File{s.all, s.routed, s.frames} {
		if f != nil {
			all = append(all, f.Close())
		}
	}
	return errors.Join(all...)
}
