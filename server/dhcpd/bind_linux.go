package dhcpd

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// bindToDevice ties a socket to one interface before it is bound to its port.
func bindToDevice(name string) func(network, address string, raw syscall.RawConn) error {
	return func(_, _ string, raw syscall.RawConn) error {
		var err error
		if e := raw.Control(func(fd uintptr) { err = unix.BindToDevice(int(fd), name) }); e != nil {
			return e
		}
		return err
	}
}
