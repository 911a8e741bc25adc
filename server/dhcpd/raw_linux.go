package dhcpd

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// These never wait, so the runtime need not know of them: it wakes a thread to watch over each call that might, which
// costs a server that has just been idle as much as the call.

// receive takes one message.
func receive(fd int, buf, oob []byte) (n, oobn int, err error) {
	part := unix.Iovec{Base: &buf[0]}
	part.SetLen(len(buf))
	message := unix.Msghdr{Iov: &part, Control: &oob[0]}
	message.SetIovlen(1)
	message.SetControllen(len(oob))
	size, _, errno := unix.RawSyscall(unix.SYS_RECVMSG, uintptr(fd), uintptr(unsafe.Pointer(&message)), unix.MSG_DONTWAIT)
	if errno != 0 {
		return 0, 0, errno
	}
	return int(size), int(message.Controllen), nil
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
