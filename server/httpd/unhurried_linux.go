package httpd

import (
	"net"

	"golang.org/x/sys/unix"
)

// unhurried keeps what has not been sent yet short, so that a Write tells what the client takes: with
// megabytes in the kernel a slow link would look like a client that takes nothing.
func unhurried(c net.Conn) {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return
	}
	if raw, err := tcp.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, 128<<10) })
	}
}
