package dhcpd

import (
	"errors"
	"net/netip"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/bootrig/bootrig/internal/mmsg"
	"github.com/bootrig/bootrig/server/dhcp"
)

// A sender sends from any port of one interface, or by any, and has no port, so it is in nobody's way. It never
// waits. What the kernel keeps while it asks for hosts that are not there fills one socket; broadcasts and frames
// have others.
type sender struct {
	index  int
	groups []netip.Addr
	all    *door // broadcasts
	routed *door // IPv4 packets, the way that the kernel knows
	frames *door // IPv4 packets to a hardware address
	packet []byte
}

// A door is a socket that sends at once or not at all.
type door struct {
	*os.File
	raw    syscall.RawConn
	packet []byte // the last, and where it goes
	to     unix.RawSockaddrInet4
	frame  unix.RawSockaddrLinklayer
	failed error
	send   func(fd uintptr) // made once
}

func newDoor(file *os.File, err error) (*door, error) {
	if err != nil {
		return nil, err
	}
	d := &door{File: file}
	if d.raw, err = file.SyscallConn(); err != nil {
		file.Close()
		return nil, err
	}
	d.send = d.try
	return d, nil
}

// try sends the packet to its IPv4 address, or where it has none to that of its frame.
func (d *door) try(fd uintptr) {
	for d.failed = unix.EINTR; errors.Is(d.failed, unix.EINTR); {
		if d.to.Family != 0 {
			d.failed = transmit(int(fd), d.packet, &d.to)
		} else {
			d.failed = transmit(int(fd), d.packet, &d.frame)
		}
	}
}

// A sockaddr is one of IPv4, or of a link.
type sockaddr interface {
	unix.RawSockaddrInet4 | unix.RawSockaddrLinklayer
}

// transmit sends one message. It never waits, so the runtime is not told of it (see mmsg).
func transmit[A sockaddr](fd int, packet []byte, to *A) error {
	_, _, errno := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&packet[0])), uintptr(len(packet)),
		unix.MSG_DONTWAIT, uintptr(unsafe.Pointer(to)), unsafe.Sizeof(*to))
	if errno != 0 {
		return errno
	}
	return nil
}

// pass sends the packet.
func (d *door) pass() error {
	if d.raw.Control(d.send) != nil { // the file was closed
		return os.ErrClosed
	}
	return os.NewSyscallError("sendto", d.failed)
}

// newSender makes one. Its interface joins the groups, so that what is sent to them arrives.
func newSender(link dhcp.Link, groups []netip.Addr) (s *sender, err error) {
	s = &sender{index: link.Index, groups: groups}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.all, err = newDoor(rawFile("broadcasts", func(fd int) error { return s.join(fd, link) })); err != nil {
		return s, err
	}
	if s.routed, err = newDoor(rawFile("sender", func(fd int) error { return s.roomy(fd, link) })); err != nil {
		return s, err
	}
	s.frames, err = newDoor(packetFile(0, "frames", func(int) error { return nil }))
	return s, err
}

// newRouter makes a sender of no interface: what it sends leaves by that of the kernel's route.
func newRouter() (*sender, error) { return newSender(dhcp.Link{}, nil) }

// rawFile makes a socket that sends IPv4 packets and hears nothing (raw(7)). As no call of it waits it is not told to be one
// that does not: the runtime would wake up for the room that each packet leaves behind.
func rawFile(name string, prepare func(fd int) error) (*os.File, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.IPPROTO_RAW)
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

// makeRoom has a socket hold what comes while leases are being stored, and what waits to go out.
func makeRoom(fd int) { mmsg.Room(uintptr(fd), 4<<20) }

// Send sends a datagram. To the owner of a MAC it goes without ARP.
func (s *sender) Send(out outgoing) error {
	s.packet = encode(s.packet, out.Src, out.Dst, out.Payload)
	d := s.routed
	switch {
	case out.mac != nil:
		d = s.frames
		d.frame = unix.RawSockaddrLinklayer{Family: unix.AF_PACKET, Protocol: bigEndian(unix.ETH_P_IP), Ifindex: int32(s.index), Halen: uint8(len(out.mac))}
		copy(d.frame.Addr[:], out.mac)
	case out.Dst.Addr() == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		d = s.all
		fallthrough
	default:
		d.to = unix.RawSockaddrInet4{Family: unix.AF_INET, Addr: out.Dst.Addr().As4()}
	}
	d.packet = s.packet
	return d.pass()
}

// Close closes the sockets.
func (s *sender) Close() error {
	var all []error
	for _, f := range []*door{s.all, s.routed, s.frames} {
		if f != nil {
			all = append(all, f.Close())
		}
	}
	return errors.Join(all...)
}
