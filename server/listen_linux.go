package server

import (
	"context"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// device is the interface that a socket is bound to; "": none.
func device(f *os.File) (name string) {
	if raw, err := f.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { name, _ = unix.GetsockoptString(int(fd), unix.SOL_SOCKET, unix.SO_BINDTODEVICE) })
	}
	return name
}

// listen opens a TCP port for what comes by one interface, or by any (""). Its address may be one that the host
// has later.
func listen(ctx context.Context, name, addr string) (net.Listener, error) {
	config := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) (err error) {
		failed := raw.Control(func(fd uintptr) {
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_FREEBIND, 1)
			if name != "" {
				err = unix.BindToDevice(int(fd), name)
			}
		})
		if failed != nil {
			return failed
		}
		return err
	}}
	return config.Listen(ctx, "tcp", addr)
}
