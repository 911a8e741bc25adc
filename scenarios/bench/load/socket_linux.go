package load

import (
	"errors"
	"net"

	"golang.org/x/sys/unix"
)

// force asks for a receive buffer that root alone gets.
func force(conn *net.UDPConn, size int) {
	_ = conn.SetReadBuffer(size)
	if raw, err := conn.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, size)
		})
	}
}

// transient tells what concerns one packet: the peer's port is closed, the queue of the card or the socket's buffer is full.
func transient(err error) bool {
	return errors.Is(err, unix.ECONNREFUSED) || errors.Is(err, unix.ENOBUFS) || errors.Is(err, unix.EPERM) || errors.Is(err, unix.EAGAIN)
}
