package dhcpd

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// These never wait, so the runtime need not know of them: it wakes a thread to watch over each call that might, which
// costs a server that has just been idle as much as the call.

// An inbox takes what has come to a socket, with one call for as much as there is.
type inbox struct {
	size    int // of a message
	want    int // messages: as many as came last time, since room costs time too
	parts   [together]unix.Iovec
	headers [together]message
	rooms   [][]byte // of the messages, and behind them of what the kernel says of them
}

// A message is the kernel's struct mmsghdr (recvmmsg(2)).
type message struct {
	unix.Msghdr
	size uint32
}

// aside is how much the kernel says of a message at most.
const aside = 128

func newInbox(size int) *inbox { return &inbox{size: size, want: 1} }

// take takes messages, and says how many.
func (in *inbox) take(fd int) (n int, err error) {
	for len(in.rooms) < in.want {
		i, room := len(in.rooms), make([]byte, in.size+aside)
		in.parts[i].Base, in.headers[i].Iov, in.headers[i].Control = &room[0], &in.parts[i], &room[in.size]
		in.parts[i].SetLen(in.size)
		in.headers[i].SetIovlen(1)
		in.rooms = append(in.rooms, room)
	}
	for i := range in.want {
		in.headers[i].SetControllen(aside)
	}
	taken, _, errno := unix.RawSyscall6(unix.SYS_RECVMMSG, uintptr(fd), uintptr(unsafe.Pointer(&in.headers[0])), uintptr(in.want), unix.MSG_DONTWAIT, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	if n = int(taken); n < in.want {
		in.want = max(n, 1)
	} else {
		in.want = min(2*n, together)
	}
	return n, nil
}

// message is one of those that were taken, and what the kernel says of it.
func (in *inbox) message(i int) (b, said []byte) {
	room, header := in.rooms[i], &in.headers[i]
	return room[:min(int(header.size), in.size)], room[in.size : in.size+int(header.Controllen)]
}

// A sockaddr is one of IPv4, or of a link.
type sockaddr interface {
	unix.RawSockaddrInet4 | unix.RawSockaddrLinklayer
}

// transmit sends one message.
func transmit[A sockaddr](fd int, packet []byte, to *A) error {
	_, _, errno := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&packet[0])), uintptr(len(packet)),
		unix.MSG_DONTWAIT, uintptr(unsafe.Pointer(to)), unsafe.Sizeof(*to))
	if errno != 0 {
		return errno
	}
	return nil
}
