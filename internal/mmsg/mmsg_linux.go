package mmsg

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Batch is room for messages.
type Batch struct {
	headers  []header
	parts    []unix.Iovec
	names    []unix.RawSockaddrInet4
	controls []int // how long the room is for what the kernel says of a message, or is what it is told
}

// A header is the kernel's struct mmsghdr.
type header struct {
	unix.Msghdr
	size uint32
}

// New makes room for n messages, which Put fills.
func New(n int) *Batch {
	b := &Batch{headers: make([]header, n), parts: make([]unix.Iovec, n), names: make([]unix.RawSockaddrInet4, n), controls: make([]int, n)}
	for i := range b.headers {
		h := &b.headers[i]
		h.Iov, h.Name = &b.parts[i], (*byte)(unsafe.Pointer(&b.names[i]))
		h.SetIovlen(1)
	}
	return b
}

// Put says where a message lies or is to lie, and its control messages (cmsg(3)).
func (b *Batch) Put(i int, payload, control []byte) {
	b.parts[i].Base = unsafe.SliceData(payload)
	b.parts[i].SetLen(len(payload))
	b.headers[i].Control = unsafe.SliceData(control)
	b.controls[i] = len(control)
}

// To says where a message goes.
func (b *Batch) To(i int, to netip.AddrPort) {
	b.names[i] = unix.RawSockaddrInet4{Family: unix.AF_INET, Port: swapped(to.Port()), Addr: to.Addr().As4()}
}

// Addr is where a message that was received came from.
func (b *Batch) Addr(i int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4(b.names[i].Addr), swapped(b.names[i].Port))
}

// Got is how long a message is that was received, and what the kernel says of it.
func (b *Batch) Got(i int) (size, control int) {
	return int(b.headers[i].size), int(b.headers[i].Controllen)
}

// Receive takes what has come to a socket, at most n messages. There may be none.
func (b *Batch) Receive(fd uintptr, n int) (int, error) {
	b.prepare(0, n)
	n, err := b.call(unix.SYS_RECVMMSG, fd, 0, n)
	if errors.Is(err, unix.EAGAIN) {
		return 0, nil
	}
	return n, err
}

// Send sends n messages from one on, and says how many: an error is about the first that was not sent.
func (b *Batch) Send(fd uintptr, first, n int) (int, error) {
	b.prepare(first, n)
	return b.call(unix.SYS_SENDMMSG, fd, first, n)
}

// Room has a socket hold so many bytes that have come, and as many that are to go. Who may not have that gets what everybody
// may have.
func Room(fd uintptr, size int) {
	for _, o := range []struct{ force, ask int }{{unix.SO_RCVBUFFORCE, unix.SO_RCVBUF}, {unix.SO_SNDBUFFORCE, unix.SO_SNDBUF}} {
		if unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, o.force, size) != nil {
			_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, o.ask, size) // less does too
		}
	}
}

// prepare says again what the kernel has written its answers over.
func (b *Batch) prepare(first, n int) {
	for i := first; i < first+n; i++ {
		b.headers[i].Namelen = unix.SizeofSockaddrInet4
		b.headers[i].SetControllen(b.controls[i])
	}
}

func (b *Batch) call(trap, fd uintptr, first, n int) (int, error) {
	if n == 0 {
		return 0, nil
	}
	for {
		done, _, errno := unix.RawSyscall6(trap, fd, uintptr(unsafe.Pointer(&b.headers[first])), uintptr(n), unix.MSG_DONTWAIT, 0, 0)
		switch errno {
		case 0:
			return int(done), nil
		case unix.EINTR:
		default:
			return 0, errno
		}
	}
}

// swapped is a port in the order of the network, or of the host.
func swapped(port uint16) uint16 {
	var b [2]byte
	binary.NativeEndian.PutUint16(b[:], port)
	return binary.BigEndian.Uint16(b[:])
}
